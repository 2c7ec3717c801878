package sync2

import (
	"context"
	"errors"
	"fmt"
	"sync"

	"github.com/seed6bcf1587/coop/internal/park"
)

// ErrBroken is what a broken [Barrier] answers.
var ErrBroken = errors.New("sync2: barrier is broken")

// A Barrier is where a fixed number of parties wait for each other, again and again: Python's threading.Barrier. [NewBarrier] makes
// one; the zero value does not work. A Barrier must not be copied after first use.
//
// When as many have come as it is for, a cycle is complete: the last one runs the action, then all go on. Who comes back
// before the others have left waits for the next cycle. A party that gives up, or an action that fails, breaks the barrier: all who wait
// get an error, and so do all who come, until Reset.
//
// In the terms of the Go memory model, what each party does before Wait synchronizes before the action, and that before the
// return of each Wait of the cycle.
//
// A sync.WaitGroup makes one party wait for others, once; a [Latch] too.
type Barrier struct {
	parties int
	action  func() error

	mu sync.Mutex
	// Guarded by mu. Fewer than parties wait; none while broken.
	cycle  *cycle
	broken bool
}

// A cycle is those who wait for each other.
type cycle struct {
	waiters park.List[error] // the payload is what Wait is to return; guarded by Barrier.mu
	arrived int
}

// NewBarrier returns a barrier for as many parties as named. The last to come of each cycle runs action, unless it is nil. NewBarrier
// panics if parties is less than 1.
func NewBarrier(parties int, action func() error) *Barrier {
	if parties < 1 {
		panic(fmt.Sprintf("sync2.NewBarrier: %d parties: must be at least 1", parties))
	}
	return &Barrier{parties: parties, action: action, cycle: new(cycle)}
}

// Wait waits until as many parties as the barrier is for have called it, and returns how many came before the caller in this cycle:
// each party gets another index.
//
// The last to come runs the action before anybody goes on. If it fails, the barrier is broken and all parties of the cycle get the
// action's error. If it panics, so does Wait of the last one, and the others get [ErrBroken].
//
// If ctx ends first, Wait returns its cause, and the barrier is broken: the others get [ErrBroken]. If that happens while the action
// runs, the cycle is complete and the others go on. Wait on a broken barrier returns ErrBroken at once.
//
//blocklint:cooperative
func (b *Barrier) Wait(ctx context.Context) (index int, err error) {
	if park.Ended(ctx) {
		return 0, park.Err(ctx)
	}
	b.mu.Lock()
	if b.broken {
		b.mu.Unlock()
		return 0, ErrBroken
	}
	c := b.cycle
	index = c.arrived
	c.arrived++
	if c.arrived == b.parties {
		b.cycle = new(cycle)
		b.mu.Unlock()
		return index, b.complete(c)
	}
	outcome, err := c.waiters.Wait(ctx, &b.mu, nil, "sync2.Barrier.Wait", func() {
		if b.cycle == c {
			b.breakLocked()
		}
	})
	if err == nil {
		err = outcome
	}
	if err != nil {
		return 0, err
	}
	return index, nil
}

// complete runs the action and lets the parties of c go on.
func (b *Barrier) complete(c *cycle) (err error) {
	err = ErrBroken // if the action does not return
	defer func() {
		b.mu.Lock()
		defer b.mu.Unlock()
		if err != nil {
			b.breakLocked()
		}
		c.release(err)
	}()
	if b.action == nil {
		return nil
	}
	return b.action()
}

// release lets those who wait go on with err. Barrier.mu is held.
func (c *cycle) release(err error) {
	for w := c.waiters.Front(); w != nil; w = c.waiters.Front() {
		w.Payload = err
		c.waiters.Grant(w)
	}
}

func (b *Barrier) breakLocked() {
	b.broken = true
	b.cycle.release(ErrBroken)
	b.cycle = new(cycle)
}

// Abort breaks the barrier, for good or until Reset.
func (b *Barrier) Abort() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.breakLocked()
}

// Reset makes the barrier as new. Those who wait get [ErrBroken].
func (b *Barrier) Reset() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.breakLocked()
	b.broken = false
}

// Parties returns for how many parties the barrier is.
func (b *Barrier) Parties() int { return b.parties }

// Waiting returns how many parties wait for the others of their cycle at this moment.
func (b *Barrier) Waiting() int {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.cycle.waiters.Len()
}

// Broken reports whether the barrier is broken at this moment.
func (b *Barrier) Broken() bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.broken
}
