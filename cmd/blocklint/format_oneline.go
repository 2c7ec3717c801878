package main

import (
	"bytes"
	"fmt"
	"io"
	"slices"
)

// printOneLine prints findings where and as go vet does.
func printOneLine(w io.Writer, r *report) error {
	fs := slices.Clone(r.findings)
	slices.SortStableFunc(fs, func(a, b finding) int { return comparePlaces(a.At, b.At) })
	var b bytes.Buffer
	for _, f := range fs {
		fmt.Fprintf(&b, "%s: %s\n", long(f.At), f.Message)
	}
	_, err := w.Write(b.Bytes())
	return err
}
