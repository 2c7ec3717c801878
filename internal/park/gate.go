package park

import (
	"context"
	"math"
	"sync"
	"sync/atomic"
	"unsafe"
)

// A Gate is what events, tasks and results wait at: everybody passes while it is open. The zero value is a closed gate.
// A Gate must not be copied after first use.
//
// Open synchronizes before the return of every Wait that it lets pass, and before every IsOpen that reports true
// because of it.
type Gate struct {
	// state is made of the bits below. While nobody attends to the gate, one compare-and-swap opens and closes it.
	state atomic.Int64

	crowd atomic.Pointer[crowd] // nil until somebody waits in it

	mu sync.Mutex
	// Guarded by mu. While waiters is not empty or done is not nil, the gate is attended, unless mu is held.
	waiters List[struct{}] // those who do not wait in the crowd; empty while the gate is open
	done    chan struct{}  // nil until asked for; closed exactly while the gate is open
}

// The bits of Gate.state. Those between the first and the last count how often the gate has been opened.
const (
	attended int64 = 1 // whoever opens or closes the gate must do it with mu held, for somebody is to be told
	opening  int64 = 2
	isOpen   int64 = math.MinInt64 // the sign
)

// Open opens the gate and lets everybody who waits pass, whatever happens to the gate afterwards. It reports whether
// the gate was closed.
func (g *Gate) Open() bool {
	s := g.state.Load()
	for s >= 0 && s&attended == 0 {
		if g.state.CompareAndSwap(s, s+opening|isOpen) {
			g.crowd.Load().pass()
			return true
		}
		s = g.state.Load()
	}
	return s >= 0 && g.openSlow()
}

func (g *Gate) openSlow() bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	for {
		s := g.state.Load()
		if s < 0 {
			return false
		}
		next := s + opening | isOpen
		if g.done == nil {
			next &^= attended
		}
		// If nobody attends any more, others open and close the gate without mu: then this fails, and is tried again.
		if g.state.CompareAndSwap(s, next) {
			break
		}
	}
	if g.done != nil {
		close(g.done)
	}
	g.waiters.GrantAll()
	g.crowd.Load().pass()
	return true
}

// Close closes the gate for those who come later.
func (g *Gate) Close() {
	if s := g.state.Load(); s < 0 && (s&attended != 0 || !g.state.CompareAndSwap(s, s&^isOpen)) {
		g.closeSlow()
	}
}

func (g *Gate) closeSlow() {
	g.mu.Lock()
	defer g.mu.Unlock()
	for s := g.state.Load(); s < 0; s = g.state.Load() {
		if g.state.CompareAndSwap(s, s&^(isOpen|attended)) {
			g.done = nil // and nobody waits at an open gate
			return
		}
	}
}

// IsOpen reports whether the gate is open.
func (g *Gate) IsOpen() bool { return g.state.Load() < 0 }

// Passes reports whether the gate is open and ctx is [Background], so that Wait would return nil. It is for those who want
// that much of Wait inlined.
func (g *Gate) Passes(ctx context.Context) bool {
	// This is Background(ctx) && g.IsOpen() without the inliner's charge for two calls, which would keep it out of its callers.
	return *(*uintptr)(unsafe.Pointer(&ctx)) == background && g.state.Load() < 0
}

// Wait waits until the gate is open or ctx ends. what names the wait for people.
//
//blocklint:cooperative
func (g *Gate) Wait(ctx context.Context, what string) error {
	if Ended(ctx) {
		return Err(ctx)
	}
	if Background(ctx) || ctx.Done() == nil && Of(ctx) == nil {
		if c, closed := g.join(); c.waits(closed) {
			c.cond.Wait()
			if c.waits(closed) {
				c.waitOn(closed)
			}
		}
		return nil
	}
	if g.IsOpen() {
		return nil
	}
	g.mu.Lock()
	if g.attend() {
		g.mu.Unlock()
		return nil
	}
	_, err := g.waiters.Wait(ctx, &g.mu, struct{}{}, what, nil)
	return err
}

// WaitEvent is Wait for an event.Event, which can afford no further argument in what is to be inlined.
//
//blocklint:cooperative
func (g *Gate) WaitEvent(ctx context.Context) error {
	if !Background(ctx) {
		return g.Wait(ctx, "event.Event.Wait")
	}
	if c, closed := g.join(); c.waits(closed) {
		c.cond.Wait()
		if c.waits(closed) {
			c.waitOn(closed)
		}
	}
	return nil
}

// attend makes sure that whoever opens or closes the gate takes mu, which the caller holds, and reports whether it is open.
func (g *Gate) attend() (open bool) {
	for {
		s := g.state.Load()
		if s < 0 {
			return true
		}
		// An Open in between needs no mu, and finds no waiter to let pass. Then this fails, and the gate is open.
		if s&attended != 0 || g.state.CompareAndSwap(s, s|attended) {
			return false
		}
	}
}

// Done returns a channel that is closed while the gate is open.
func (g *Gate) Done() <-chan struct{} {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.done == nil {
		g.done = make(chan struct{})
		if g.state.Or(attended) < 0 {
			close(g.done)
		}
	}
	return g.done
}
