package queue

// A priority is a store that hands out the least value, and of equal ones the oldest. It is a heap in which each node has four children: half as
// deep as a binary one, for one more comparison a level, and the children lie side by side.
//
// The caller's less may panic. So each change first finds out where everything goes, with comparisons only, and then moves: a
// panic leaves the heap as it was.
type priority[T any] struct {
	less func(a, b T) bool
	heap []entry[T]
	seq  uint64
}

// An entry is a value, and how many came before it.
type entry[T any] struct {
	value T
	seq   uint64
}

func (p *priority[T]) before(a, b *entry[T]) bool {
	switch {
	case p.less(a.value, b.value):
		return true
	case p.less(b.value, a.value):
		return false
	}
	return a.seq < b.seq
}

func (p *priority[T]) len() int { return len(p.heap) }
func (p *priority[T]) peek() *T { return &p.heap[0].value }

func (p *priority[T]) clear() { p.heap = nil }

func (p *priority[T]) push(v T) {
	e := entry[T]{v, p.seq}
	to := len(p.heap) // where e goes
	for to > 0 && p.before(&e, &p.heap[(to-1)/4]) {
		to = (to - 1) / 4
	}
	p.seq++
	p.heap = append(p.heap, e)
	for i := len(p.heap) - 1; i > to; i = (i - 1) / 4 {
		p.heap[i] = p.heap[(i-1)/4]
	}
	p.heap[to] = e
}

func (p *priority[T]) pop() T {
	v := p.heap[0].value
	last := len(p.heap) - 1
	e := p.heap[last]

	// The least child of each node on the way down moves up, until e fits.
	var path [32]int // a heap of 4^32 entries is not met
	depth := 0
	for i := 0; ; depth++ {
		child := p.leastChild(i, last)
		if child < 0 || !p.before(&p.heap[child], &e) {
			break
		}
		path[depth] = child
		i = child
	}
	i := 0
	for _, child := range path[:depth] {
		p.heap[i] = p.heap[child]
		i = child
	}
	p.heap[i] = e
	p.heap = shorter(p.heap)
	return v
}

// leastChild returns the index of the least child of node i among the first n nodes, or -1 if it has none.
func (p *priority[T]) leastChild(i, n int) int {
	first := 4*i + 1
	if first >= n {
		return -1
	}
	least := first
	for c := first + 1; c < min(first+4, n); c++ {
		if p.before(&p.heap[c], &p.heap[least]) {
			least = c
		}
	}
	return least
}
