package sync2_test

import (
	"context"
	"fmt"
	"io"
	"testing"

	"github.com/seed6bcf1587/coop/hub"
	"github.com/seed6bcf1587/coop/sync2"
)

// panics calls f and checks what it panics with.
func panics(t *testing.T, want string, f func()) {
	t.Helper()
	defer func() {
		t.Helper()
		if got := fmt.Sprint(recover()); got != want {
			t.Errorf("panic %q, want %q", got, want)
		}
	}()
	f()
}

func TestMisuse(t *testing.T) {
	var m sync2.Mutex
	panics(t, "sync2.Mutex.Unlock: not locked", m.Unlock)
	if m.Locked() || !m.TryLock() {
		t.Error("an Unlock that panicked left the mutex locked")
	}
	m.Unlock()

	var l sync2.RLock
	panics(t, "sync2.RLock.Unlock: not locked by the caller", l.Unlock)

	panics(t, "sync2.NewCond: nil Locker", func() { sync2.NewCond(nil) })
	for _, locker := range []sync2.Locker{&m, &l, foreign{new(sync2.Mutex)}} {
		c := sync2.NewCond(locker)
		ctx := t.Context()
		const unheld = ": the lock is not held by the caller"
		panics(t, "sync2.Cond.Wait"+unheld, func() { _ = c.Wait(ctx) })
		panics(t, "sync2.Cond.WaitFor"+unheld, func() { _ = c.WaitFor(ctx, func() bool { return true }) })
		panics(t, "sync2.Cond.Notify"+unheld, func() { c.Notify(1) })
		panics(t, "sync2.Cond.NotifyAll"+unheld, func() { c.NotifyAll() })
		if err := locker.Lock(ctx); err != nil {
			t.Error(err)
		}
		panics(t, "sync2.Cond.Notify: negative number -1", func() { c.Notify(-1) })
		panics(t, "sync2.Cond.WaitFor: nil function", func() { _ = c.WaitFor(ctx, nil) })
		c.Notify(0)
		locker.Unlock()
	}

	panics(t, "sync2.NewBarrier: 0 parties: must be at least 1", func() { sync2.NewBarrier(0, nil) })
	b := sync2.NewBarrier(1, func() error { panic(io.EOF) })
	panics(t, "EOF", func() { _, _ = b.Wait(t.Context()) })
	if !b.Broken() {
		t.Error("an action that panicked left the barrier whole")
	}

	panics(t, "sync2.NewLatch: negative count -1", func() { sync2.NewLatch(-1) })
	latch := sync2.NewLatch(1)
	latch.CountDown()
	panics(t, "sync2.Latch.CountDown: the count is zero already", latch.CountDown)
	if latch.Count() != 0 {
		t.Error(latch.Count())
	}
}

// foreign is a Locker that the package does not know.
type foreign struct{ m *sync2.Mutex }

func (f foreign) Lock(ctx context.Context) error { return f.m.Lock(ctx) }
func (f foreign) TryLock() bool                  { return f.m.TryLock() }
func (f foreign) Unlock()                        { f.m.Unlock() }

// TestContextOfAnotherTask waits in one task with the context of another: that panics, and leaves the lock held, and the barrier as if the party had given up.
func TestContextOfAnotherTask(t *testing.T) {
	err := hub.Run(t.Context(), func(ctx context.Context) error {
		return hub.Go(ctx, func(own context.Context) error {
			refused := func(what string, wait func()) {
				defer func() {
					if recover() == nil {
						t.Errorf("%s does not panic", what)
					}
				}()
				wait()
			}
			var m sync2.Mutex
			lock(t, own, &m)
			c := sync2.NewCond(&m)
			refused("Cond.Wait", func() { _ = c.Wait(ctx) }) //blocklint:ignore ctx that is the misuse
			if !m.Locked() || c.Waiting() != 0 {
				t.Errorf("Cond: locked %v, %d wait", m.Locked(), c.Waiting())
			}
			b := sync2.NewBarrier(2, nil)
			refused("Barrier.Wait", func() { _, _ = b.Wait(ctx) }) //blocklint:ignore ctx that is the misuse
			if !b.Broken() || b.Waiting() != 0 {
				t.Errorf("Barrier: broken %v, %d wait", b.Broken(), b.Waiting())
			}
			return nil
		}).Join(ctx)
	})
	if err != nil {
		t.Error(err)
	}
}

// TestCondWithoutCancel waits in a task with a context that cannot end: it parks the task all the same.
func TestCondWithoutCancel(t *testing.T) {
	err := hub.Run(t.Context(), func(ctx context.Context) error {
		var m sync2.Mutex
		c := sync2.NewCond(&m)
		waits := hub.Go(ctx, func(ctx context.Context) error {
			lock(t, ctx, &m)
			defer m.Unlock()
			return c.Wait(context.WithoutCancel(ctx))
		})
		_ = hub.Yield(ctx)
		lock(t, ctx, &m)
		c.NotifyAll()
		m.Unlock()
		return waits.Join(ctx)
	})
	if err != nil {
		t.Error(err)
	}
}
