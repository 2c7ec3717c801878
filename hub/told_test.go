package hub_test

import (
	"context"
	"errors"
	"io"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/seed6bcf1587/coop/event"
	"github.com/seed6bcf1587/coop/hub"
	"github.com/seed6bcf1587/coop/sync2"
)

// This file is about who is told what went wrong: nothing is dropped, and nothing is invented.

// TestBusyTaskSeesEnd asks only Err, and never waits.
func TestBusyTaskSeesEnd(t *testing.T) {
	run, cancelRun := context.WithCancel(t.Context())
	err := hub.Run(run, func(ctx context.Context) error {
		short, cancel := hub.WithTimeout(ctx, time.Millisecond)
		defer cancel()
		for short.Err() == nil {
		}
		if !errors.Is(short.Err(), context.DeadlineExceeded) || ctx.Err() != nil {
			t.Errorf("timeout: %v, task: %v", short.Err(), ctx.Err())
		}
		go cancelRun()
		for ctx.Err() == nil {
		}
		return nil
	})
	if err != nil {
		t.Error(err)
	}
}

// TestErrComesLast asks Err of a task that another goroutine cancels: when it says so, Done and Cause do too.
func TestErrComesLast(t *testing.T) {
	why := errors.New("why")
	for range 300 {
		err := hub.Run(t.Context(), func(ctx context.Context) error {
			self, done := hub.Current(ctx), ctx.Done()
			var wg sync.WaitGroup
			wg.Go(func() { self.Cancel(why) })
			for ctx.Err() == nil {
			}
			if cause := context.Cause(ctx); cause != why {
				t.Errorf("Cause is %v", cause)
			}
			select {
			case <-done:
			default:
				t.Error("Err before Done")
			}
			wg.Wait() //blocklint:ignore wait it is about to end
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
}

// TestWaitSaysWhy checks that a wait fails with the error and the cause of its own context.
func TestWaitSaysWhy(t *testing.T) {
	run, cancel := context.WithTimeout(t.Context(), time.Millisecond)
	defer cancel()
	_ = hub.Run(run, func(ctx context.Context) error {
		err := hub.Sleep(ctx, time.Hour)
		if !errors.Is(err, context.DeadlineExceeded) || errors.Is(err, context.Canceled) {
			t.Errorf("Run's deadline: %v", err)
		}
		return err
	})
	err := runVirtual(t, func(ctx context.Context) error {
		d := hub.Go(ctx, func(ctx context.Context) error {
			if err := hub.Sleep(ctx, time.Hour); !errors.Is(err, io.EOF) {
				t.Errorf("cancelled, then stopped: %v", err)
			}
			return nil
		}, hub.Daemon())
		_ = hub.Yield(ctx)
		d.Cancel(io.EOF)
		return nil
	})
	if err != nil {
		t.Error(err)
	}
}

func TestEndOfRunContextIsDeterministic(t *testing.T) {
	seen := map[int]int{}
	for range 100 {
		run, cancel := context.WithCancel(t.Context())
		n := 0
		_ = hub.Run(run, func(ctx context.Context) error {
			hub.Go(ctx, func(ctx context.Context) error {
				for hub.Yield(ctx) == nil {
					n++
				}
				return nil
			})
			_ = hub.Sleep(ctx, 0)
			cancel()
			return nil
		}, hub.WithVirtualClock(epoch))
		seen[n]++
	}
	if len(seen) != 1 {
		t.Errorf("numbers of yields, and how often: %v", seen)
	}
}

func TestShieldedYieldIsUnwound(t *testing.T) {
	run, cancel := context.WithCancel(t.Context())
	n := 0
	_ = hub.Run(run, func(ctx context.Context) error {
		ctx = context.WithoutCancel(ctx)
		cancel()
		for ; n < 10_000; n++ {
			_ = hub.Yield(ctx)
		}
		return nil
	}, hub.WithVirtualClock(epoch))
	if n == 10_000 {
		t.Error("never unwound")
	}
}

// TestFailuresOfCancelledTasks checks that a cancelled task which does more than return its cancellation has failed.
func TestFailuresOfCancelledTasks(t *testing.T) {
	lock := &sync2.RLock{Name: "forgotten"}
	for want, fn := range map[string]func(ctx context.Context) error{
		"panic: ": func(ctx context.Context) error {
			panic(hub.Sleep(ctx, time.Hour))
		},
		`still holds sync2.RLock "forgotten"`: func(ctx context.Context) error {
			_ = lock.Lock(ctx)
			return hub.Sleep(ctx, time.Hour)
		},
		"short write": func(ctx context.Context) error {
			return errors.Join(hub.Sleep(ctx, time.Hour), io.ErrShortWrite)
		},
		"index out of range": func(ctx context.Context) error {
			defer func() { _ = hub.Sleep(ctx, 1) }() // must not overtake the panic
			_ = hub.Sleep(ctx, time.Hour)
			var none []int
			none[len(none)]++
			return nil
		},
	} {
		run, cancel := context.WithCancel(t.Context())
		err := hub.Run(run, func(ctx context.Context) error {
			hub.Go(ctx, fn)
			_ = hub.Yield(ctx)
			cancel()
			return nil
		}, hub.WithVirtualClock(epoch), quiet())
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("no %q in %v", want, err)
		}
	}
}

func TestJoinThatGaveUpTakesNoCharge(t *testing.T) {
	err := runVirtual(t, func(ctx context.Context) error {
		fails := hub.Go(ctx, func(ctx context.Context) error {
			_ = hub.Sleep(ctx, time.Second)
			return io.EOF
		})
		short, cancel := hub.WithTimeout(ctx, time.Millisecond)
		defer cancel()
		_ = fails.Join(short)
		return nil
	}, quiet())
	if !errors.Is(err, io.EOF) {
		t.Errorf("Run returned %v", err)
	}
}

// TestLateTaskIsNoFailure starts tasks when the hub is on its way out.
func TestLateTaskIsNoFailure(t *testing.T) {
	err := runVirtual(t, func(ctx context.Context) error {
		hub.Go(ctx, func(ctx context.Context) error {
			err := hub.Sleep(ctx, time.Hour)
			hub.Go(ctx, func(context.Context) error { return nil })
			return err
		}, hub.Daemon())
		return hub.Sleep(ctx, time.Second)
	})
	if err != nil {
		t.Errorf("Run returned %v", err)
	}
	for range 500 {
		h := hub.New(quiet())
		var wg sync.WaitGroup
		for range 2 {
			wg.Go(func() { _ = h.Go(hub.Yield).Join(context.Background()) })
		}
		if err := h.Run(t.Context(), hub.Yield); err != nil {
			t.Fatal(err)
		}
		wg.Wait()
	}
}

// TestForeignContextPoisonsNothing waits with another task's context, which panics, and uses the same primitives after.
func TestForeignContextPoisonsNothing(t *testing.T) {
	err := runVirtual(t, func(ctx context.Context) error {
		var e event.Event
		var m sync2.Mutex
		c := sync2.NewCond(&m)
		_ = m.Lock(ctx)
		for _, wait := range []func() error{
			func() error { return e.Wait(ctx) }, //blocklint:ignore ctx the mistake that is tested
			func() error { return m.Lock(ctx) }, //blocklint:ignore ctx likewise
			func() error { return c.Wait(ctx) }, //blocklint:ignore ctx likewise
		} {
			bad := hub.Go(ctx, func(context.Context) error { return wait() })
			var p *hub.PanicError
			if err := bad.Join(ctx); !errors.As(err, &p) {
				t.Errorf("got %v", err)
			}
		}
		c.NotifyAll()
		m.Unlock()
		if !m.TryLock() {
			t.Error("the mutex is held")
		}
		e.Set()
		return e.Wait(ctx)
	})
	if err != nil {
		t.Error(err)
	}
}
