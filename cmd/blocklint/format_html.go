package main

import (
	"bytes"
	"fmt"
	"html"
	"io"

	"github.com/seed6bcf1587/coop/analyzer"
)

// printHTML prints a page that needs nothing beside itself: the picture,
// and below it the findings by category.
func printHTML(w io.Writer, r *report) error {
	var b bytes.Buffer
	b.WriteString(`<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>blocklint</title>
<style>
  :root { color-scheme: light dark; }
  body { font: 15px/1.5 system-ui, sans-serif; margin: 2rem; }
  figure { margin: 0; overflow-x: auto; }
  pre { font: 13px/1.45 ui-monospace, monospace; overflow-x: auto; }
  h2 { font-size: 1.1rem; margin: 2rem 0 0; }
</style>
</head>
<body>
`)
	blocks := 0 // the other findings are about directives
	for _, f := range r.findings {
		if len(f.Path) > 0 {
			blocks++
		}
	}
	verb := "block"
	if blocks == 1 {
		verb = "blocks"
	}
	fmt.Fprintf(&b, "<h1>%s that %s an event loop</h1>\n<p>From %s.</p>\n", count(blocks, "call"), verb, count(r.roots, "root"))
	if blocks > 0 {
		b.WriteString("<figure>\n")
		drawSVG(&b, newGraph(r.findings))
		b.WriteString("</figure>\n")
	}
	plain := &report{}
	section := func(name, summary string) {
		var text bytes.Buffer
		for i := range r.findings {
			if r.findings[i].Category == name {
				plain.textOf(&text, &r.findings[i])
				text.WriteByte('\n')
			}
		}
		if text.Len() > 0 {
			fmt.Fprintf(&b, "<h2>%s</h2>\n<p>%s</p>\n<pre>%s</pre>\n", html.EscapeString(name), html.EscapeString(summary), html.EscapeString(text.String()))
		}
	}
	for _, c := range analyzer.Categories() {
		section(c.Name, c.Summary)
	}
	section("", "Directives.")
	b.WriteString("</body>\n</html>\n")
	_, err := w.Write(b.Bytes())
	return err
}
