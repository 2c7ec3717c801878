package main

import (
	"bytes"
	"fmt"
	"io"
	"slices"
	"strings"
)

// printGitHub prints workflow commands, which a GitHub workflow shows as
// annotations. GitHub shows ten errors, ten warnings and ten notices a step,
// so the surest come first.
func printGitHub(w io.Writer, r *report) error {
	repo := repository()
	fs := slices.Clone(r.findings)
	slices.SortStableFunc(fs, func(a, b finding) int { return rank(a.Confidence) - rank(b.Confidence) })
	var b bytes.Buffer
	for _, f := range fs {
		at := f.operation()
		file, inside := inRepository(repo, at)
		if !inside { // an annotation needs a file of the repository
			at = f.At
			file, _ = inRepository(repo, at)
		}
		title := "blocklint"
		text := f.head()
		if len(f.Path) > 0 {
			title += ": " + f.Category
			text += "\n" + pathText(&f)
		}
		fmt.Fprintf(&b, "::%s file=%s,line=%d,col=%d,title=%s::%s\n", severity(f.Confidence, "error", "warning", "notice"),
			property.Replace(file), at.Line, at.Column, property.Replace(title), value.Replace(text))
	}
	_, err := w.Write(b.Bytes())
	return err
}

// What workflow commands need escaped in a value, and in a property.
var (
	value    = strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A")
	property = strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A", ":", "%3A", ",", "%2C")
)

// pathText spells a path out, a step a line.
func pathText(f *finding) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s %s, %s", short(f.Root.At), f.Root.Name, f.how())
	for _, s := range f.Path {
		fmt.Fprintf(&b, "\n%s → %s", short(s.At), s.Name)
	}
	if f.Fix != "" {
		fmt.Fprintf(&b, "\nfix: %s", f.Fix)
	}
	return b.String()
}

// severity picks what stands for a confidence elsewhere. What is wrong with
// a directive has no confidence, and is certain.
func severity[T any](confidence string, definite, probable, possible T) T {
	switch confidence {
	case "probable":
		return probable
	case "possible":
		return possible
	}
	return definite
}

func rank(confidence string) int { return severity(confidence, 0, 1, 2) }
