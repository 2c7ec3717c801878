package main

import (
	"bytes"
	"fmt"
	"io"
)

// printRoots lists what was taken to run on a loop.
func printRoots(o *options, stdout, stderr io.Writer) int {
	res := vet(o, o.patterns, stderr)
	if o.format == "json" {
		for i := range res.roots {
			res.roots[i].spell()
		}
		if err := encode(stdout, struct {
			Version int       `json:"version"`
			Roots   []finding `json:"roots"`
		}{jsonVersion, notNil(res.roots)}); err != nil {
			return fail(stderr, "cannot write: %v", err)
		}
	} else {
		var b bytes.Buffer
		for _, f := range res.roots {
			fmt.Fprintf(&b, "%s: %s runs on %s: %s\n", long(f.Root.At), f.Root.Name, f.Loop, f.how())
		}
		if _, err := stdout.Write(b.Bytes()); err != nil {
			return fail(stderr, "cannot write: %v", err)
		}
	}
	if res.err != nil {
		return fail(stderr, "%v", res.err)
	}
	noteRoots(o, res.roots, stderr)
	return exitClean
}
