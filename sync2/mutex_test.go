package sync2_test

import (
	"context"
	"errors"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/seed6bcf1587/coop/hub"
	"github.com/seed6bcf1587/coop/internal/worlds"
	"github.com/seed6bcf1587/coop/sync2"
)

// lockers are the locks that must all do what a Locker does.
func lockers() map[string]func() sync2.Locker {
	return map[string]func() sync2.Locker{
		"Mutex": func() sync2.Locker { return new(sync2.Mutex) },
		"RLock": func() sync2.Locker { return new(sync2.RLock) },
	}
}

// eachLocker runs body for each lock in each world.
func eachLocker(t *testing.T, body func(t *testing.T, w *worlds.World, l sync2.Locker)) {
	for name, make := range lockers() {
		t.Run(name, func(t *testing.T) {
			worlds.Each(t, func(t *testing.T, w *worlds.World) { body(t, w, make()) })
		})
	}
}

func lock(t *testing.T, ctx context.Context, l sync2.Locker) {
	t.Helper()
	if err := l.Lock(ctx); err != nil {
		t.Error(err)
	}
}

func TestLockersHandOverInOrder(t *testing.T) {
	eachLocker(t, func(t *testing.T, w *worlds.World, l sync2.Locker) {
		lock(t, w.Ctx, l)
		var got worlds.Log[int]
		for i := range 3 {
			w.Go(func(ctx context.Context) {
				lock(t, ctx, l)
				got.Add(i)
				l.Unlock()
			})
			w.Settle()
		}
		if n := l.(interface{ Waiting() int }).Waiting(); n != 3 {
			t.Errorf("%d wait", n)
		}
		l.Unlock()
		if l.TryLock() {
			t.Error("TryLock came in before the waiter to whom the lock was handed")
		}
		w.Settle()
		if order := got.Take(); !slices.Equal(order, []int{0, 1, 2}) {
			t.Errorf("got it in the order %v", order)
		}
		if !l.TryLock() {
			t.Error("not free in the end")
		}
		l.Unlock()
	})
}

func TestLockersCancelled(t *testing.T) {
	eachLocker(t, func(t *testing.T, w *worlds.World, l sync2.Locker) {
		lock(t, w.Ctx, l)
		var got worlds.Log[error]
		patience := []time.Duration{time.Hour, time.Second, time.Hour}
		for _, d := range patience {
			w.Go(func(ctx context.Context) {
				c, cancel := w.Timeout(ctx, d)
				defer cancel()
				err := l.Lock(c)
				got.Add(err)
				if err == nil {
					l.Unlock()
				}
			})
			w.Settle()
		}
		w.Sleep(2 * time.Second)
		if errs := got.Take(); len(errs) != 1 || !errors.Is(errs[0], context.DeadlineExceeded) {
			t.Errorf("after two seconds: %v", errs)
		}
		if n := l.(interface{ Waiting() int }).Waiting(); n != 2 {
			t.Errorf("%d wait", n)
		}
		l.Unlock()
		w.Settle()
		if errs := got.Take(); !slices.Equal(errs, []error{nil, nil}) {
			t.Errorf("after Unlock: %v", errs)
		}

		ended, cancel := context.WithCancel(w.Ctx)
		cancel()
		if err := l.Lock(ended); !errors.Is(err, context.Canceled) {
			t.Errorf("Lock of a free lock with an ended context: %v", err)
		}
		if !l.TryLock() {
			t.Error("a Lock that failed took the lock")
		}
		if err := l.Lock(ended); !errors.Is(err, context.Canceled) {
			t.Errorf("Lock of a held lock with an ended context: %v", err)
		}
		l.Unlock()
		if !l.TryLock() {
			t.Error("a Lock that failed changed the depth")
		}
		l.Unlock()
	})
}

// TestLockersCancelMeetsUnlock ends the context of the first in line, and gives the lock up, in one go: the first gets an error or the lock, and
// the second gets the lock when that is settled.
func TestLockersCancelMeetsUnlock(t *testing.T) {
	eachLocker(t, func(t *testing.T, w *worlds.World, l sync2.Locker) {
		for _, cancelFirst := range []bool{true, false} {
			lock(t, w.Ctx, l)
			var cancel context.CancelFunc
			var got worlds.Log[string]
			inside := 0
			enter := func(name string, err error) {
				if err == nil {
					if inside++; inside != 1 {
						t.Errorf("%d inside", inside)
					}
					inside--
					l.Unlock()
				} else if !errors.Is(err, context.Canceled) || cancelFirst == false {
					t.Errorf("%s, cancelled first %v: %v", name, cancelFirst, err)
				}
				got.Add(name)
			}
			w.Go(func(ctx context.Context) {
				ctx, cancel = context.WithCancel(ctx)
				enter("first", l.Lock(ctx))
			})
			w.Settle()
			w.Go(func(ctx context.Context) { enter("second", l.Lock(ctx)) })
			w.Settle()
			if cancelFirst {
				cancel()
				l.Unlock()
			} else {
				l.Unlock()
				cancel() // it has the lock already
			}
			w.Settle()
			if n := l.(interface{ Waiting() int }).Waiting(); n != 0 || len(got.Take()) != 2 || !l.TryLock() {
				t.Errorf("cancelled first %v: %d wait", cancelFirst, n)
			}
			l.Unlock()
		}
	})
}

// TestLockersTurnsGoRound lets each party come back as soon as it has unlocked: it stands at the end of the line.
func TestLockersTurnsGoRound(t *testing.T) {
	eachLocker(t, func(t *testing.T, w *worlds.World, l sync2.Locker) {
		var order worlds.Log[int]
		for i := range 3 {
			w.Go(func(ctx context.Context) {
				for range 3 {
					lock(t, ctx, l)
					order.Add(i)
					_ = hub.Sleep(ctx, time.Second)
					l.Unlock()
				}
			})
			w.Settle()
		}
		w.Sleep(20 * time.Second)
		if got := order.Take(); !slices.Equal(got, []int{0, 1, 2, 0, 1, 2, 0, 1, 2}) {
			t.Errorf("turns: %v", got)
		}
	})
}

// TestMutexIsNotReentrant locks a mutex twice: the second Lock waits, until somebody else unlocks.
func TestMutexIsNotReentrant(t *testing.T) {
	worlds.Each(t, func(t *testing.T, w *worlds.World) {
		var m sync2.Mutex
		phase := 0
		w.Go(func(ctx context.Context) {
			lock(t, ctx, &m)
			phase = 1
			if m.TryLock() {
				t.Error("TryLock of a mutex that is held")
			}
			lock(t, ctx, &m)
			phase = 2
		})
		w.Settle()
		if phase != 1 || m.Waiting() != 1 || m.TryLock() {
			t.Errorf("phase %d, %d wait", phase, m.Waiting())
		}
		m.Unlock()
		w.Settle()
		if phase != 2 || !m.Locked() {
			t.Errorf("phase %d, locked %v", phase, m.Locked())
		}
		m.Unlock()
		panics(t, "sync2.Mutex.Unlock: not locked", m.Unlock)
	})
}

func TestMutexUnlockedByAnother(t *testing.T) {
	worlds.Each(t, func(t *testing.T, w *worlds.World) {
		var m sync2.Mutex
		lock(t, w.Ctx, &m)
		w.Go(func(context.Context) { m.Unlock() })
		w.Settle()
		if m.Locked() {
			t.Error("still locked")
		}
	})
}

// TestLockersExclude lets impatient parties fight for a lock. The witness is a plain counter that each changes in two steps: the race
// detector, and the value, show when two are inside.
func TestLockersExclude(t *testing.T) {
	for name, make := range lockers() {
		t.Run(name, func(t *testing.T) {
			worlds.Hammer(t, 64, func(t *testing.T) (func(context.Context, *rand.Rand), func()) {
				l := make()
				inside, done := 0, 0
				party := func(ctx context.Context, rng *rand.Rand) {
					for range worlds.Rounds(50) {
						c, cancel := worlds.Impatient(ctx, rng)
						if l.Lock(c) == nil {
							inside++
							worlds.Dawdle(ctx, rng)
							if inside != 1 {
								t.Errorf("%d inside", inside)
							}
							inside--
							done++
							l.Unlock()
						}
						cancel()
					}
				}
				return party, func() {
					if n := l.(interface{ Waiting() int }).Waiting(); n != 0 || !l.TryLock() || done == 0 {
						t.Errorf("not free in the end: %d wait, %d were inside", n, done)
					}
				}
			})
		})
	}
}

func TestLockersAllocateNothing(t *testing.T) {
	ctx := t.Context()
	for name, make := range lockers() {
		l := make()
		if n := testing.AllocsPerRun(1000, func() {
			_ = l.Lock(ctx)
			l.Unlock()
		}); n != 0 {
			t.Errorf("%s: %v allocations", name, n)
		}
	}
}
