// Blocklint finds blocking calls that run on an event loop.
//
// Usage:
//
//	blocklint [-format text|oneline] [-tests=false] [packages]
//	go vet -vettool=$(which blocklint) [packages]
//
// It exits with status 0 if it found nothing, 1 if it found something and 2
// if it could not look. See the documentation of package
// github.com/seed6bcf1587/coop/analyzer for what it finds.
package main

import "os"

func main() { os.Exit(run(os.Args[1:], os.Stdout, os.Stderr)) }
