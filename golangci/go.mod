module github.com/seed6bcf1587/coop/golangci

go 1.26.0

replace github.com/seed6bcf1587/coop => ../

require (
	github.com/golangci/plugin-module-register v0.1.2
	github.com/seed6bcf1587/coop v0.0.0-00010101000000-000000000000
	go.yaml.in/yaml/v3 v3.0.6
	golang.org/x/tools v0.52.0
)
