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
	mu      sync.Mutex
	open    atomic.Bool    // written under mu; read without it
	waiters List[struct{}] // guarded by mu; empty while open
	done    chan struct{}  // guarded by mu; nil until asked for, closed exactly while open
}

// Open opens the gate and lets everybody who waits pass, whatever happens to the gate afterwards. It reports whether
// the gate was closed.
func (g *Gate) Open() bool {
	if g.open.Load() {
		return false
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.open.Load() {
		return false
	}
	g.open.Store(true)
	g.waiters.GrantAll()
	if g.done != nil {
		close(g.done)
	}
	return true
}

// Close closes the gate for those who come later.
func (g *Gate) Close() {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.open.Load() {
		g.open.Store(false)
		g.done = nil
	}
}

// IsOpen reports whether the gate is open.
func (g *Gate) IsOpen() bool { return g.open.Load() }

// Wait waits until the gate is open or ctx ends. what names the wait for people.
//
//blocklint:cooperative
func (g *Gate) Wait(ctx context.Context, what string) error {
	if ctx.Err() != nil {
		return Err(ctx)
	}
	if g.open.Load() {
		return nil
	}
	g.mu.Lock()
	// An Open between the load above and the lock has found no waiter to let pass: look again.
	if g.open.Load() {
		g.mu.Unlock()
		return nil
	}
	return g.waiters.Wait(ctx, &g.mu, new(Waiter[struct{}]), what, nil)
}

// Done returns a channel that is closed while the gate is open.
func (g *Gate) Done() <-chan struct{} {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.done == nil {
		g.done = make(chan struct{})
		if g.open.Load() {
			close(g.done)
		}
	}
	return g.done
}
