package main

import (
	"bytes"
	"fmt"
	"html"
	"io"
)

// printSVG draws the call paths, roots at the left and what blocks at the
// right.
func printSVG(w io.Writer, r *report) error {
	var b bytes.Buffer
	drawSVG(&b, newGraph(r.findings))
	_, err := w.Write(b.Bytes())
	return err
}

const svgStyle = `
  text { font: 12px ui-monospace, monospace; fill: #1c1e21; }
  text.note { fill: #5d6470; font-size: 11px; }
  rect { fill: #ffffff; stroke: #9aa3af; rx: 5px; }
  rect.root { stroke: #2f5fd0; stroke-width: 2; }
  rect.definite { fill: #fbe0e0; stroke: #c62f2f; }
  rect.probable { fill: #fdf0d5; stroke: #b7791f; }
  rect.possible { fill: #dff3f1; stroke: #2b8a84; }
  path { fill: none; stroke: #9aa3af; }
  path.tip { fill: #9aa3af; stroke: none; }
  @media (prefers-color-scheme: dark) {
    text { fill: #e6e8eb; }
    text.note { fill: #a3abb8; }
    rect { fill: #23272e; stroke: #6b7482; }
    rect.root { stroke: #7ea2ff; }
    rect.definite { fill: #4a2326; stroke: #e57373; }
    rect.probable { fill: #463617; stroke: #e0a84a; }
    rect.possible { fill: #1d3d3b; stroke: #5ec4bc; }
  }
`

func drawSVG(b *bytes.Buffer, g *graph) {
	width, height := g.layOut()
	fmt.Fprintf(b, `<svg xmlns="http://www.w3.org/2000/svg" width="%.0f" height="%.0f" viewBox="0 0 %.0f %.0f" role="img">`+"\n", width, height, width, height)
	b.WriteString("<title>Call paths to blocking operations</title>\n<style>" + svgStyle + "</style>\n")
	b.WriteString(`<defs><marker id="tip" viewBox="0 0 8 8" refX="8" refY="4" markerWidth="8" markerHeight="8" orient="auto"><path class="tip" d="M0 0 8 4 0 8z"/></marker></defs>` + "\n")
	for _, e := range g.edges {
		x, y := e.from.x+e.from.w, e.from.y
		fmt.Fprintf(b, `<path marker-end="url(#tip)" d="M%.1f %.1f`, x, y)
		for _, n := range append(e.bends[:len(e.bends):len(e.bends)], e.to) {
			half := (n.x - x) / 2
			fmt.Fprintf(b, " C%.1f %.1f %.1f %.1f %.1f %.1f", x+half, y, n.x-half, n.y, n.x, n.y)
			if x, y = n.x, n.y; n.kind == bendNode {
				x += n.w
				fmt.Fprintf(b, " H%.1f", x)
			}
		}
		fmt.Fprintf(b, `"><title>%s</title></path>`+"\n", html.EscapeString(e.at))
	}
	for _, n := range g.nodes {
		class := n.level
		if n.kind == rootNode {
			class = "root"
		}
		top := n.y - n.h/2
		fmt.Fprintf(b, `<rect class="%s" x="%.1f" y="%.1f" width="%.1f" height="%.1f"/>`, class, n.x, top, n.w, n.h)
		fmt.Fprintf(b, `<text x="%.1f" y="%.1f">%s</text>`, n.x+padding, top+padding+12, html.EscapeString(n.title))
		if n.note != "" {
			fmt.Fprintf(b, `<text class="note" x="%.1f" y="%.1f">%s</text>`, n.x+padding, top+padding+12+lineHigh, html.EscapeString(n.note))
		}
		b.WriteByte('\n')
	}
	b.WriteString("</svg>\n")
}
