package main

import (
	"fmt"
	"path"
)

// A graph holds the call paths of the findings of a run: functions, and the
// calls between them. What several paths share is there once.
type graph struct {
	nodes []*node
	edges []*edge
	byKey map[string]*node
	calls map[[2]*node]*edge
}

// A node is a function on a path, or a blocking operation.
type node struct {
	kind  nodeKind
	title string // the name
	note  string // a second line
	level string // of an operation: the confidence

	out, in []*edge

	layer, place int     // column, and row in it
	x, y, w, h   float64 // of the picture; y is the middle
}

type nodeKind int8

const (
	callNode nodeKind = iota
	rootNode
	operationNode
	bendNode // where an edge passes a column; only in a layout
)

// An edge is a call.
type edge struct {
	from, to *node
	at       string  // file and line of the call; of the first, if there are more
	bends    []*node // where it passes columns, from left to right
}

func newGraph(findings []finding) *graph {
	g := &graph{byKey: make(map[string]*node), calls: make(map[[2]*node]*edge)}
	for i := range findings {
		f := &findings[i]
		if len(f.Path) == 0 {
			continue
		}
		last := g.node("root "+long(f.Root.At)+" "+f.Root.Name, node{kind: rootNode, title: f.Root.Name, note: f.how()})
		for j, s := range f.Path {
			var next *node
			if j == len(f.Path)-1 {
				note := fmt.Sprintf("%s, %s: %s", f.Category, f.Confidence, short(s.At))
				next = g.node("op "+long(s.At)+" "+s.Name, node{kind: operationNode, title: s.Name, note: note, level: f.Confidence})
				if rank(f.Confidence) < rank(next.level) { // of several findings the surest counts
					next.level, next.note = f.Confidence, note
				}
			} else {
				// A function is named with its package by others and without it
				// at home. Home is where the next step of the path stands.
				home := path.Dir(f.Path[j+1].At.File)
				_, name := unqualified(s.Name)
				n := node{title: name}
				if home != "." {
					n.note = home
				}
				next = g.node("func "+home+" "+name, n)
			}
			g.call(last, next, short(s.At))
			last = next
		}
	}
	return g
}

func (g *graph) node(key string, n node) *node {
	if old := g.byKey[key]; old != nil {
		return old
	}
	g.byKey[key] = &n
	g.nodes = append(g.nodes, &n)
	return &n
}

func (g *graph) call(from, to *node, at string) {
	if from == to || g.calls[[2]*node{from, to}] != nil {
		return
	}
	e := &edge{from: from, to: to, at: at}
	g.calls[[2]*node{from, to}] = e
	g.edges = append(g.edges, e)
	from.out = append(from.out, e)
	to.in = append(to.in, e)
}
