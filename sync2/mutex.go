package sync2

import (
	"context"
	"sync"
	"sync/atomic"

	"github.com/seed6bcf1587/coop/internal/park"
)

// A Locker is a lock that can be waited for with a context.
type Locker interface {
	// Lock takes the lock, and waits while it is held. If ctx ends first, it returns the cause and the lock is untouched.
	Lock(ctx context.Context) error
	// TryLock takes the lock if it is free, and reports whether it did.
	TryLock() bool
	// Unlock gives the lock up.
	Unlock()
}

// A Mutex is a mutual exclusion lock: Python's threading.Lock. The zero value is unlocked. A Mutex must not be copied after first use.
//
// The lock is handed to those who wait in the order in which they came, and belongs to the first before it runs: neither
// TryLock nor a later Lock can come in between. A Mutex has no owner: another goroutine or task may unlock it.
//
// In the terms of the Go memory model, the n-th Unlock synchronizes before the return of the m-th Lock for n < m, and of a TryLock that
// succeeds likewise. A TryLock that fails, and Locked, synchronize with nothing.
//
// A sync.Mutex is better for a section of a few lines in which nothing waits: it lets a goroutine that runs take the lock
// before one that must be woken first, which makes it much faster when many want it at once. Use this one where a task waits for
// the lock or while holding it, where the wait must end with a context, or where order matters.
type Mutex struct {
	// state is unlocked, locked with nobody waiting, or contended: locked with somebody waiting. One compare-and-swap takes
	// and gives up a lock that is not contended. It becomes contended, and ceases to be, only with mu held.
	state atomic.Int32

	mu   sync.Mutex
	line park.List[struct{}] // guarded by mu; not empty exactly while state is contended, unless mu is held
}

// The values of Mutex.state.
const (
	unlocked int32 = iota
	locked
	contended
)

// Lock takes the lock, and waits while it is held. If ctx ends first, Lock returns its cause and the lock is untouched.
//
//blocklint:cooperative
func (m *Mutex) Lock(ctx context.Context) error {
	if park.Ended(ctx) {
		return park.Err(ctx)
	}
	if m.state.CompareAndSwap(unlocked, locked) {
		return nil
	}
	return m.lockSlow(ctx, "sync2.Mutex.Lock")
}

// lockSlow waits for the lock. what names the wait for people.
func (m *Mutex) lockSlow(ctx context.Context, what string) error {
	m.mu.Lock()
	if m.takeOrContend() {
		m.mu.Unlock()
		return nil
	}
	_, err := m.line.Wait(ctx, &m.mu, struct{}{}, what, m.leftLocked)
	return err
}

// leftLocked is called when a waiter has left the line.
func (m *Mutex) leftLocked() {
	if m.line.Len() == 0 {
		m.state.Store(locked)
	}
}

// insist is Lock that no context ends.
func (m *Mutex) insist(ctx context.Context, what string) error {
	if m.state.CompareAndSwap(unlocked, locked) {
		return nil
	}
	m.mu.Lock()
	if m.takeOrContend() {
		m.mu.Unlock()
		return nil
	}
	_, err := m.line.Insist(ctx, &m.mu, struct{}{}, what, m.leftLocked)
	return err
}

// takeOrContend takes the lock if it is free, and otherwise makes sure that whoever holds it will look for waiters when he gives
// it up. m.mu is held.
func (m *Mutex) takeOrContend() bool {
	for {
		// Whoever holds it may give it up in between, and others take it, without mu. Then this fails, and is tried again.
		switch m.state.Load() {
		case contended:
			return false
		case locked:
			if m.state.CompareAndSwap(locked, contended) {
				return false
			}
		case unlocked:
			if m.state.CompareAndSwap(unlocked, locked) {
				return true
			}
		}
	}
}

// TryLock takes the lock if it is free, and reports whether it did.
func (m *Mutex) TryLock() bool { return m.state.CompareAndSwap(unlocked, locked) }

// Unlock gives the lock up, to whoever has waited longest. It panics, and changes nothing, if the lock is not held.
func (m *Mutex) Unlock() {
	if !m.state.CompareAndSwap(locked, unlocked) {
		m.unlockSlow("sync2.Mutex.Unlock: not locked")
	}
}

func (m *Mutex) unlockSlow(misuse string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if !m.handOver() {
		panic(misuse)
	}
}

// handOver gives the lock up with m.mu held, and reports whether it was held.
func (m *Mutex) handOver() bool {
	w := m.line.Front()
	if w == nil {
		// It is contended without a waiter only if one left in a hub that was given up.
		return m.state.CompareAndSwap(locked, unlocked) || m.state.CompareAndSwap(contended, unlocked)
	}
	// The lock stays locked, and is the waiter's from here on.
	if m.line.Len() == 1 {
		m.state.Store(locked)
	}
	m.line.Grant(w)
	return true
}

// Locked reports whether the lock is held at this moment.
func (m *Mutex) Locked() bool { return m.state.Load() != unlocked }

// Waiting returns the number of Lock calls that wait at this moment.
func (m *Mutex) Waiting() int {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.line.Len()
}
