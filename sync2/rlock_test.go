package sync2_test

import (
	"context"
	"io"
	"math/rand/v2"
	"runtime"
	"strings"
	"testing"

	"github.com/seed6bcf1587/coop/hub"
	"github.com/seed6bcf1587/coop/internal/goid"
	"github.com/seed6bcf1587/coop/internal/worlds"
	"github.com/seed6bcf1587/coop/sync2"
)

func TestRLockIsReentrant(t *testing.T) {
	for _, fast := range []bool{true, false} {
		if !fast {
			defer goid.Distrust()()
		}
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
			panics(t, "sync2.RLock.Unlock: not locked by the caller", l.Unlock)
		})
	}
}

func TestRLockUnlockByAnother(t *testing.T) {
	worlds.Each(t, func(t *testing.T, w *worlds.World) {
		const want = "sync2.RLock.Unlock: not locked by the caller"
		var l sync2.RLock
		panics(t, want, l.Unlock)
		lock(t, w.Ctx, &l)
		lock(t, w.Ctx, &l)
		w.Go(func(context.Context) { panics(t, want, l.Unlock) })
		w.Settle()
		if l.Depth() != 2 {
			t.Errorf("depth %d after an Unlock that panicked", l.Depth())
		}
		l.Unlock()
		l.Unlock()
	})
}

// TestRLockForgotten ends tasks that hold locks: that is an error which names both, and no other task inherits the lock.
func TestRLockForgotten(t *testing.T) {
	named, unnamed, tried, given := &sync2.RLock{Name: "accounts"}, new(sync2.RLock), new(sync2.RLock), new(sync2.RLock)
	err := hub.Run(t.Context(), func(ctx context.Context) error {
		forgets := hub.Go(ctx, func(ctx context.Context) error {
			lock(t, ctx, given)
			lock(t, ctx, named)
			lock(t, ctx, unnamed)
			lock(t, ctx, named)
			if !tried.TryLock() {
				t.Error("TryLock failed")
			}
			given.Unlock()
			return io.EOF
		}, hub.Name("clerk"))
		err := forgets.Join(ctx)
		for _, want := range []string{"EOF", `task "clerk" ended and still holds sync2.RLock "accounts"`, unnamed.String(), tried.String()} {
			if !strings.Contains(err.Error(), want) {
				t.Errorf("no %q in %v", want, err)
			}
		}
		if strings.Contains(err.Error(), given.String()) {
			t.Errorf("a lock that was given up in %v", err)
		}
		// The next task runs on the same goroutine.
		next := hub.Go(ctx, func(context.Context) error {
			for _, l := range []*sync2.RLock{named, unnamed, tried} {
				if l.TryLock() || l.Depth() != 0 || !l.Locked() {
					t.Errorf("%v was inherited", l)
				}
			}
			if !given.TryLock() {
				t.Error("the lock that was given up is held")
			}
			given.Unlock()
			return nil
		})
		return next.Join(ctx)
	})
	if err != nil {
		t.Error(err)
	}
}

// TestRLockForgottenByCallback lets callbacks of a task, which run on its goroutine when it has ended, forget a lock: no other task inherits it.
func TestRLockForgottenByCallback(t *testing.T) {
	for name, end := range map[string]func(){"return": func() {}, "Goexit": runtime.Goexit} {
		t.Run(name, func(t *testing.T) {
			l := &sync2.RLock{Name: "accounts"}
			err := hub.Run(t.Context(), func(ctx context.Context) error {
				hub.Go(ctx, func(context.Context) error { return nil }, hub.Name("clerk")).OnDone(func(*hub.Task) {
					l.TryLock()
					end()
				})
				return hub.Go(ctx, func(context.Context) error {
					if l.TryLock() || l.Depth() != 0 || !l.Locked() {
						t.Error("the lock was inherited")
					}
					return nil
				}).Join(ctx)
			})
			if want := `a callback of task "clerk" ended and still holds sync2.RLock "accounts"`; err == nil || !strings.Contains(err.Error(), want) {
				t.Errorf("no %q in %v", want, err)
			}
		})
	}
}

// TestRLockDepthUnderFire locks to random depths.
func TestRLockDepthUnderFire(t *testing.T) {
	worlds.Hammer(t, 30, func(t *testing.T) (func(context.Context, *rand.Rand), func()) {
		var l sync2.RLock
		inside := 0
		party := func(ctx context.Context, rng *rand.Rand) {
			for range worlds.Rounds(50) {
				c, cancel := worlds.Impatient(ctx, rng)
				depth := 0
				for range 1 + rng.IntN(3) {
					if l.Lock(c) == nil {
						depth++
					}
				}
				if depth > 0 {
					inside++
					worlds.Dawdle(ctx, rng)
					if inside != 1 || l.Depth() != depth {
						t.Errorf("%d inside, depth %d, want %d", inside, l.Depth(), depth)
					}
					inside--
				}
				for range depth {
					l.Unlock()
				}
				cancel()
			}
		}
		return party, func() {
			if l.Locked() || l.Waiting() != 0 {
				t.Error("not free in the end")
			}
		}
	})
}
