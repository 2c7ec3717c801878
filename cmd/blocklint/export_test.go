package main

import "io"

// Meter runs the meter of a long run on w until done is closed.
func Meter(w io.Writer, done chan struct{}) {
	(&meter{done: done, seen: map[string]bool{"p": true}}).run(w)
}

// Unqualified takes the package off the name of a function.
var Unqualified = unqualified

// Stack sets boxes of these heights below each other, near to where they
// would like to be, and returns where they are, by their middles.
func Stack(heights, wishes []float64) []float64 {
	column := make([]*node, len(heights))
	wish := make(map[*node]float64)
	for i := range column {
		column[i] = &node{h: heights[i]}
		wish[column[i]] = wishes[i]
	}
	stack(column, func(n *node) float64 { return wish[n] })
	ys := make([]float64, len(column))
	for i, n := range column {
		ys[i] = n.y
	}
	return ys
}

// RowGap is between two boxes.
const RowGap = rowGap
