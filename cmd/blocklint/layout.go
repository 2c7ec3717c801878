package main

import (
	"cmp"
	"slices"
	"unicode/utf8"
)

// Measures of the picture, in pixels. The font is monospaced, so that the
// width of a text is known without it.
const (
	charWidth = 7.25 // of a 12 pixel font, generously
	nodeWidth = 60   // at least
	lineHigh  = 16
	padding   = 10
	columnGap = 70
	rowGap    = 14
	margin    = 20
)

// layOut gives each node its place: roots in the first column, operations
// in the last, and each call to the right of what calls it. It follows the
// usual steps for layered drawings: columns, bends where an edge passes a
// column, an order in each column that avoids crossings, coordinates. It
// returns the size of the picture.
func (g *graph) layOut() (width, height float64) {
	columns := g.columns()
	g.order(columns)
	return g.coordinates(columns)
}

// columns assigns each node the length of the longest way to it. A call
// back to what is on the way already does not count.
func (g *graph) columns() [][]*node {
	const open, done = 1, 2
	state := make(map[*node]int)
	var visit func(n *node)
	var order []*node // callees first
	back := make(map[*edge]bool)
	visit = func(n *node) {
		state[n] = open
		for _, e := range n.out {
			switch state[e.to] {
			case open:
				back[e] = true
			case 0:
				visit(e.to)
			}
		}
		state[n] = done
		order = append(order, n)
	}
	for _, n := range g.nodes {
		if n.kind == rootNode {
			visit(n)
		}
	}
	last := 1
	for _, n := range slices.Backward(order) {
		for _, e := range n.out {
			if !back[e] {
				e.to.layer = max(e.to.layer, n.layer+1)
				last = max(last, e.to.layer)
			}
		}
	}
	columns := make([][]*node, last+1)
	for _, n := range g.nodes {
		if n.kind == operationNode {
			n.layer = last
		}
		n.measure()
		columns[n.layer] = append(columns[n.layer], n)
	}
	for _, e := range g.edges {
		for layer := e.from.layer + 1; layer < e.to.layer; layer++ {
			bend := &node{kind: bendNode, layer: layer, h: lineHigh}
			e.bends = append(e.bends, bend)
			columns[layer] = append(columns[layer], bend)
		}
	}
	return columns
}

func (n *node) measure() {
	chars := max(utf8.RuneCountInString(n.title), utf8.RuneCountInString(n.note))
	n.w = max(nodeWidth, float64(chars)*charWidth+2*padding)
	n.h = lineHigh + 2*padding
	if n.note != "" {
		n.h += lineHigh
	}
}

// order sorts each column by the middle of the neighbours in the column
// before it, and then by those behind it, a few times over.
func (g *graph) order(columns [][]*node) {
	before, behind := g.neighbours()
	for _, c := range columns {
		number(c)
	}
	for range 4 {
		for _, c := range columns[1:] {
			arrange(c, before)
		}
		for _, c := range slices.Backward(columns[:len(columns)-1]) {
			arrange(c, behind)
		}
	}
	for _, c := range columns[1:] {
		arrange(c, before)
	}
}

// neighbours returns what is next to each node, bends included, in the
// column before it and in the one behind it.
func (g *graph) neighbours() (before, behind map[*node][]*node) {
	before, behind = make(map[*node][]*node), make(map[*node][]*node)
	for _, e := range g.edges {
		chain := append(append([]*node{e.from}, e.bends...), e.to)
		for i := range chain[1:] {
			behind[chain[i]] = append(behind[chain[i]], chain[i+1])
			before[chain[i+1]] = append(before[chain[i+1]], chain[i])
		}
	}
	return before, behind
}

func arrange(column []*node, neighbours map[*node][]*node) {
	middle := make(map[*node]float64, len(column))
	for _, n := range column {
		middle[n] = float64(n.place)
		if list := neighbours[n]; len(list) > 0 {
			sum := 0
			for _, m := range list {
				sum += m.place
			}
			middle[n] = float64(sum) / float64(len(list))
		}
	}
	slices.SortStableFunc(column, func(a, b *node) int { return cmp.Compare(middle[a], middle[b]) })
	number(column)
}

func number(column []*node) {
	for i, n := range column {
		n.place = i
	}
}

func (g *graph) coordinates(columns [][]*node) (width, height float64) {
	x := float64(margin)
	for _, c := range columns {
		wide := 0.0
		for _, n := range c {
			wide = max(wide, n.w)
		}
		for _, n := range c {
			n.x, n.w = x, wide
		}
		x += wide + columnGap
	}
	return x - columnGap + margin, g.rows(columns)
}
