package semaphore

import (
	"context"
	"fmt"
	"sync/atomic"

	"github.com/seed6bcf1587/coop/internal/park"
)

// A Bounded is a semaphore that never has more permits than its limit: Python's threading.BoundedSemaphore.
// [NewBounded] makes one; the zero value has the limit 0. A Bounded must not be copied after first use.
//
// Permits are handed out in the order in which they were asked for: a large request at the head of the line is
// served before smaller ones behind it, and so cannot starve. A request for more than the limit keeps its place until
// SetLimit makes it possible or its ctx ends, and holds up nobody.
//
// In the terms of the Go memory model, a Release synchronizes before the return of each Acquire, and each successful
// TryAcquire, that takes a permit it gave back.
//
// The Weighted semaphore of golang.org/x/sync does the same for goroutines with a fixed limit, and can be replaced by a
// Bounded as it is. A buffered channel is the plain way to a semaphore whose permits are taken one at a time, if no task waits at it.
type Bounded struct {
	permits permits

	// limit is permits.limit, for the fast path to see misuse. It is written with permits locked, so that the fast path is shut.
	limit atomic.Int64
}

// NewBounded returns a semaphore of limit permits, all of them free. It panics if limit is negative.
func NewBounded(limit int64) *Bounded {
	if limit < 0 {
		panic(fmt.Sprintf("semaphore.NewBounded: negative limit %d", limit))
	}
	b := new(Bounded)
	b.permits.state.Store(limit)
	b.permits.limit = limit
	b.limit.Store(limit)
	return b
}

// Acquire takes n permits, and waits until they are free and nobody is before it in line. If ctx ends first, Acquire
// returns its cause and has taken none. It panics if n is negative.
//
//blocklint:cooperative
func (b *Bounded) Acquire(ctx context.Context, n int64) error {
	if n < 0 {
		panic(fmt.Sprintf("semaphore.Bounded.Acquire: negative number of permits %d", n))
	}
	if park.Ended(ctx) {
		return park.Err(ctx)
	}
	if b.permits.tryFast(n) {
		return nil
	}
	return b.acquireSlow(ctx, n)
}

func (b *Bounded) acquireSlow(ctx context.Context, n int64) error {
	p := &b.permits
	p.lock()
	if p.takeLocked(n) {
		p.unlock()
		return nil
	}
	return p.waitLocked(ctx, n, "semaphore.Bounded.Acquire")
}

// TryAcquire takes n permits if it can do so without waiting, and reports whether it did. It panics if n is negative.
func (b *Bounded) TryAcquire(n int64) bool {
	if n < 0 {
		panic(fmt.Sprintf("semaphore.Bounded.TryAcquire: negative number of permits %d", n))
	}
	return b.permits.tryAcquire(n)
}

// Release gives n permits back, to those who wait first. Anybody may release, not just who acquired. It panics, and
// changes nothing, if n is less than 1 or more than are held.
func (b *Bounded) Release(n int64) {
	p := &b.permits
	if free := p.state.Load(); n > 0 && free >= 0 && n <= b.limit.Load()-free && p.state.CompareAndSwap(free, free+n) {
		return
	}
	b.releaseSlow(n)
}

func (b *Bounded) releaseSlow(n int64) {
	if n < 1 {
		panic(fmt.Sprintf("semaphore.Bounded.Release: %d permits: must be at least 1", n))
	}
	p := &b.permits
	p.lock()
	defer p.unlock()
	if held := b.limit.Load() - p.free; n > held {
		panic(fmt.Sprintf("semaphore.Bounded.Release: %d permits released, %d held", n, held))
	}
	p.free += n
}

// SetLimit changes the limit. More permits go to those who wait; fewer take none from those who hold them. It panics if
// limit is negative.
func (b *Bounded) SetLimit(limit int64) {
	if limit < 0 {
		panic(fmt.Sprintf("semaphore.Bounded.SetLimit: negative limit %d", limit))
	}
	p := &b.permits
	p.lock()
	defer p.unlock()
	p.free += limit - p.limit
	p.limit = limit
	b.limit.Store(limit)
}

// Available returns the number of free permits at this moment. It is negative while more are held than SetLimit left.
func (b *Bounded) Available() int64 { return b.permits.available() }

// Waiting returns the number of Acquire calls that wait at this moment.
func (b *Bounded) Waiting() int { return b.permits.waiting() }
