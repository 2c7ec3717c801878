module github.com/seed6bcf1587/coop

go 1.26.0

require (
	github.com/petermattis/goid v0.0.0-20260820044319-269ab09b5261
	go.yaml.in/yaml/v3 v3.0.6
	golang.org/x/tools v0.52.0
)

require (
	github.com/google/go-cmp v0.7.0 // indirect
	golang.org/x/mod v0.42.0 // indirect
	golang.org/x/sync v0.24.0 // indirect
)
