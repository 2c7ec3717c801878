package semaphore

import (
	"context"
	"fmt"
	"math"

	"github.com/seed6bcf1587/coop/internal/park"
)

// A Semaphore is a number of permits: Python's threading.Semaphore. [New] makes one; the zero value does not work. A Semaphore must not
// be copied after first use.
//
// Permits are handed out in the order in which they were asked for: a large request at the head of the line is
// served before smaller ones behind it, and so cannot starve. More may be released than were acquired.
//
// In the terms of the Go memory model, a Release synchronizes before the return of each Acquire, and each successful
// TryAcquire, that takes a permit it gave back.
//
// The Weighted semaphore of golang.org/x/sync has the same methods, for goroutines; its Release panics where [Bounded]'s
// does, and its Acquire gives back what it got if its ctx ended at that moment, where this one keeps it. A buffered channel is the plain way to a semaphore whose permits are taken one at a time, if no task waits at it.
type Semaphore struct {
	permits permits
}

// New returns a semaphore with n free permits. It panics if n is negative.
func New(n int64) *Semaphore {
	if n < 0 {
		panic(fmt.Sprintf("semaphore.New: negative number of permits %d", n))
	}
	s := new(Semaphore)
	s.permits.limit = math.MaxInt64
	s.permits.state.Store(n)
	return s
}

// Acquire takes n permits, and waits until they are free and nobody is before it in line. If ctx ends first, Acquire
// returns its cause and has taken none. It panics if n is negative.
//
//blocklint:cooperative
func (s *Semaphore) Acquire(ctx context.Context, n int64) error {
	if n < 0 {
		panic(fmt.Sprintf("semaphore.Semaphore.Acquire: negative number of permits %d", n))
	}
	if park.Ended(ctx) {
		return park.Err(ctx)
	}
	if s.permits.tryFast(n) {
		return nil
	}
	return s.acquireSlow(ctx, n)
}

func (s *Semaphore) acquireSlow(ctx context.Context, n int64) error {
	p := &s.permits
	p.lock()
	if p.takeLocked(n) {
		p.unlock()
		return nil
	}
	return p.waitLocked(ctx, n, "semaphore.Semaphore.Acquire")
}

// TryAcquire takes n permits if it can do so without waiting, and reports whether it did. It panics if n is negative.
func (s *Semaphore) TryAcquire(n int64) bool {
	if n < 0 {
		panic(fmt.Sprintf("semaphore.Semaphore.TryAcquire: negative number of permits %d", n))
	}
	return s.permits.tryAcquire(n)
}

// Release adds n permits, for those who wait first. Anybody may release, not just who acquired. It panics, and changes nothing, if n
// is less than 1 or there would be more permits than an int64 counts.
func (s *Semaphore) Release(n int64) {
	p := &s.permits
	if free := p.state.Load(); n > 0 && free >= 0 && free <= math.MaxInt64-n && p.state.CompareAndSwap(free, free+n) {
		return
	}
	s.releaseSlow(n)
}

func (s *Semaphore) releaseSlow(n int64) {
	if n < 1 {
		panic(fmt.Sprintf("semaphore.Semaphore.Release: %d permits: must be at least 1", n))
	}
	p := &s.permits
	p.lock()
	defer p.unlock()
	if p.free > math.MaxInt64-n {
		panic(fmt.Sprintf("semaphore.Semaphore.Release: %d permits on top of %d", n, p.free))
	}
	p.free += n
}

// Available returns the number of free permits at this moment.
func (s *Semaphore) Available() int64 { return s.permits.available() }

// Waiting returns the number of Acquire calls that wait at this moment.
func (s *Semaphore) Waiting() int { return s.permits.waiting() }
