package main

import (
	"fmt"
	"io"
	"strings"

	"github.com/seed6bcf1587/coop/analyzer"
)

// explain prints what there is to know about a category, or about all.
func explain(name string, stdout, stderr io.Writer) int {
	var names []string
	var text strings.Builder
	for _, c := range analyzer.Categories() {
		names = append(names, c.Name)
		switch name {
		case "all":
			fmt.Fprintf(&text, "%-8s %s\n", c.Name, c.Summary)
		case c.Name:
			fmt.Fprintf(&text, "%s: %s", c.Name, explanation(c))
		}
	}
	if text.Len() == 0 {
		return fail(stderr, "-explain %s: the categories are %s%s", name, list(names), analyzer.Suggest(name, names))
	}
	if _, err := io.WriteString(stdout, text.String()); err != nil {
		return fail(stderr, "cannot write: %v", err)
	}
	return exitClean
}

// explanation is what help says of a category on a terminal.
func explanation(c analyzer.Category) string {
	return fmt.Sprintf("%s\n\n%s\n\nWrong:\n\n%s\nRight:\n\n%s", c.Summary, wrap(c.Harm, 80), indented(c.Wrong), indented(c.Right))
}

// explanationMarkdown is the same in Markdown.
func explanationMarkdown(c analyzer.Category) string {
	return fmt.Sprintf("%s\n\n%s\n\nWrong:\n\n```go\n%s```\n\nRight:\n\n```go\n%s```\n", c.Summary, c.Harm, c.Wrong, c.Right)
}

func indented(code string) string {
	var b strings.Builder
	for line := range strings.Lines(strings.ReplaceAll(code, "\t", "    ")) {
		if strings.TrimSpace(line) != "" {
			b.WriteString("    ")
		}
		b.WriteString(line)
	}
	return b.String()
}

// wrap breaks text into lines of at most width bytes.
func wrap(text string, width int) string {
	var b strings.Builder
	n := 0
	for word := range strings.FieldsSeq(text) {
		if n > 0 && n+1+len(word) > width {
			b.WriteByte('\n')
			n = 0
		} else if n > 0 {
			b.WriteByte(' ')
			n++
		}
		b.WriteString(word)
		n += len(word)
	}
	return b.String()
}
