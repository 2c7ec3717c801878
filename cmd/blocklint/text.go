package main

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode/utf8"
)

// printText prints each finding at the blocking operation, with the path
// from the loop to it below.
func printText(w io.Writer, fs []finding) {
	for i, f := range fs {
		if i > 0 {
			fmt.Fprintln(w)
		}
		// The message goes on with the path, which follows in full.
		head, _, _ := strings.Cut(f.message, "]: ")
		if len(f.steps) == 0 {
			fmt.Fprintf(w, "%s: %s\n", f.posn, f.message)
			continue
		}
		fmt.Fprintf(w, "%s: %s]\n", f.operation(), head)
		width := utf8.RuneCountInString(f.root.at.short())
		for _, s := range f.steps {
			width = max(width, utf8.RuneCountInString(s.at.short()))
		}
		fmt.Fprintf(w, "    %-*s   %s   %s\n", width, f.root.at.short(), f.root.name, f.how)
		for _, s := range f.steps {
			fmt.Fprintf(w, "    %-*s   → %s\n", width, s.at.short(), s.name)
		}
		fmt.Fprintf(w, "    fix: %s\n", f.fix)
	}
}

// printOneLine prints findings the way go vet does.
func printOneLine(w io.Writer, fs []finding) {
	fs = slices.Clone(fs)
	slices.SortStableFunc(fs, func(a, b finding) int { return a.posn.compare(b.posn) })
	for _, f := range fs {
		fmt.Fprintf(w, "%s: %s\n", f.posn, f.message)
	}
}
