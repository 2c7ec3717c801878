package main

// rows gives each node its height in the picture: as near to its neighbours
// as the order in its column and the gaps allow, so that calls run straight.
// It returns the height of the whole.
func (g *graph) rows(columns [][]*node) float64 {
	for _, c := range columns {
		stack(c, func(*node) float64 { return 0 })
	}
	before, behind := g.neighbours()
	for range 8 {
		for _, c := range columns[1:] {
			stack(c, near(before))
		}
		for i := range len(columns) - 1 {
			stack(columns[len(columns)-2-i], near(behind))
		}
	}
	top, bottom := 0.0, 0.0
	first := true
	for _, c := range columns {
		if len(c) == 0 {
			continue
		}
		above, below := c[0].y-c[0].h/2, c[len(c)-1].y+c[len(c)-1].h/2
		if first {
			top, bottom, first = above, below, false
		}
		top, bottom = min(top, above), max(bottom, below)
	}
	for _, c := range columns {
		for _, n := range c {
			n.y += margin - top
		}
	}
	return bottom - top + 2*margin
}

// near returns what a node would like its height to be: the middle of its
// neighbours, or where it is if it has none.
func near(neighbours map[*node][]*node) func(*node) float64 {
	return func(n *node) float64 {
		list := neighbours[n]
		if len(list) == 0 {
			return n.y
		}
		sum := 0.0
		for _, m := range list {
			sum += m.y
		}
		return sum / float64(len(list))
	}
}

// A block is a run of nodes that touch.
type block struct {
	nodes int
	sum   float64 // of where its first node would like to be, for each node
}

func (b block) y() float64 { return b.sum / float64(b.nodes) }

// stack sets the nodes of a column below each other, each as near as
// possible to where it would like to be, by the sum of the squares of what is
// missing. The method is that of pooling adjacent violators (Ayer and
// others, 1955): a block that would overlap the one above joins it.
func stack(column []*node, wish func(*node) float64) {
	offsets := make([]float64, len(column)) // from the first node of the column, if all touch
	for i := 1; i < len(column); i++ {
		offsets[i] = offsets[i-1] + column[i-1].h/2 + rowGap + column[i].h/2
	}
	var blocks []block
	for i, n := range column {
		b := block{1, wish(n) - offsets[i]}
		for len(blocks) > 0 && blocks[len(blocks)-1].y() >= b.y() {
			above := blocks[len(blocks)-1]
			blocks = blocks[:len(blocks)-1]
			b = block{above.nodes + b.nodes, above.sum + b.sum}
		}
		blocks = append(blocks, b)
	}
	i := 0
	for _, b := range blocks {
		for range b.nodes {
			column[i].y = b.y() + offsets[i]
			i++
		}
	}
}
