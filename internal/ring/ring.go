// Package ring has a FIFO in a circular buffer that grows by need and shrinks again.
package ring

// minCap is the size of the smallest buffer. A buffer of that size is never given back.
const minCap = 16

// A Ring is a FIFO of values. The zero value is empty and ready. It is not safe for concurrent use.
//
// Push and Pop take amortized constant time. The buffer doubles when it is full and halves when a quarter of it is in use, so it
// is never larger than four times what it holds or minCap, and a steady number of values allocates nothing.
type Ring[T any] struct {
	buf  []T // len(buf) is 0 or a power of two
	head int // index of the oldest value
	n    int
}

// Len returns the number of values.
func (r *Ring[T]) Len() int { return r.n }

// Push adds v as the newest value.
func (r *Ring[T]) Push(v T) {
	if r.n == len(r.buf) {
		r.resize(max(minCap, 2*r.n))
	}
	r.buf[(r.head+r.n)&(len(r.buf)-1)] = v
	r.n++
}

// Pop removes and returns the oldest value. It panics if there is none.
func (r *Ring[T]) Pop() T {
	if r.n == 0 {
		panic("ring.Ring.Pop: empty")
	}
	slot := &r.buf[r.head&(len(r.buf)-1)]
	v := *slot
	var zero T
	*slot = zero // the buffer must not keep alive what has left it
	r.head = (r.head + 1) & (len(r.buf) - 1)
	r.n--
	if len(r.buf) > minCap && r.n <= len(r.buf)/4 {
		r.resize(len(r.buf) / 2)
	}
	return v
}

// Turn is Push of v and then Pop. It takes constant time and allocates nothing, unless the ring is empty: then it panics.
func (r *Ring[T]) Turn(v T) T {
	if r.n == 0 {
		panic("ring.Ring.Turn: empty")
	}
	mask := len(r.buf) - 1
	oldest := &r.buf[r.head&mask]
	first := *oldest
	var zero T
	*oldest = zero
	r.buf[(r.head+r.n)&mask] = v // the slot of the oldest, if the buffer is full
	r.head = (r.head + 1) & mask
	return first
}

// At returns a pointer to the i-th oldest value, 0 <= i < Len, which is good until the next Push or Pop.
func (r *Ring[T]) At(i int) *T {
	if i < 0 || i >= r.n {
		panic("ring.Ring.At: index out of range")
	}
	return &r.buf[(r.head+i)&(len(r.buf)-1)]
}

func (r *Ring[T]) resize(size int) {
	buf := make([]T, size)
	k := copy(buf, r.buf[r.head:min(r.head+r.n, len(r.buf))])
	copy(buf[k:], r.buf[:r.n-k])
	r.buf, r.head = buf, 0
}
