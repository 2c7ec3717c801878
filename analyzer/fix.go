package analyzer

// hubPath is the package whose tasks fixes know how to park.
const hubPath = "github.com/seed6bcf1587/coop/hub"
