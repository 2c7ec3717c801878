// Package sync2 has the locks that package sync lacks, for tasks and goroutines.
package sync2

import (
	"context"
	"sync"
	"sync/atomic"

	"github.com/seed6bcf1587/coop/internal/goid"
	"github.com/seed6bcf1587/coop/internal/park"
)

// An RLock is a mutual exclusion lock that its owner may lock again: Python's threading.RLock. The owner is a
// goroutine or a task, and no other may unlock it. The zero value is unlocked. An RLock must not be copied after first use.
//
// The lock is handed to those who wait in the order in which they came, and belongs to the first before it runs: a
// TryLock in between fails.
//
// In the terms of the Go memory model, the Unlock that gives the lock up synchronizes before the next Lock or TryLock that
// takes it.
//
// A sync.Mutex is not re-entrant, and faster. Most code is clearer with one, and with a split into functions that
// lock and functions that are called with the lock held. Use an RLock where callbacks come back into code that holds
// it already, where a task must wait for it, or where the wait must end with a context.
type RLock struct {
	mu sync.Mutex
	// Guarded by mu. Somebody waits only while there is an owner.
	waiters park.List[int64] // the payload is who waits, as goid.Get names it

	// owner is who holds the lock, or 0. Written under mu; read by all.
	owner atomic.Int64
	// depth is how often the owner has locked it. Used by the owner alone, and before it runs by who hands it over.
	depth int
}

// Lock takes the lock, and waits while another owner has it. The owner itself gets it at once, one level deeper. If
// ctx ends first, Lock returns its cause and the lock is untouched; a ctx that has ended already fails the owner too.
//
//blocklint:cooperative
func (l *RLock) Lock(ctx context.Context) error {
	if ctx.Err() != nil {
		return park.Err(ctx)
	}
	me := goid.Get()
	if l.owner.Load() == me {
		l.depth++
		return nil
	}
	l.mu.Lock()
	if l.takeLocked(me) {
		l.mu.Unlock()
		return nil
	}
	return l.waiters.Wait(ctx, &l.mu, &park.Waiter[int64]{Payload: me}, "sync2.RLock.Lock", nil)
}

// TryLock takes the lock if nobody else has it, and reports whether it did.
func (l *RLock) TryLock() bool {
	me := goid.Get()
	if l.owner.Load() == me {
		l.depth++
		return true
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.takeLocked(me)
}

func (l *RLock) takeLocked(me int64) bool {
	if l.owner.Load() != 0 {
		return false
	}
	l.depth = 1
	l.owner.Store(me)
	return true
}

// Unlock takes back one Lock of the caller. With the last one the lock goes to whoever has waited longest. Unlock panics,
// and changes nothing, if the caller does not hold the lock.
func (l *RLock) Unlock() {
	if l.owner.Load() != goid.Get() {
		panic("sync2.RLock.Unlock: not locked by the caller")
	}
	if l.depth > 1 {
		l.depth--
		return
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	w := l.waiters.Front()
	if w == nil {
		l.depth = 0
		l.owner.Store(0)
		return
	}
	// The lock is never free in between, so nobody can take it from under the waiter.
	l.owner.Store(w.Payload)
	l.waiters.Grant(w)
}

// Depth returns how many Unlock calls the caller owes: 0 unless it is the owner.
func (l *RLock) Depth() int {
	if l.owner.Load() != goid.Get() {
		return 0
	}
	return l.depth
}

// Locked reports whether anybody holds the lock at this moment.
func (l *RLock) Locked() bool { return l.owner.Load() != 0 }
