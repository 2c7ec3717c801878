package park

import (
	"context"
	"sync"
	"sync/atomic"
)

// A Gate is what events, tasks and results wait at: everybody passes while it is open. The zero value is a closed gate.
// A Gate must not be copied after first use.
//
// Open synchronizes before the return of every Wait that it lets pass, and before every IsOpen that reports true
// because of it.
type Gate struct {
	// state is made of the bits below. While nobody attends to the gate, one compare-and-swap opens and closes it.
	state atomic.Uint32

	mu sync.Mutex
	// Guarded by mu. While waiters is not empty or done is not nil, the gate is attended, unless mu is held.
	waiters List[struct{}] // empty while the gate is open
	done    chan struct{}  // nil until asked for; closed exactly while the gate is open
}

// The bits of Gate.state.
const (
	isOpen   uint32 = 1 << iota
	attended        // whoever opens or closes the gate must do it with mu held, for somebody is to be told
)

// Open opens the gate and lets everybody who waits pass, whatever happens to the gate afterwards. It reports whether
// the gate was closed.
func (g *Gate) Open() bool {
	switch s := g.state.Load(); {
	case s&isOpen != 0:
		return false
	case s == 0 && g.state.CompareAndSwap(0, isOpen):
		return true
	}
	g.mu.Lock()
	s := g.state.Load()
	for s&attended == 0 {
		// Nobody is left to be told. The fast path is open to others, so this can be lost to them, again and again.
		if s&isOpen != 0 || g.state.CompareAndSwap(s, s|isOpen) {
			break
		}
		s = g.state.Load()
	}
	if s == attended { // closed, and it changes with mu held only
		if g.done == nil {
			g.state.Store(isOpen) // and not attended any more
		} else {
			g.state.Store(isOpen | attended)
			close(g.done)
		}
		g.waiters.GrantAll()
	}
	g.mu.Unlock()
	return s&isOpen == 0
}

// Close closes the gate for those who come later.
func (g *Gate) Close() {
	if g.state.CompareAndSwap(isOpen, 0) || !g.IsOpen() {
		return
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.IsOpen() {
		g.done = nil
		g.state.Store(0) // nobody waits at an open gate
	}
}

// IsOpen reports whether the gate is open.
func (g *Gate) IsOpen() bool { return g.state.Load()&isOpen != 0 }

// Wait waits until the gate is open or ctx ends. what names the wait for people.
//
//blocklint:cooperative
func (g *Gate) Wait(ctx context.Context, what string) error {
	if ctx.Err() != nil {
		return Err(ctx)
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

// attend makes sure that whoever opens or closes the gate takes mu, which the caller holds, and reports whether it is open.
func (g *Gate) attend() (open bool) {
	for {
		s := g.state.Load()
		if s&isOpen != 0 {
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
		if s := g.state.Or(attended); s&isOpen != 0 {
			close(g.done)
		}
	}
	return g.done
}
