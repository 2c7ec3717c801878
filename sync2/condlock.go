package sync2

import (
	"context"
	"sync"

	"github.com/seed6bcf1587/coop/internal/goid"
	"github.com/seed6bcf1587/coop/internal/park"
)

// A lock is what a Cond needs of its Locker: that it can be given up and taken again as it was.
//
// The locks of this package share the mutex of their line with the Cond. Then Notify need not wake a waiter only to let it run into
// the lock, which the notifier still holds: it moves the waiter from one line to the other. The waiter is woken once, with the lock in its hand, and
// those who are notified together get the lock in their order.
type lock interface {
	isHeld() bool // as far as it can be known, by the caller
	guard() *sync.Mutex

	// release gives the lock up, and notify notifies the first n waiters. The guard is held.
	release() (depth int)
	notify(waiters *park.List[struct{}], n int)

	// regain completes the wait of one who has been notified or not. It fails only in a hub that is given up.
	regain(ctx context.Context, depth int, notified bool) error
}

const regaining = "sync2.Cond.Wait, for the lock"

// mutexLock is a Mutex as a Cond's lock.
type mutexLock Mutex

func (l *mutexLock) mutex() *Mutex      { return (*Mutex)(l) }
func (l *mutexLock) isHeld() bool       { return l.mutex().Locked() }
func (l *mutexLock) guard() *sync.Mutex { return &l.mu }

func (l *mutexLock) release() int {
	l.mutex().handOver()
	return 1
}

func (l *mutexLock) notify(waiters *park.List[struct{}], n int) { l.mutex().moveHere(waiters, n) }

func (l *mutexLock) regain(ctx context.Context, _ int, notified bool) error {
	if notified {
		return nil // it was handed over
	}
	return l.mutex().insist(ctx, regaining)
}

// moveHere moves the first n of waiters to the end of m's line. m.mu is held.
func (m *Mutex) moveHere(waiters *park.List[struct{}], n int) {
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

// rLock is an RLock as a Cond's lock.
type rLock RLock

func (l *rLock) isHeld() bool       { return (*RLock)(l).Depth() > 0 }
func (l *rLock) guard() *sync.Mutex { return &l.lock.mu }

func (l *rLock) release() int {
	depth := (*RLock)(l).disown(goid.Get())
	l.lock.handOver()
	return depth
}

func (l *rLock) notify(waiters *park.List[struct{}], n int) { l.lock.moveHere(waiters, n) }

func (l *rLock) regain(ctx context.Context, depth int, notified bool) error {
	if !notified {
		if err := l.lock.insist(ctx, regaining); err != nil {
			return err
		}
	}
	(*RLock)(l).own(goid.Get(), depth)
	return nil
}

// otherLock is a Locker that this package does not know.
type otherLock struct {
	Locker
	mu sync.Mutex
}

func (l *otherLock) isHeld() bool {
	if l.TryLock() {
		l.Unlock()
		return false
	}
	return true
}

func (l *otherLock) guard() *sync.Mutex { return &l.mu }

func (l *otherLock) release() int {
	l.Unlock()
	return 1
}

func (l *otherLock) notify(waiters *park.List[struct{}], n int) {
	for ; n > 0 && waiters.Len() > 0; n-- {
		waiters.Grant(waiters.Front())
	}
}

func (l *otherLock) regain(ctx context.Context, _ int, _ bool) error {
	return l.Lock(context.WithoutCancel(ctx))
}
