package queue

// A priority is a store that hands out the least value, and of equal ones the oldest. It is a binary heap: one with four children to a node is half as
// deep, but takes half as many comparisons again, and these, calls of the caller's function, are what costs.
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

// before reports whether entry i leaves before entry j. One call of less tells, for it is known which is older: that one leaves first unless the
// other is less. Which is older and which is less is as good as random: no branch, which would be mispredicted every other time, depends on it. Both
// values are loaded before it is known in which order less gets them, for each comparison has to wait for the one before.
func before[T any](less func(a, b T) bool, h []entry[T], i, j int) bool {
	x, y := &h[i], &h[j]
	a, b := x.value, y.value
	older := x.seq < y.seq
	if older { // conditional moves, if T is small
		a, b = b, a
	}
	return less(a, b) != older
}

func (p *priority[T]) len() int { return len(p.heap) }
func (p *priority[T]) peek() *T { return &p.heap[0].value }

func (p *priority[T]) clear() { p.heap = nil }

func (p *priority[T]) push(v T) {
	n := len(p.heap)
	h := append(p.heap, entry[T]{v, p.seq}) // not in the heap yet
	to := n                                 // where it goes
	for to > 0 && before(p.less, h, n, (to-1)/2) {
		to = (to - 1) / 2
	}
	p.seq++
	p.heap = h
	e := h[n]
	for i := n; i > to; i = (i - 1) / 2 {
		h[i] = h[(i-1)/2]
	}
	h[to] = e
}

func (p *priority[T]) pop() T {
	h, less := p.heap, p.less
	last := len(h) - 1

	// From the root down, the least child moves up, to the bottom; and from there the last entry goes up to where it belongs. It was at the bottom
	// before, so that is not far, and takes fewer comparisons than to look for its place on the way down (Wegener, 1993).
	at, first := 0, 1
	for ; first+1 < last; first = 2*at + 1 {
		at = first + one(before(less, h, first+1, first))
	}
	if first < last {
		at = first // an only child
	}
	for at > 0 && before(less, h, last, at) {
		at = (at - 1) / 2
	}
	v, e := h[0].value, h[last]
	for ; at > 0; at = (at - 1) / 2 {
		h[at], e = e, h[at]
	}
	h[0] = e
	p.heap = shorter(h)
	return v
}

// one returns 1 for true and 0 for false, without a branch.
func one(b bool) int {
	if b {
		return 1
	}
	return 0
}
