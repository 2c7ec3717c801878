package hub_test

import (
	"context"
	"errors"
	"io"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/seed6bcf1587/coop/event"
	"github.com/seed6bcf1587/coop/hub"
)

// after starts a task that returns err after d.
func after(ctx context.Context, d time.Duration, err error) *hub.Task {
	return hub.Go(ctx, func(ctx context.Context) error {
		_ = hub.Sleep(ctx, d)
		return err
	})
}

func TestFuture(t *testing.T) {
	err := runVirtual(t, func(ctx context.Context) error {
		f := hub.Spawn(ctx, func(ctx context.Context) (int, error) { return 42, hub.Sleep(ctx, time.Minute) }, hub.Name("answer"))
		short, cancel := hub.WithTimeout(ctx, time.Second)
		defer cancel()
		if v, err := f.Get(short); v != 0 || !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("with a deadline: %v, %v", v, err)
		}
		for range 2 {
			if v, err := f.Get(ctx); v != 42 || err != nil || f.Name() != "answer" {
				t.Errorf("%v, %v", v, err)
			}
		}
		both := hub.Spawn(ctx, func(ctx context.Context) (int, error) { return 7, io.EOF })
		if v, err := both.Get(ctx); v != 7 || err != io.EOF {
			t.Errorf("value and error: %v, %v", v, err)
		}
		panics := hub.Spawn(ctx, func(ctx context.Context) (int, error) { panic("oops") })
		var p *hub.PanicError
		if v, err := panics.Get(ctx); v != 0 || !errors.As(err, &p) || p.Value != "oops" {
			t.Errorf("panic: %v, %v", v, err)
		}
		cancelled := hub.Spawn(ctx, func(ctx context.Context) (int, error) { return 1, nil })
		cancelled.Cancel(io.ErrClosedPipe)
		if v, err := cancelled.Get(ctx); v != 0 || !errors.Is(err, io.ErrClosedPipe) {
			t.Errorf("cancelled: %v, %v", v, err)
		}
		hub.Spawn(ctx, func(ctx context.Context) (int, error) { return 0, io.ErrNoProgress })
		return nil
	}, quiet())
	if !errors.Is(err, io.ErrNoProgress) || errors.Is(err, io.EOF) {
		t.Errorf("Run returned %v", err)
	}
}

func TestJoinAll(t *testing.T) {
	err := runVirtual(t, func(ctx context.Context) error {
		start := hub.Now(ctx)
		fast, slow, good := after(ctx, 2*time.Second, io.EOF), after(ctx, 3*time.Second, io.ErrNoProgress), after(ctx, 4*time.Second, nil)
		if err := hub.JoinAll(ctx, good, slow, fast, slow, good); err != io.EOF || hub.Now(ctx).Sub(start) != 4*time.Second {
			t.Errorf("%v after %v", err, hub.Now(ctx).Sub(start))
		}
		if err := hub.JoinAll(ctx, slow, fast); err != io.EOF {
			t.Errorf("of tasks that have ended: %v", err)
		}
		if err := hub.JoinAll(ctx); err != nil {
			t.Errorf("of none: %v", err)
		}

		// A failure counts for more than a cancellation before it.
		cancelled, fails := hub.Go(ctx, func(ctx context.Context) error { return hub.Sleep(ctx, time.Hour) }), after(ctx, time.Second, io.EOF)
		cancelled.Cancel(io.ErrClosedPipe)
		if err := hub.JoinAll(ctx, cancelled, fails); err != io.EOF {
			t.Errorf("of a cancellation and a failure: %v", err)
		}
		if err := hub.JoinAll(ctx, good, cancelled); !errors.Is(err, io.ErrClosedPipe) {
			t.Errorf("of a cancellation: %v", err)
		}
		self := hub.Current(ctx)
		if got, want := panicOf(func() { _ = hub.JoinAll(ctx, good, self) }), `hub.JoinAll: task "main" joins itself`; got != want {
			t.Errorf("panic %v", got)
		}
		return nil
	})
	if err != nil {
		t.Errorf("Run returned %v", err)
	}
}

// TestJoinAllGivesUp ends the waiting, and not the tasks; nobody is in charge of their errors then.
func TestJoinAllGivesUp(t *testing.T) {
	var first, second *hub.Task
	err := runVirtual(t, func(ctx context.Context) error {
		first, second = after(ctx, time.Second, io.EOF), after(ctx, time.Hour, io.ErrNoProgress)
		short, cancel := hub.WithTimeout(ctx, time.Minute)
		defer cancel()
		if err := hub.JoinAll(short, first, second); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("JoinAll returned %v", err)
		}
		if first.Err() != io.EOF || second.Err() != nil {
			t.Errorf("%v, %v", first.Err(), second.Err())
		}
		return nil
	}, quiet())
	if !errors.Is(err, io.EOF) || !errors.Is(err, io.ErrNoProgress) {
		t.Errorf("Run returned %v", err)
	}
}

// TestUnwoundJoinTakesNoCharge has a joiner that is unwound while the task that it waits for fails.
func TestUnwoundJoinTakesNoCharge(t *testing.T) {
	run, cancel := context.WithCancel(t.Context())
	err := hub.Run(run, func(ctx context.Context) error {
		var fails *hub.Task
		hub.Go(ctx, func(ctx context.Context) error {
			_ = fails.Join(ctx)
			_ = fails.Join(context.WithoutCancel(ctx)) // unwound here
			t.Error("it goes on")
			return nil
		})
		fails = hub.Go(ctx, func(ctx context.Context) error {
			_ = hub.Sleep(ctx, time.Hour)
			return io.EOF
		})
		_ = hub.Sleep(ctx, time.Second)
		cancel()
		return hub.Sleep(ctx, time.Hour)
	}, hub.WithVirtualClock(epoch), quiet())
	if !errors.Is(err, io.EOF) {
		t.Errorf("Run returned %v", err)
	}
}

func TestWaitAny(t *testing.T) {
	err := runVirtual(t, func(ctx context.Context) error {
		slow, fast, never := after(ctx, 3*time.Second, nil), after(ctx, 2*time.Second, io.EOF), hub.Go(ctx, new(event.Event).Wait, hub.Daemon())
		if got, err := hub.WaitAny(ctx, never, slow, fast, fast); got != fast || err != nil {
			t.Errorf("%v, %v", got.Name(), err)
		}
		if got, err := hub.WaitAny(ctx, never, slow); got != slow || err != nil {
			t.Errorf("%v, %v", got.Name(), err)
		}
		if got, err := hub.WaitAny(ctx, never, slow, fast); got != fast || err != nil {
			t.Errorf("of tasks that have ended: %v, %v", got.Name(), err)
		}
		short, cancel := hub.WithTimeout(ctx, time.Minute)
		defer cancel()
		if got, err := hub.WaitAny(short, never); got != nil || !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("%v, %v", got, err)
		}
		if got, want := panicOf(func() { _, _ = hub.WaitAny(ctx) }), "hub.WaitAny: no tasks"; got != want {
			t.Errorf("panic %v", got)
		}
		return nil
	}, quiet())
	if !errors.Is(err, io.EOF) { // WaitAny takes charge of nothing
		t.Errorf("Run returned %v", err)
	}
}

// TestJoinFromOutside joins tasks of two hubs from a goroutine.
func TestJoinFromOutside(t *testing.T) {
	var hubs [2]*hub.Hub
	var quit event.Event
	var running sync.WaitGroup
	for i := range hubs {
		hubs[i] = hub.New(quiet())
		running.Go(func() {
			if err := hubs[i].Run(context.Background(), quit.Wait); err != nil {
				t.Error(err)
			}
		})
	}
	for i := range 200 {
		fails := hubs[0].Go(func(ctx context.Context) error { _ = hub.Yield(ctx); return io.EOF })
		good := hubs[1].Go(hub.Yield)
		any, err := hub.WaitAny(t.Context(), fails, good)
		if any != fails && any != good || err != nil {
			t.Errorf("%d: %v, %v", i, any, err)
		}
		if err := hub.JoinAll(t.Context(), good, fails); err != io.EOF {
			t.Errorf("%d: %v", i, err)
		}
	}
	quit.Set()
	running.Wait()
}

// TestJoinersInOrder has several tasks join one, of which the first ones give up: the others return in the order in which they came.
func TestJoinersInOrder(t *testing.T) {
	for gaveUp := range 4 {
		err := runVirtual(t, func(ctx context.Context) error {
			joined := after(ctx, time.Hour, io.EOF)
			var came []int
			var joiners []*hub.Task
			join := func(i int) {
				joiners = append(joiners, hub.Go(ctx, func(ctx context.Context) error {
					err := joined.Join(ctx)
					if err == io.EOF {
						came = append(came, i)
						return nil
					}
					return err
				}))
				_ = hub.Yield(ctx)
			}
			for i := range 4 {
				join(i)
			}
			for _, j := range joiners[:gaveUp] {
				j.Cancel(nil)
				if err := j.Join(ctx); !errors.Is(err, context.Canceled) {
					t.Errorf("cancelled: %v", err)
				}
			}
			join(4)
			if err := joined.Join(ctx); err != io.EOF {
				t.Error(err)
			}
			if want := []int{0, 1, 2, 3, 4}[gaveUp:]; !slices.Equal(came, want) {
				t.Errorf("came %v, want %v", came, want)
			}
			return nil
		})
		if err != nil {
			t.Error(err)
		}
	}
}

// TestJoinerAfterPosted joins a task that sets an event right before it ends: who waited for that is in line before the joiner.
func TestJoinerAfterPosted(t *testing.T) {
	err := runVirtual(t, func(ctx context.Context) error {
		var ev event.Event
		var order []string
		waits := hub.Go(ctx, func(ctx context.Context) error {
			defer func() { order = append(order, "waiter") }()
			return ev.Wait(ctx)
		})
		if err := hub.Yield(ctx); err != nil {
			return err
		}
		err := hub.Go(ctx, func(context.Context) error { ev.Set(); return nil }).Join(ctx)
		order = append(order, "joiner")
		if err := hub.JoinAll(ctx, waits); err != nil {
			return err
		}
		if !slices.Equal(order, []string{"waiter", "joiner"}) {
			t.Error(order)
		}
		return err
	})
	if err != nil {
		t.Error(err)
	}
}

// TestJoinUnderFire joins tasks from tasks of their hub and of another, and from goroutines, with contexts that end at any time: who is told of the end finds
// what the task did before, and nobody is forgotten.
func TestJoinUnderFire(t *testing.T) {
	for seed := range uint64(20) {
		err := hub.Run(t.Context(), func(ctx context.Context) error {
			rng := rand.New(rand.NewPCG(seed, 8))
			var others sync.WaitGroup
			defer others.Wait() //blocklint:ignore wait they wait for nothing of this hub any more
			for range 100 {
				done := false
				steps := rng.IntN(6)
				joined := hub.Go(ctx, func(ctx context.Context) error {
					for range steps {
						if err := hub.Yield(ctx); err != nil {
							return err
						}
					}
					done = true
					return io.EOF
				})
				join := func(ctx context.Context) error {
					switch err := joined.Join(ctx); {
					case err == io.EOF && done:
					case !errors.Is(err, context.Canceled):
						t.Errorf("%v, done: %v", err, done)
					}
					return nil
				}
				outside, cancel := context.WithCancel(t.Context())
				others.Go(func() { _ = join(outside) })
				others.Go(func() {
					if err := hub.Run(outside, join); err != nil && !errors.Is(err, context.Canceled) {
						t.Error(err)
					}
				})
				var joiners []*hub.Task
				for range 1 + rng.IntN(3) {
					joiners = append(joiners, hub.Go(ctx, join))
				}
				for range rng.IntN(4) {
					_ = hub.Yield(ctx)
				}
				if rng.IntN(2) == 0 {
					cancel()
				}
				joiners[rng.IntN(len(joiners))].Cancel(nil)
				if rng.IntN(8) == 0 {
					joined.Cancel(nil)
				}
				if err := hub.JoinAll(ctx, joiners...); err != nil && !errors.Is(err, context.Canceled) {
					t.Error(err)
				}
				if err := joined.Join(ctx); err != io.EOF && !errors.Is(err, context.Canceled) {
					t.Error(err)
				}
				cancel()
			}
			return nil
		}, hub.WithSeed(seed), quiet())
		if err != nil {
			t.Error(err)
		}
	}
}
