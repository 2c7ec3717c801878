package park

import (
	"context"
	"testing"
	"testing/synctest"
)

// The tests of this file bring about by hand what otherwise takes a race of a few nanoseconds.

// TestOpenBeforeWaiting opens the gate between a waiter's look at it and its wait.
func TestOpenBeforeWaiting(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var g Gate
		c, closed := g.join()
		g.Open()
		c.cond.Wait() // a deadlock if the wake-up was lost
		if c.waits(closed) {
			t.Error("waits at an open gate")
		}
		g.Close()
		if c.waits(closed) {
			t.Error("waits although the gate has been open")
		}
		if c, closed = g.join(); !c.waits(closed) {
			t.Error("does not wait at a gate that was closed before")
		}
	})
}

// TestStrayWakeUp wakes a waiter while the gate is closed, as one does that finds it open on its way into the crowd, and loses control before it
// acts on it. The waiter must not go back to the crowd, for an opening in that moment would pass it by.
func TestStrayWakeUp(t *testing.T) {
	for _, wait := range []func(g *Gate) error{
		func(g *Gate) error { return g.WaitEvent(context.Background()) },
		func(g *Gate) error { return g.Wait(context.Background(), "") },
		func(g *Gate) error { return g.Wait(context.TODO(), "") },
	} {
		for _, attended := range []bool{false, true} {
			synctest.Test(t, func(t *testing.T) {
				var g Gate
				passed := false
				go func() {
					if err := wait(&g); err != nil {
						t.Error(err)
					}
					passed = true
				}()
				synctest.Wait()
				// Who attends to the gate, and leaves again, changes nothing for the crowd.
				if attended {
					g.Done()
				}
				for range 3 {
					g.crowd.Load().cond.Broadcast()
					synctest.Wait()
					if passed || g.IsOpen() || g.waiters.Len() != 1 {
						t.Errorf("attended %v: passed %v, open %v, %d in the list", attended, passed, g.IsOpen(), g.waiters.Len())
					}
				}
				g.Open()
				g.Close()
				synctest.Wait()
				if !passed {
					t.Error("waits on")
				}
			})
		}
	}
}

// TestStrayWakeUpAfterOpening opens and closes the gate between a stray wake-up and what its victim does about it.
func TestStrayWakeUpAfterOpening(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var g Gate
		c, closed := g.join()
		g.Open()
		c.waitOn(closed)
		g.Close()
		c.waitOn(closed) // a deadlock if it waits for the next opening
		if g.waiters.Len() != 0 {
			t.Error("waits")
		}
	})
}
