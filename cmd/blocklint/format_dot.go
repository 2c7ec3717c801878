package main

import (
	"bytes"
	"fmt"
	"io"
	"strings"
)

// printDot prints the call paths as a graph for Graphviz.
func printDot(w io.Writer, r *report) error {
	g := newGraph(r.findings)
	var b bytes.Buffer
	b.WriteString("digraph blocklint {\n\trankdir=LR;\n\tnode [shape=box, style=rounded, fontname=monospace];\n\tedge [fontname=monospace, fontsize=10];\n")
	id := make(map[*node]int)
	rank := map[nodeKind]string{rootNode: "source", operationNode: "sink"}
	same := make(map[nodeKind][]string)
	for i, n := range g.nodes {
		id[n] = i
		style := ""
		switch n.kind {
		case rootNode:
			style = ", penwidth=2"
		case operationNode:
			style = ", style=filled, fillcolor=" + severity(n.level, `"#f4b6b6"`, `"#f7dca8"`, `"#b9e0dd"`)
		}
		fmt.Fprintf(&b, "\tn%d [label=\"%s\"%s];\n", i, dotText(n.title, n.note), style)
		if rank[n.kind] != "" {
			same[n.kind] = append(same[n.kind], fmt.Sprintf("n%d;", i))
		}
	}
	for _, kind := range []nodeKind{rootNode, operationNode} {
		if len(same[kind]) > 0 {
			fmt.Fprintf(&b, "\t{ rank=%s; %s }\n", rank[kind], strings.Join(same[kind], " "))
		}
	}
	for _, e := range g.edges {
		fmt.Fprintf(&b, "\tn%d -> n%d [label=\"%s\"];\n", id[e.from], id[e.to], dotText(e.at))
	}
	b.WriteString("}\n")
	_, err := w.Write(b.Bytes())
	return err
}

// dotText escapes lines for a label in quotes.
func dotText(lines ...string) string {
	escape := strings.NewReplacer(`\`, `\\`, `"`, `\"`)
	var out []string
	for _, l := range lines {
		if l != "" {
			out = append(out, escape.Replace(l))
		}
	}
	return strings.Join(out, `\n`)
}
