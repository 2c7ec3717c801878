package queue

import "github.com/seed6bcf1587/coop/internal/ring"

// A store is where a queue keeps its values, and decides by that in which order they leave.
//
// A store gives memory back when a quarter of what it has suffices, and keeps no reference to a value that has left.
type store[T any] interface {
	len() int
	push(v T)
	pop() T   // the next one to leave; there is one
	peek() *T // likewise, and it stays
	clear()
}

// A fifo is a store that hands out the oldest value.
type fifo[T any] struct{ ring.Ring[T] }

func (f *fifo[T]) len() int { return f.Len() }
func (f *fifo[T]) push(v T) { f.Push(v) }
func (f *fifo[T]) pop() T   { return f.Pop() }
func (f *fifo[T]) peek() *T { return f.At(0) }

func (f *fifo[T]) clear() { f.Ring = ring.Ring[T]{} }

// A lifo is a store that hands out the youngest value.
type lifo[T any] struct{ values []T }

func (l *lifo[T]) len() int { return len(l.values) }
func (l *lifo[T]) push(v T) { l.values = append(l.values, v) }
func (l *lifo[T]) peek() *T { return &l.values[len(l.values)-1] }

func (l *lifo[T]) clear() { l.values = nil }

func (l *lifo[T]) pop() T {
	v := *l.peek()
	l.values = shorter(l.values)
	return v
}

// shorter returns s without its last element, in a smaller array if a quarter of what it has suffices.
func shorter[E any](s []E) []E {
	const small = 16 // is not worth to be given back
	var none E
	s[len(s)-1] = none
	s = s[:len(s)-1]
	if cap(s) > small && len(s) <= cap(s)/4 {
		s = append(make([]E, 0, cap(s)/2), s...)
	}
	return s
}
