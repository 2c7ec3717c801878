module github.com/seed6bcf1587/coop/bench

go 1.26.0

replace github.com/seed6bcf1587/coop => ../

require (
	github.com/anishathalye/porcupine v1.3.1
	github.com/seed6bcf1587/coop v0.0.0-00010101000000-000000000000
	golang.org/x/sync v0.24.0
)

require github.com/petermattis/goid v0.0.0-20260820044319-269ab09b5261 // indirect
