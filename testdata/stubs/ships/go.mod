// A module that tells those who use it, in a file that it ships, what the
// analysis cannot see.
module example.com/ships

go 1.26.0
