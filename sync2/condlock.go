package sync2

import (
	"context"

	"github.com/seed6bcf1587/coop/internal/goid"
	"github.com/seed6bcf1587/coop/internal/park"
)

// A condLock is the Locker of a Cond, as one that can be given up and taken again as it was.
//
// The locks of this package share the mutex of their line with the Cond. Then Notify need not wake a waiter only to let it run into
// the lock, which the notifier still holds: it moves the waiter from one line to the other. The waiter is woken once, with the lock in its hand, and
// those who are notified together get the lock in their order.
type condLock struct {
	mutex *Mutex // the Locker, or what is inside of rlock; nil if other is set
	rlock *RLock // the Locker, or nil
	other Locker // one that this package does not know, or nil
}

// isHeld reports whether the lock is held, by the caller as far as that can be known.
func (l *condLock) isHeld() bool {
	switch {
	case l.rlock != nil:
		return l.rlock.Depth() > 0
	case l.mutex != nil:
		return l.mutex.Locked()
	case l.other.TryLock():
		l.other.Unlock()
		return false
	}
	return true
}

// release gives the lock up. The guard is held.
func (l *condLock) release() (depth int) {
	if l.rlock != nil {
		depth = l.rlock.disown(goid.Get())
	}
	if l.mutex != nil {
		l.mutex.handOver()
	} else {
		l.other.Unlock()
	}
	return depth
}

// moveHere moves the first n of waiters to the end of m's line. m.mu is held.
func (m *Mutex) moveHere(waiters *park.List[struct{}], n int) {
	if n == 0 || waiters.Len() == 0 {
		return
	}
	// The notifier holds the lock; but a Mutex may be unlocked by anybody, even now. If it was, it is taken for the first waiter.
	taken := m.takeOrContend()
	for ; n > 0 && waiters.Len() > 0; n-- {
		waiters.Promise(waiters.Front(), &m.line)
	}
	if taken {
		m.state.Store(contended)
		m.handOver()
	}
}

// regain takes the lock again, as deep as release gave it up, for one who has been notified or not. It fails only in a hub that is given up.
func (l *condLock) regain(ctx context.Context, depth int, notified bool) error {
	switch {
	case l.mutex == nil:
		return l.other.Lock(context.WithoutCancel(ctx))
	case !notified: // else it was handed over
		if err := l.mutex.insist(ctx, "sync2.Cond.Wait, for the lock"); err != nil {
			return err
		}
	}
	if l.rlock != nil {
		l.rlock.own(goid.Get(), depth)
	}
	return nil
}
