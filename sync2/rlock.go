package sync2

import (
	"context"
	"fmt"
	"sync/atomic"

	"github.com/seed6bcf1587/coop/internal/goid"
	"github.com/seed6bcf1587/coop/internal/held"
	"github.com/seed6bcf1587/coop/internal/park"
)

// An RLock is a mutual exclusion lock that its owner may lock again: Python's threading.RLock. The owner is a
// goroutine, or a task, and no other may unlock it. The zero value is unlocked. An RLock must not be copied after first use.
//
// The lock is handed to those who wait in the order in which they came, and belongs to the first before it runs: neither
// TryLock nor a later Lock can come in between.
//
// A task that ends while it holds an RLock has failed: its error names the lock. The lock stays locked and belongs to nobody. The
// body of a generator is a goroutine of its own, and so another owner than the task that calls it.
//
// In the terms of the Go memory model, the Unlock that gives the lock up synchronizes before the return of the next
// Lock or successful TryLock that takes it.
//
// A sync.Mutex is not re-entrant, and most code is clearer with one, split into functions that lock and functions that are
// called with the lock held. Use an RLock where callbacks come back into code that holds it already.
type RLock struct {
	// Name is what messages call the lock. It must not be changed after first use.
	Name string

	lock Mutex

	// owner is the number of the goroutine that holds lock, or nobody. Written by the owner alone: after it has got
	// lock, and before it gives it up. So whoever reads its own number here is the owner.
	owner atomic.Int64
	// depth is how often the owner has locked it. Used by the owner alone.
	depth int
}

const nobody = 0 // goroutines are numbered from 1

// Lock takes the lock, and waits while another owner has it. The owner itself gets it at once, one level deeper. If
// ctx ends first, Lock returns its cause and the lock is untouched; a ctx that has ended already fails the owner too.
//
//blocklint:cooperative
func (l *RLock) Lock(ctx context.Context) error {
	if park.Ended(ctx) {
		return park.Err(ctx)
	}
	if l.owner.Load() == goid.Quick() {
		l.depth++
		return nil
	}
	return l.lockSlow(ctx)
}

// lockSlow is Lock of one who does not hold the lock, or has no quick way to know.
func (l *RLock) lockSlow(ctx context.Context) error {
	me := goid.Get()
	if l.owner.Load() == me {
		l.depth++
		return nil
	}
	if !l.lock.TryLock() {
		if err := l.lock.lockSlow(ctx, "sync2.RLock.Lock"); err != nil {
			return err
		}
	}
	l.own(me, 1)
	return nil
}

// own makes goroutine me, which has got the lock, its owner.
func (l *RLock) own(me int64, depth int) {
	l.depth = depth
	l.owner.Store(me)
	held.Note(me, (*forgotten)(l))
}

// disown is the reverse of own, and returns the depth.
func (l *RLock) disown(me int64) int {
	held.Forget(me, (*forgotten)(l))
	l.owner.Store(nobody)
	depth := l.depth
	l.depth = 0
	return depth
}

// TryLock takes the lock if nobody else has it, and reports whether it did.
func (l *RLock) TryLock() bool {
	me := goid.Get()
	if l.owner.Load() == me {
		l.depth++
		return true
	}
	if !l.lock.TryLock() {
		return false
	}
	l.own(me, 1)
	return true
}

// Unlock takes back one Lock of the caller. With the last one the lock goes to whoever has waited longest. Unlock panics,
// and changes nothing, if the caller does not hold the lock.
func (l *RLock) Unlock() {
	if l.owner.Load() == goid.Quick() && l.depth > 1 {
		l.depth--
		return
	}
	l.unlockSlow()
}

// unlockSlow is Unlock of the last level, or of one who has no quick way to know, or of one who is wrong.
func (l *RLock) unlockSlow() {
	me := goid.Get()
	if l.owner.Load() != me {
		panic("sync2.RLock.Unlock: not locked by the caller")
	}
	if l.depth > 1 {
		l.depth--
		return
	}
	l.disown(me)
	l.lock.Unlock()
}

// Depth returns how many Unlock calls the caller owes: 0 unless it is the owner.
func (l *RLock) Depth() int {
	if l.owner.Load() != goid.Get() {
		return 0
	}
	return l.depth
}

// Locked reports whether anybody holds the lock at this moment.
func (l *RLock) Locked() bool { return l.lock.Locked() }

// Waiting returns the number of Lock calls that wait at this moment.
func (l *RLock) Waiting() int { return l.lock.Waiting() }

// String names the lock: its Name, or its address if it has none.
func (l *RLock) String() string {
	if l.Name == "" {
		return fmt.Sprintf("sync2.RLock %p", l)
	}
	return fmt.Sprintf("sync2.RLock %q", l.Name)
}

// forgotten is an RLock as the hub of its owner sees it, when a task ends that holds it.
type forgotten RLock

func (l *forgotten) String() string { return (*RLock)(l).String() }

// Abandon implements held.Lock.
func (l *forgotten) Abandon() {
	l.owner.Store(nobody)
	l.depth = 0
}
