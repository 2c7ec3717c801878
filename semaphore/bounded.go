// Package semaphore has counting semaphores that tasks and goroutines wait at.
package semaphore

import (
	"context"
	"fmt"
	"sync"

	"github.com/seed6bcf1587/coop/internal/park"
)

// A Bounded is a semaphore that never has more permits than its limit: Python's threading.BoundedSemaphore.
// [NewBounded] makes one; the zero value has the limit 0. A Bounded must not be copied after first use.
//
// Permits are handed out in the order in which they were asked for: a large request at the head of the line is
// served before smaller ones behind it, and so cannot starve. A request for more than the limit waits aside until
// SetLimit makes it possible or its ctx ends, and holds up nobody.
//
// In the terms of the Go memory model, a Release synchronizes before the return of each Acquire, and each successful
// TryAcquire, that takes a permit it gave back.
//
// The Weighted semaphore of golang.org/x/sync does the same for goroutines with a fixed limit. A buffered channel is
// the plain way to a semaphore whose permits are taken one at a time, if no task waits at it.
type Bounded struct {
	mu sync.Mutex
	// Guarded by mu. The head of the line never fits. held is above limit while holders finish after SetLimit.
	limit int64
	held  int64
	line  park.List[int64] // the payload is the number of permits asked for
	aside park.List[int64] // requests for more than limit
}

// NewBounded returns a semaphore of limit permits, all of them free. It panics if limit is negative.
func NewBounded(limit int64) *Bounded {
	if limit < 0 {
		panic(fmt.Sprintf("semaphore.NewBounded: negative limit %d", limit))
	}
	return &Bounded{limit: limit}
}

// Acquire takes n permits, and waits until they are free and nobody is before it in line. If ctx ends first, Acquire
// returns its cause and has taken none. It panics if n is less than 1.
//
//blocklint:cooperative
func (b *Bounded) Acquire(ctx context.Context, n int64) error {
	atLeastOne("Acquire", n)
	if ctx.Err() != nil {
		return park.Err(ctx)
	}
	b.mu.Lock()
	if b.tryLocked(n) {
		b.mu.Unlock()
		return nil
	}
	list := &b.line
	if n > b.limit {
		list = &b.aside
	}
	// A head that leaves the line lets those behind it pass that now fit.
	return list.Wait(ctx, &b.mu, &park.Waiter[int64]{Payload: n}, "semaphore.Bounded.Acquire", b.serveLocked)
}

// TryAcquire takes n permits if it can do so without waiting, and reports whether it did. It panics if n is less than 1.
func (b *Bounded) TryAcquire(n int64) bool {
	atLeastOne("TryAcquire", n)
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.tryLocked(n)
}

func (b *Bounded) tryLocked(n int64) bool {
	if b.line.Len() > 0 || n > b.limit-b.held {
		return false
	}
	b.held += n
	return true
}

// Release gives n permits back, to those who wait first. Anybody may release, not just who acquired. It panics, and
// changes nothing, if n is less than 1 or more than are held.
func (b *Bounded) Release(n int64) {
	atLeastOne("Release", n)
	b.mu.Lock()
	defer b.mu.Unlock()
	if n > b.held {
		panic(fmt.Sprintf("semaphore.Bounded.Release: %d permits released, %d held", n, b.held))
	}
	b.held -= n
	b.serveLocked()
}

// serveLocked gives permits to the line while its head fits.
func (b *Bounded) serveLocked() {
	for w := b.line.Front(); w != nil && w.Payload <= b.limit-b.held; w = b.line.Front() {
		b.held += w.Payload
		b.line.Grant(w)
	}
}

// SetLimit changes the limit. More permits go to those who wait; fewer take none from those who hold them. It panics if limit is negative.
func (b *Bounded) SetLimit(limit int64) {
	if limit < 0 {
		panic(fmt.Sprintf("semaphore.Bounded.SetLimit: negative limit %d", limit))
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	b.limit = limit
	move(&b.aside, &b.line, func(n int64) bool { return n <= limit })
	move(&b.line, &b.aside, func(n int64) bool { return n > limit })
	b.serveLocked()
}

// move moves the waiters for which it holds from one list to the end of another.
func move(from, to *park.List[int64], holds func(n int64) bool) {
	for w := from.Front(); w != nil; {
		next := w.Next()
		if holds(w.Payload) {
			from.Move(w, to)
		}
		w = next
	}
}

// Available returns the number of free permits at this moment. It is negative while more are held than SetLimit left.
func (b *Bounded) Available() int64 {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.limit - b.held
}

// Waiting returns the number of Acquire calls that wait at this moment.
func (b *Bounded) Waiting() int {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.line.Len() + b.aside.Len()
}

func atLeastOne(method string, n int64) {
	if n < 1 {
		panic(fmt.Sprintf("semaphore.Bounded.%s: %d permits: must be at least 1", method, n))
	}
}
