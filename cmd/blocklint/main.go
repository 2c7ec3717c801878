// Blocklint finds blocking calls that run on an event loop.
//
// Usage:
//
//	blocklint [flags] [packages]
//	go vet -vettool=$(which blocklint) [packages]
//
// It exits with status 0 if it found nothing, 1 if it found something and 2
// if it could not look. -h lists the flags; docs/blocklint.md is the manual.
package main

import "os"

func main() { os.Exit(run(os.Args[1:], os.Stdout, os.Stderr)) }
