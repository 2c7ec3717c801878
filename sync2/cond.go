package sync2

import (
	"context"
	"fmt"
	"math"
	"sync"

	"github.com/seed6bcf1587/coop/internal/park"
)

// A Cond is where parties that hold a lock wait until what the lock guards has changed: Python's threading.Condition. [NewCond]
// makes one; the zero value does not work. A Cond must not be copied after first use.
//
// In the terms of the Go memory model, a Notify or NotifyAll synchronizes before the return of each Wait that it wakes.
//
// A sync.Cond does the same without a context, for goroutines and a sync.Locker; its Signal is Notify(1), and its Broadcast
// NotifyAll. It does not find out that the lock is not held. Where one thing happens once, an event.Event or a closed channel is simpler.
type Cond struct {
	mutex *Mutex // the lock, if it is a Mutex
	lock  condLock
	guard *sync.Mutex // the mutex of the line for the lock, or one of our own if the lock is not of this package

	waiters park.List[struct{}] // guarded by guard
}

// NewCond returns a Cond whose lock is l. It panics if l is nil.
func NewCond(l Locker) *Cond {
	switch l := l.(type) {
	case nil:
		panic("sync2.NewCond: nil Locker")
	case *Mutex:
		return &Cond{mutex: l, lock: condLock{mutex: l}, guard: &l.mu}
	case *RLock:
		return &Cond{lock: condLock{mutex: &l.lock, rlock: l}, guard: &l.lock.mu}
	default:
		return &Cond{lock: condLock{other: l}, guard: new(sync.Mutex)}
	}
}

// Wait gives up the lock, all levels of it if it is an RLock, waits for a Notify, takes the lock again as it was, and returns. Whoever
// waits longest is notified first, and gets the lock first. What the caller waits for may have changed again by then: call Wait in
// a loop, or use WaitFor.
//
// If ctx ends first, Wait returns its cause, and holds the lock all the same: it waits for that however long it takes. A waiter whose
// ctx has ended takes no notification with it; one that was notified before returns nil.
//
// Wait panics if the lock is not held, by the caller if it is an RLock.
//
//blocklint:cooperative
func (c *Cond) Wait(ctx context.Context) error {
	c.check("Wait")
	if m := c.mutex; m != nil && park.Background(ctx) {
		// The usual case, without detours. Few functions return after the switch: see park.List.Enter.
		m.mu.Lock()
		m.handOver()
		w := c.waiters.Enter(&m.mu)
		w.Sleep()
		c.waiters.Leave(w)
		m.mu.Unlock()
		return nil // with the lock, which was handed over
	}
	if park.Ended(ctx) {
		return park.Err(ctx)
	}
	park.Of(ctx) // panics if this task must not wait with ctx, before the lock is given up

	// Whoever notifies must come through the guard, which is held until the waiter is in the list: nothing is missed.
	c.guard.Lock()
	depth := c.lock.release()
	_, err := c.waiters.Await(ctx, c.guard, struct{}{}, "sync2.Cond.Wait", nil)
	// After an error the waiter is out of the list, and takes no notification from others while it waits for the lock.
	if lost := c.lock.regain(ctx, depth, err == nil); lost != nil {
		return park.Refuse(ctx, lost)
	}
	if err != nil {
		return park.Refuse(ctx, err)
	}
	return nil
}

// WaitFor waits until pred, which is called with the lock held, returns true. It calls pred before it waits. If ctx ends first,
// it returns its cause. Else it is as Wait. It panics if pred is nil.
//
//blocklint:cooperative
func (c *Cond) WaitFor(ctx context.Context, pred func() bool) error {
	c.check("WaitFor")
	if pred == nil {
		panic("sync2.Cond.WaitFor: nil function")
	}
	if park.Ended(ctx) {
		return park.Err(ctx)
	}
	for !pred() {
		if err := c.Wait(ctx); err != nil {
			return err
		}
	}
	return nil
}

// Notify wakes the n that have waited longest, or all if there are fewer. They go on when they get the lock. Notify panics if the
// lock is not held, by the caller if it is an RLock, and if n is negative.
func (c *Cond) Notify(n int) {
	c.check("Notify")
	if n < 0 {
		panic(fmt.Sprintf("sync2.Cond.Notify: negative number %d", n))
	}
	c.notify(n)
}

// NotifyAll wakes all that wait. It panics if the lock is not held, by the caller if it is an RLock.
func (c *Cond) NotifyAll() {
	c.check("NotifyAll")
	c.notify(math.MaxInt)
}

func (c *Cond) notify(n int) {
	c.guard.Lock()
	if m := c.lock.mutex; m != nil {
		m.moveHere(&c.waiters, n)
	} else {
		for ; n > 0 && c.waiters.Len() > 0; n-- {
			c.waiters.Grant(c.waiters.Front())
		}
	}
	c.guard.Unlock()
}

// Waiting returns the number of Wait calls that have not been notified at this moment.
func (c *Cond) Waiting() int {
	c.guard.Lock()
	defer c.guard.Unlock()
	return c.waiters.Len()
}

// check panics if the lock is not held by the caller, as far as that can be known.
func (c *Cond) check(method string) {
	if c.mutex == nil || !c.mutex.Locked() {
		c.checkSlow(method)
	}
}

// checkSlow is not inlined in check, so that check is in its callers.
//
//go:noinline
func (c *Cond) checkSlow(method string) {
	if !c.lock.isHeld() {
		panic("sync2.Cond." + method + ": the lock is not held by the caller")
	}
}
