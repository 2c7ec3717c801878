package main

import (
	"bytes"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"
)

// printText prints each finding at the blocking operation, with the path
// from the loop to it below.
func printText(w io.Writer, r *report) error {
	var b bytes.Buffer
	for i := range r.findings {
		if i > 0 {
			b.WriteByte('\n')
		}
		r.textOf(&b, &r.findings[i])
	}
	_, err := w.Write(b.Bytes())
	return err
}

func (r *report) textOf(b *bytes.Buffer, f *finding) {
	p := r.palette
	head := f.head()
	if f.Confidence != "" {
		before, bracket, _ := strings.Cut(head, " [")
		head = before + " " + p.level(f.Confidence, "["+bracket)
	}
	fmt.Fprintf(b, "%s: %s\n", p.bold(long(f.operation())), head)
	if r.source && strings.TrimSpace(f.source) != "" {
		fmt.Fprintf(b, "%s%s\n", p.dim("    | "), strings.ReplaceAll(f.source, "\t", "    "))
		fmt.Fprintf(b, "%s%s\n", p.dim("    | "), indent(f.source, f.operation().Column)+p.level(f.Confidence, "^"))
	}
	if len(f.Path) == 0 {
		return
	}
	// How it became a root stands in a column of its own, behind the names of
	// what is called on the way.
	width := utf8.RuneCountInString(f.Root.Name)
	for i := range f.Path[:len(f.Path)-1] {
		width = max(width, utf8.RuneCountInString("→ "+f.called(i)))
	}
	fmt.Fprintf(b, "    %s   %s%s   %s\n", p.dim(short(f.Root.At)), f.Root.Name, strings.Repeat(" ", width-utf8.RuneCountInString(f.Root.Name)), p.dim(f.how()))
	for i, s := range f.Path {
		fmt.Fprintf(b, "    %s   → %s\n", p.dim(short(s.At)), f.called(i))
	}
	if f.Fix != "" {
		fmt.Fprintf(b, "    fix: %s\n", f.Fix)
	}
}

// indent returns as much space as line takes before column, in bytes from 1,
// when its tabs are shown as four spaces.
func indent(line string, column int) string {
	before := line[:min(max(column-1, 0), len(line))]
	return strings.Repeat(" ", utf8.RuneCountInString(strings.ReplaceAll(before, "\t", "    ")))
}
