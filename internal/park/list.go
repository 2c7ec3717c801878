package park

import (
	"context"
	"sync"
	"sync/atomic"
)

// A List is a FIFO list of waiters, each of which waits for one grant. The zero value is an empty list. A List must
// not be copied after first use. All methods but Wait are called with the primitive's mutex held.
//
// Invariant, under the mutex: a waiter is in the list exactly as long as it waits, is neither granted nor has left.
type List[T any] struct {
	_    noCopy
	head *Waiter[T]
	tail *Waiter[T]
	n    int
}

// A Waiter is one wait. It is used once.
type Waiter[T any] struct {
	// Payload is what is asked for, or what is handed over. The waiter owns it before Wait and after; in between it is
	// guarded by the primitive's mutex.
	Payload T

	next, prev *Waiter[T]
	list       *List[T] // the one it is in, or nil; guarded by the primitive's mutex
	promised   bool     // a grant is sure to come, and no context ends the wait; guarded likewise

	// Exactly one of the two is set, before the waiter is listed.
	parker Parker
	ready  chan struct{} // closed by the grant

	// granted goes from false to true once, under the mutex. Read by a task without it.
	granted atomic.Bool
}

// Len returns the number of waiters.
func (l *List[T]) Len() int { return l.n }

// Front returns the waiter that has waited longest, or nil.
func (l *List[T]) Front() *Waiter[T] { return l.head }

func (l *List[T]) push(w *Waiter[T]) {
	w.list, w.prev = l, l.tail
	if l.tail == nil {
		l.head = w
	} else {
		l.tail.next = w
	}
	l.tail = w
	l.n++
}

func (l *List[T]) remove(w *Waiter[T]) {
	if w.prev == nil {
		l.head = w.next
	} else {
		w.prev.next = w.next
	}
	if w.next == nil {
		l.tail = w.prev
	} else {
		w.next.prev = w.prev
	}
	w.next, w.prev, w.list = nil, nil, nil
	l.n--
}

// Grant takes w, which is in the list, out of it and lets its Wait return nil. What the waiter is given, the caller has
// written to w.Payload before. Everything before Grant synchronizes before the return of that Wait.
func (l *List[T]) Grant(w *Waiter[T]) {
	l.remove(w)
	if w.parker == nil {
		close(w.ready)
		return
	}
	p := w.parker
	w.granted.Store(true)
	p.Unpark()
}

// Move takes w out of l and puts it at the end of to, which is guarded by the same mutex. Its Wait goes on.
func (l *List[T]) Move(w *Waiter[T], to *List[T]) {
	l.remove(w)
	to.push(w)
}

// Promise is Move to a list in which w is sure to be granted: the end of its context no longer ends its Wait.
func (l *List[T]) Promise(w *Waiter[T], to *List[T]) {
	w.promised = true
	l.Move(w, to)
}

// Next returns the waiter behind w, or nil.
func (w *Waiter[T]) Next() *Waiter[T] { return w.next }

// GrantAll grants every waiter, in order.
func (l *List[T]) GrantAll() {
	for l.head != nil {
		l.Grant(l.head)
	}
}

// Wait puts w at the end of the list, releases mu, which the caller holds, and waits until w is granted or ctx ends.
// On return mu is not held. After nil the grant is the caller's. After an error, see [Cause], w is in no list and
// nothing was granted; left, unless nil, has been called with mu held right after w left the list, to put right
// what w's presence held up. what names the wait for people.
//
//blocklint:cooperative
func (l *List[T]) Wait(ctx context.Context, mu *sync.Mutex, w *Waiter[T], what string, left func()) error {
	if err := l.Await(ctx, mu, w, what, left); err != nil {
		return Refuse(ctx, err)
	}
	return nil
}

// Await is Wait for those who have something to put right before the error is handed out, with [Refuse].
//
//blocklint:cooperative
func (l *List[T]) Await(ctx context.Context, mu *sync.Mutex, w *Waiter[T], what string, left func()) error {
	p := Of(ctx)
	if p == nil {
		return l.awaitGoroutine(ctx, mu, w, left)
	}
	w.parker = p
	l.push(w)
	mu.Unlock()
	for !w.granted.Load() {
		err := p.Park(ctx, what)
		if err == nil && ctx.Err() != nil {
			err = Cause(ctx)
		}
		if err != nil {
			if leave(mu, w, left, false) {
				return err
			}
			return w.insist(p, mu, what, left)
		}
	}
	return nil
}

func (l *List[T]) awaitGoroutine(ctx context.Context, mu *sync.Mutex, w *Waiter[T], left func()) error {
	w.ready = make(chan struct{})
	l.push(w)
	mu.Unlock()
	if done := ctx.Done(); done != nil {
		select {
		case <-w.ready:
			return nil
		case <-done:
			if leave(mu, w, left, false) {
				return Cause(ctx)
			}
		}
	}
	<-w.ready // granted, or sure to be
	return nil
}

// Insist is Wait that no context ends, for a lock that must be held again.
//
//blocklint:cooperative
func (l *List[T]) Insist(ctx context.Context, mu *sync.Mutex, w *Waiter[T], what string, left func()) error {
	p := Of(ctx)
	if p == nil {
		return l.awaitGoroutine(context.WithoutCancel(ctx), mu, w, left)
	}
	w.parker = p
	l.push(w)
	mu.Unlock()
	return w.insist(p, mu, what, left)
}

func (w *Waiter[T]) insist(p Parker, mu *sync.Mutex, what string, left func()) error {
	for !w.granted.Load() {
		if err := p.Insist(what); err != nil && leave(mu, w, left, true) {
			return err
		}
	}
	return nil
}

// leave takes w out of its list and reports whether it did. If w is in none, a grant came between the end of the
// context and the lock, and wins; if one is promised, it is waited for, unless there is no hope.
func leave[T any](mu *sync.Mutex, w *Waiter[T], left func(), hopeless bool) bool {
	mu.Lock()
	defer mu.Unlock()
	if w.list == nil || w.promised && !hopeless {
		return false
	}
	w.list.remove(w)
	if left != nil {
		left()
	}
	return true
}

// noCopy makes go vet report copies of what embeds it.
type noCopy struct{}

func (*noCopy) Lock()   {}
func (*noCopy) Unlock() {}
