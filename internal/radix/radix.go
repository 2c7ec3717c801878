// Package radix has a priority queue for keys that only go up, such as times.
package radix

import (
	"fmt"
	"math/bits"
)

// A Heap is a queue of values ordered by key, in which the key of what is added must not be less than that of what was taken out last.
// Values with the same key leave in the order in which they came. The zero value is empty. It is not safe for concurrent use.
//
// It is the radix heap of Ahuja, Mehlhorn, Orlin and Tarjan (Faster Algorithms for the Shortest Path Problem, 1990). Push takes
// constant time. A value moves to a lower bucket 64 times at most before it is popped, in practice as often as the keys in the heap
// differ in bits that matter: some few times. Unlike the sifting of a binary heap, that reads memory in order and compares nothing.
//
// Memory: a bucket that becomes empty keeps room for four times what the heap holds then, or for 256 values.
type Heap[V any] struct {
	base   uint64 // no key is less; the key of everything in bucket 0
	n      int
	filled uint64 // bit i-1 says that bucket i has values, for i from 1

	// The values of bucket 0 before head have been popped. Bucket i > 0 has those whose keys differ from base in bit i-1, and
	// in none above it. So a lower bucket has lower keys; and equal keys share a bucket, in which they stand in the order of
	// their coming, for a bucket is filled from above only while it is empty.
	head    int
	buckets [65]bucket[V]
}

type bucket[V any] struct {
	least   uint64 // the least key, if there are entries
	entries []entry[V]
}

type entry[V any] struct {
	key uint64
	v   V
}

// Len returns the number of values.
func (h *Heap[V]) Len() int { return h.n }

// Push adds v. It panics if a value with a larger key has been popped and the heap has not been empty since.
func (h *Heap[V]) Push(key uint64, v V) {
	if h.n == 0 {
		h.base = 0 // anything goes
	}
	if key < h.base {
		panic(fmt.Sprintf("radix.Heap.Push: key %d, after %d has been popped", key, h.base))
	}
	h.put(entry[V]{key, v})
	h.n++
}

func (h *Heap[V]) put(e entry[V]) {
	i := bits.Len64(e.key ^ h.base)
	b := &h.buckets[i]
	if len(b.entries) == 0 || e.key < b.least {
		b.least = e.key
	}
	b.entries = append(b.entries, e)
	if i > 0 {
		h.filled |= 1 << (i - 1)
	}
}

// Min returns the least key, and whether there is one.
func (h *Heap[V]) Min() (key uint64, ok bool) {
	switch {
	case h.n == 0:
		return 0, false
	case h.head < len(h.buckets[0].entries):
		return h.base, true
	}
	return h.buckets[1+bits.TrailingZeros64(h.filled)].least, true
}

// Pop removes and returns the value that is first in order, with its key, unless there is none or its key is larger than limit.
func (h *Heap[V]) Pop(limit uint64) (key uint64, v V, ok bool) {
	least, ok := h.Min()
	if !ok || least > limit {
		return 0, v, false
	}
	b := &h.buckets[0]
	if h.head == len(b.entries) {
		h.base = least
		b = h.lower()
	}
	h.n--
	e := &b.entries[h.head]
	v, *e = e.v, entry[V]{}
	if h.head++; h.head == len(b.entries) {
		h.head = 0
		h.empty(b)
	}
	return least, v, true
}

// lower moves the values of the lowest bucket that has any, which is not bucket 0, to those below it. base has been raised to their
// least key. It returns the bucket in which the first value is then: a single one is not moved.
func (h *Heap[V]) lower() *bucket[V] {
	i := bits.TrailingZeros64(h.filled)
	h.filled &^= 1 << i
	b := &h.buckets[i+1]
	if len(b.entries) == 1 {
		return b
	}
	for i := range b.entries {
		e := &b.entries[i]
		h.put(*e)
		*e = entry[V]{}
	}
	h.empty(b)
	return &h.buckets[0]
}

// empty empties b, whose slots have been cleared, and gives back what it is not likely to need.
func (h *Heap[V]) empty(b *bucket[V]) {
	if cap(b.entries) > max(256, 4*h.n) {
		b.entries = nil
		return
	}
	b.entries = b.entries[:0]
}

// DeleteFunc removes the values for which del reports true. It takes linear time.
func (h *Heap[V]) DeleteFunc(del func(V) bool) {
	old := *h
	*h = Heap[V]{base: h.base}
	for i := range old.buckets {
		for j, e := range old.buckets[i].entries {
			if (i > 0 || j >= old.head) && !del(e.v) {
				h.put(e)
				h.n++
			}
		}
	}
}
