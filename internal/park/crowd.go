package park

import "sync"

// A crowd is the goroutines that wait at a gate with a context that cannot end: nobody leaves it but through the gate, and all of
// it at once. That needs no list and no mutex, and whoever opens the gate need not be told that somebody waits.
type crowd struct {
	gate *Gate
	cond sync.Cond // its L is the crowd
}

// join returns g's crowd and the closed state that g is in; or nil, if g is open. Who joins then waits on cond, if waits says
// so, and goes on with waitOn, if waits still does: in no function of its own, for each return that follows a switch of goroutines is mispredicted.
func (g *Gate) join() (c *crowd, closed int64) {
	s := g.state.Load()
	if s < 0 {
		return nil, 0
	}
	if c = g.crowd.Load(); c == nil {
		c = &crowd{gate: g}
		c.cond.L = c
		if !g.crowd.CompareAndSwap(nil, c) {
			c = g.crowd.Load()
		}
	}
	return c, s &^ attended
}

// waitOn is for one whom a stray wake-up has brought out of the crowd while the gate stays closed. Were he to go back, the gate could open, and close
// again, before he is there; in the list no opening passes him by.
func (c *crowd) waitOn(closed int64) {
	g := c.gate
	g.mu.Lock()
	if !g.attend() && c.waits(closed) {
		w := g.waiters.Enter(&g.mu)
		w.Sleep()
		g.waiters.Leave(w)
	}
	g.mu.Unlock()
}

// waits reports whether the gate has stayed closed since its state was the given one. When it has been opened the state is another,
// and stays so when it is closed again.
func (c *crowd) waits(closed int64) bool {
	return c != nil && c.gate.state.Load()&^attended == closed
}

// pass lets those in c pass. The gate has been opened before.
func (c *crowd) pass() {
	if c != nil {
		c.cond.Broadcast()
	}
}

// Unlock is called by cond.Wait when a Broadcast from now on will wake the waiter. If the gate is open, the Broadcast of who opened it may have come
// before. Whoever else this one wakes sees that the gate was not opened for him, and waits on.
func (c *crowd) Unlock() {
	if c.gate.IsOpen() {
		c.cond.Broadcast()
	}
}

// Lock is called by cond.Wait at its end.
func (c *crowd) Lock() {}
