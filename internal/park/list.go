package park

import (
	"sync"
	"sync/atomic"

	"github.com/seed6bcf1587/coop/internal/list"
)

// A List is a FIFO list of waiters, each of which waits for one grant. The zero value is an empty list. A List must
// not be copied after first use. All methods but the waits are called with the primitive's mutex held.
//
// Invariant, under the mutex: a waiter is in a list exactly as long as it waits, is neither granted nor has left.
type List[T any] struct {
	_       noCopy
	waiters list.List[*Waiter[T]]
	spare   *Waiter[T] // one that has been used; the next wait takes it
}

// A Waiter is one wait. It belongs to the list: after its grant the caller of Grant must not touch it.
type Waiter[T any] struct {
	// Payload is what is asked for, or what is handed over. Guarded by the primitive's mutex.
	Payload T

	// Guarded by the primitive's mutex.
	node     list.Node[*Waiter[T]]
	promised bool // a grant is sure to come, and no context ends the wait

	// How it waits: with parker if that is set; else on ready, if its context can end; else on cond, which is cheaper.
	// Written before the waiter is listed.
	parker Parker
	ready  chan struct{} // closed by the grant; made for this wait, for channels cannot go from one synctest bubble to another
	cond   sync.Cond     // its L is the primitive's mutex

	// granted goes from false to true once a wait, with the mutex held. A task reads it without.
	granted atomic.Bool
}

// Len returns the number of waiters.
func (l *List[T]) Len() int { return l.waiters.Len() }

// Front returns the waiter that has waited longest, or nil.
func (l *List[T]) Front() *Waiter[T] { return waiterOf(l.waiters.First()) }

// Next returns the waiter behind w, or nil.
func (w *Waiter[T]) Next() *Waiter[T] { return waiterOf(w.node.Next()) }

func waiterOf[T any](n *list.Node[*Waiter[T]]) *Waiter[T] {
	if n == nil {
		return nil
	}
	return n.Value
}

// Grant takes w, which is in the list, out of it and ends its wait. What the waiter is given, the caller has
// written to w.Payload before. Everything before Grant synchronizes before the return of that wait.
func (l *List[T]) Grant(w *Waiter[T]) {
	w.node.Remove()
	switch p := w.parker; {
	case p != nil:
		w.granted.Store(true)
		p.Unpark()
	case w.ready != nil:
		close(w.ready)
	default:
		w.cond.Signal()
	}
}

// GrantAll grants every waiter, in order.
func (l *List[T]) GrantAll() {
	for w := l.Front(); w != nil; w = l.Front() {
		l.Grant(w)
	}
}

// Promise moves w from l to the end of another list, which is guarded by the same mutex and in which w is sure to be granted: the end of its
// context no longer ends its wait.
func (l *List[T]) Promise(w *Waiter[T], to *List[T]) {
	w.promised = true
	w.node.Remove()
	to.waiters.Push(&w.node)
}

// noCopy makes go vet report copies of what embeds it.
type noCopy struct{}

func (*noCopy) Lock()   {}
func (*noCopy) Unlock() {}
