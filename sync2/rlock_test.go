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

func lock(t *testing.T, ctx context.Context, l *sync2.RLock) {
	t.Helper()
	if err := l.Lock(ctx); err != nil {
		t.Error(err)
	}
}

func TestRLockIsReentrant(t *testing.T) {
	worlds.Each(t, func(t *testing.T, w *worlds.World) {
		var l sync2.RLock
		lock(t, w.Ctx, &l)
		lock(t, w.Ctx, &l)
		if !l.TryLock() || l.Depth() != 3 || !l.Locked() {
			t.Errorf("depth %d, locked %v", l.Depth(), l.Locked())
		}
		w.Go(func(context.Context) {
			if l.TryLock() || l.Depth() != 0 || !l.Locked() {
				t.Errorf("another owner sees depth %d, locked %v", l.Depth(), l.Locked())
			}
		})
		w.Settle()
		for range 3 {
			if !l.Locked() {
				t.Error("free before the last Unlock")
			}
			l.Unlock()
		}
		if l.Locked() || l.Depth() != 0 {
			t.Error("held after the last Unlock")
		}
	})
}

func TestRLockHandsOverInOrder(t *testing.T) {
	worlds.Each(t, func(t *testing.T, w *worlds.World) {
		var l sync2.RLock
		lock(t, w.Ctx, &l)
		var got worlds.Log[int]
		for i := range 3 {
			w.Go(func(ctx context.Context) {
				lock(t, ctx, &l)
				got.Add(i)
				l.Unlock()
			})
			w.Settle()
		}
		l.Unlock()
		if l.TryLock() {
			t.Error("TryLock came in before the waiter to whom the lock was handed")
		}
		w.Settle()
		if order := got.Take(); !slices.Equal(order, []int{0, 1, 2}) {
			t.Errorf("got it in the order %v", order)
		}
	})
}

func TestRLockCancelled(t *testing.T) {
	worlds.Each(t, func(t *testing.T, w *worlds.World) {
		var l sync2.RLock
		lock(t, w.Ctx, &l)
		w.Go(func(ctx context.Context) {
			ctx, cancel := w.Timeout(ctx, time.Second)
			defer cancel()
			if err := l.Lock(ctx); !errors.Is(err, context.DeadlineExceeded) {
				t.Errorf("got %v", err)
			}
			if l.Depth() != 0 {
				t.Error("a failed Lock left a depth")
			}
		})
		w.Settle()
		w.Sleep(2 * time.Second)
		l.Unlock()
		if l.Locked() {
			t.Error("the lock was handed to one who had left")
		}
		ended, cancel := context.WithCancel(w.Ctx)
		cancel()
		if err := l.Lock(ended); !errors.Is(err, context.Canceled) || l.Locked() {
			t.Errorf("with an ended context: %v, locked %v", err, l.Locked())
		}
	})
}

func TestRLockUnlockByAnother(t *testing.T) {
	worlds.Each(t, func(t *testing.T, w *worlds.World) {
		const want = "sync2.RLock.Unlock: not locked by the caller"
		var l sync2.RLock
		unlock := func() (got any) {
			defer func() { got = recover() }()
			l.Unlock()
			return nil
		}
		if got := unlock(); got != want {
			t.Errorf("unlocked: panic %v", got)
		}
		lock(t, w.Ctx, &l)
		w.Go(func(context.Context) {
			if got := unlock(); got != want {
				t.Errorf("not the owner: panic %v", got)
			}
		})
		w.Settle()
		if l.Depth() != 1 {
			t.Errorf("depth %d after an Unlock that panicked", l.Depth())
		}
		l.Unlock()
	})
}

// TestRLockExcludes lets impatient parties fight for a lock. The witness is a plain counter that each changes in two steps.
func TestRLockExcludes(t *testing.T) {
	var l sync2.RLock
	inside, done := 0, 0
	worlds.Hammer(t, 30, func(ctx context.Context, rng *rand.Rand) {
		for range 300 {
			c, cancel := worlds.Impatient(ctx, rng)
			depth := 0
			for range 1 + rng.IntN(3) {
				if l.Lock(c) == nil {
					depth++
				}
			}
			if depth > 0 {
				inside++
				_ = hub.Yield(ctx)
				if inside != 1 {
					t.Errorf("%d inside", inside)
				}
				inside--
				done++
			}
			for range depth {
				l.Unlock()
			}
			cancel()
		}
	})
	if l.Locked() || done == 0 {
		t.Errorf("after all is over: locked %v, %d times held", l.Locked(), done)
	}
}
