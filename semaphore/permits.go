package semaphore

import (
	"context"
	"sync"
	"sync/atomic"

	"github.com/seed6bcf1587/coop/internal/park"
)

// permits is the mechanism of both semaphores: a number of free permits, and a line of those who wait for some.
type permits struct {
	// state is the number of free permits while nobody waits; then one compare-and-swap takes or gives some. Otherwise it is
	// slow, and the number is in free. It changes from and to slow only with mu held.
	state atomic.Int64

	mu sync.Mutex
	// Guarded by mu, and free is valid only while state is slow. Requests for more than limit are in vain: they wait in their place, and
	// hold up nobody. Unless mu is held, the first of the others does not fit.
	free  int64            // negative while more permits are held than a lowered limit leaves
	limit int64            // how many permits there can be
	line  park.List[int64] // the payload is the number of permits asked for
}

const slow = -1

// tryFast takes n permits, n >= 0, if nobody waits and they are free.
func (p *permits) tryFast(n int64) bool {
	s := p.state.Load()
	return s >= n && p.state.CompareAndSwap(s, s-n)
}

// lock takes mu and stops the fast path: from here to unlock, free is what counts.
func (p *permits) lock() {
	p.mu.Lock()
	if s := p.state.Swap(slow); s != slow {
		p.free = s
	}
}

func (p *permits) unlock() {
	p.settleLocked()
	p.mu.Unlock()
}

// settleLocked serves the line while its head fits, and opens the fast path again when nobody is left.
func (p *permits) settleLocked() {
	for w := p.head(); w != nil && w.Payload <= p.free; w = p.head() {
		p.free -= w.Payload
		p.line.Grant(w)
	}
	if p.line.Len() == 0 && p.free >= 0 {
		p.state.Store(p.free)
	}
}

// head returns who is first in line of those who do not wait in vain.
func (p *permits) head() *park.Waiter[int64] {
	w := p.line.Front()
	for w != nil && w.Payload > p.limit {
		w = w.Next()
	}
	return w
}

// takeLocked takes n permits if they are free and nobody is before the caller.
func (p *permits) takeLocked(n int64) bool {
	if p.head() != nil || n > p.free {
		return false
	}
	p.free -= n
	return true
}

// waitLocked waits for n permits at the end of the line. On return mu is not held.
func (p *permits) waitLocked(ctx context.Context, n int64, what string) error {
	// One who leaves the head of the line lets those behind pass that now fit.
	_, err := p.line.Wait(ctx, &p.mu, n, what, p.settleLocked)
	return err
}

// waiting returns the number of requests in line.
func (p *permits) waiting() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.line.Len()
}

// tryAcquire takes n permits if that needs no waiting.
func (p *permits) tryAcquire(n int64) bool {
	if p.tryFast(n) {
		return true
	}
	// The fast path fails also when it has lost a race, and when free permits are counted behind mu.
	p.lock()
	defer p.unlock()
	return p.takeLocked(n)
}

// available returns the number of free permits, which is negative while too many are held.
func (p *permits) available() int64 {
	p.lock()
	defer p.unlock()
	return p.free
}
