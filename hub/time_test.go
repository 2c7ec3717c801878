package hub_test

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/seed6bcf1587/coop/event"
	"github.com/seed6bcf1587/coop/hub"
)

// onClocks runs main on the virtual clock, and on the real one in a bubble, where it is fake.
func onClocks(t *testing.T, main func(t *testing.T, ctx context.Context) error, opts ...hub.Option) {
	t.Helper()
	t.Run("virtual", func(t *testing.T) {
		if err := runVirtual(t, func(ctx context.Context) error { return main(t, ctx) }, opts...); err != nil {
			t.Error(err)
		}
	})
	t.Run("real", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			if err := hub.Run(t.Context(), func(ctx context.Context) error { return main(t, ctx) }, opts...); err != nil {
				t.Error(err)
			}
		})
	})
}

func TestSleepUntil(t *testing.T) {
	onClocks(t, func(t *testing.T, ctx context.Context) error {
		start := hub.Now(ctx)
		for _, d := range []time.Duration{time.Hour, time.Hour, 30 * time.Minute, 2 * time.Hour} {
			if err := hub.SleepUntil(ctx, start.Add(d)); err != nil || hub.Now(ctx).Sub(start) < d {
				t.Errorf("until %v: %v at %v", d, err, hub.Now(ctx).Sub(start))
			}
		}
		if now := hub.Now(ctx).Sub(start); now != 2*time.Hour {
			t.Errorf("it is %v", now)
		}
		short, cancel := hub.WithTimeout(ctx, time.Second)
		defer cancel()
		if err := hub.SleepUntil(short, start.Add(24*time.Hour)); !errors.Is(err, context.DeadlineExceeded) {
			t.Error(err)
		}
		if err := hub.SleepUntil(short, start); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("in the past, ended: %v", err)
		}
		return nil
	})
	synctest.Test(t, func(t *testing.T) {
		start := time.Now()
		if err := hub.SleepUntil(t.Context(), start.Add(time.Hour)); err != nil || time.Since(start) != time.Hour {
			t.Errorf("outside: %v after %v", err, time.Since(start))
		}
	})
}

// TestTimersInOrder starts timers for random times, and stops and resets some: they go off in the order of their times, and those for the same
// instant in the order in which they were set.
func TestTimersInOrder(t *testing.T) {
	onClocks(t, func(t *testing.T, ctx context.Context) error {
		start, rng := hub.Now(ctx), rand.New(rand.NewPCG(1, 2))
		type due struct {
			after time.Duration
			seq   int
		}
		var got, want []due
		var timers []*hub.Timer
		seq := 0
		set := func(d time.Duration) due {
			seq++
			return due{d, seq}
		}
		for range 500 {
			w := set(time.Duration(rng.IntN(50)) * time.Second)
			want = append(want, w)
			timers = append(timers, hub.AfterFunc(ctx, w.after, func(ctx context.Context) error {
				if now := hub.Now(ctx).Sub(start); now != w.after {
					t.Errorf("fired at %v, not at %v", now, w.after)
				}
				got = append(got, w)
				return nil
			}))
		}
		for i := len(timers) - 1; i >= 0; i -= 3 {
			if !timers[i].Stop() || timers[i].Stop() {
				t.Error("Stop: a pending timer was none, or one that had been stopped was")
			}
			want = slices.Delete(want, i, i+1)
		}
		slices.SortFunc(want, func(a, b due) int { return cmp.Or(cmp.Compare(a.after, b.after), a.seq-b.seq) })
		_ = hub.Sleep(ctx, time.Minute)
		if !slices.Equal(got, want) {
			t.Errorf("got  %v\nwant %v", got, want)
		}
		for i, timer := range timers {
			if timer.Stop() {
				t.Errorf("timer %d: Stop after it fired", i)
			}
		}
		return nil
	})
}

func TestAfterFunc(t *testing.T) {
	type key struct{}
	onClocks(t, func(t *testing.T, ctx context.Context) error {
		start := hub.Now(ctx)
		var log []string
		note := func(what string) func(ctx context.Context) error {
			return func(ctx context.Context) error {
				log = append(log, fmt.Sprint(what, " ", hub.Now(ctx).Sub(start), " ", ctx.Value(key{})))
				return hub.Sleep(ctx, time.Second) // it is a task
			}
		}
		ctx = context.WithValue(ctx, key{}, "value")
		hub.AfterFunc(ctx, -time.Hour, note("at once"))
		a := hub.AfterFunc(ctx, time.Minute, note("reset"), hub.Name("A"))
		if !a.Reset(2 * time.Minute) {
			t.Error("Reset of a pending timer said false")
		}
		// The end of the task that made it does not end it, the end of its context does.
		_ = hub.Go(ctx, func(ctx context.Context) error { hub.AfterFunc(ctx, 3*time.Minute, note("orphan")); return nil }).Join(ctx)
		short, cancel := hub.WithTimeout(ctx, 4*time.Minute)
		defer cancel()
		hub.AfterFunc(short, 3*time.Minute, note("in time"))
		late := hub.AfterFunc(short, 5*time.Minute, note("too late"))
		_ = hub.Sleep(ctx, 10*time.Minute)
		if late.Stop() || a.Reset(time.Minute) {
			t.Error("a timer that cannot fire any more was pending")
		}
		_ = hub.Sleep(ctx, 10*time.Minute)
		want := "at once 0s value; reset 2m0s value; orphan 3m0s value; in time 3m0s value; reset 11m0s value"
		if got := strings.Join(log, "; "); got != want {
			t.Errorf("got  %s\nwant %s", got, want)
		}
		for want, f := range map[string]func(){
			"hub.AfterFunc: nil function":                                func() { hub.AfterFunc(ctx, 1, nil) },
			"hub.AfterFunc: ctx carries no task: call it inside hub.Run": func() { hub.AfterFunc(context.Background(), 1, note("")) },
			"hub.NewTicker: period not positive":                         func() { hub.NewTicker(ctx, 0) },
			"hub.NewTicker: ctx carries no task: call it inside hub.Run": func() { hub.NewTicker(context.Background(), 1) },
			"hub.Ticker.Reset: period not positive":                      func() { hub.NewTicker(ctx, 1).Reset(-1) },
			"hub.Ticker.Wait: ctx carries no task of the ticker's hub":   func() { _, _ = hub.NewTicker(ctx, 1).Wait(context.Background()) }, //blocklint:ignore ctx the mistake that is tested
			"hub.Timer.Stop: called outside the timer's hub":             outside(func() { a.Stop() }),
			"hub.Timer.Reset: called outside the timer's hub":            outside(func() { a.Reset(1) }),
			"hub.Ticker.Stop: called outside the ticker's hub":           outside(func() { hub.NewTicker(ctx, 1).Stop() }),
		} {
			if got := panicOf(f); got != want && !(strings.Contains(want, "Ticker.Stop") && got != nil) {
				t.Errorf("panic %v\nwant  %v", got, want)
			}
		}
		return nil
	})
}

// outside returns a function that calls f on another goroutine and panics as it does.
func outside(f func()) func() {
	return func() {
		done := make(chan any)
		go func() { done <- panicOf(f) }()
		panic(<-done) //blocklint:ignore chan it comes at once
	}
}

// TestAfterFuncFails sends what a timer's task fails with where failures go.
func TestAfterFuncFails(t *testing.T) {
	err := runVirtual(t, func(ctx context.Context) error {
		hub.AfterFunc(ctx, time.Second, func(context.Context) error { return io.EOF }, hub.Name("timed"))
		hub.AfterFunc(ctx, time.Hour, func(context.Context) error { return io.ErrNoProgress }) // the hub does not wait for it
		return hub.Sleep(ctx, time.Minute)
	}, quiet())
	if err == nil || err.Error() != `task "timed": EOF` {
		t.Errorf("Run returned %v", err)
	}
}

// TestStopInCallback stops a timer where no task runs.
func TestStopInCallback(t *testing.T) {
	err := runVirtual(t, func(ctx context.Context) error {
		timer := hub.AfterFunc(ctx, time.Minute, func(context.Context) error { return io.EOF })
		hub.Go(ctx, hub.Yield).OnDone(func(*hub.Task) {
			if !timer.Stop() {
				t.Error("it was not pending")
			}
		})
		return hub.Sleep(ctx, time.Hour)
	})
	if err != nil {
		t.Error(err)
	}
}

// TestCancelledTimerDoesNotMoveClock leaves a timer behind whose context has ended: it is no reason to let time pass.
func TestCancelledTimerDoesNotMoveClock(t *testing.T) {
	var end time.Time
	err := runVirtual(t, func(ctx context.Context) error {
		short, cancel := hub.WithTimeout(ctx, time.Minute)
		hub.AfterFunc(short, time.Hour, func(context.Context) error { return nil })
		cancel()
		defer func() { end = hub.Now(context.WithoutCancel(ctx)) }()
		return new(event.Event).Wait(ctx)
	})
	var dead *hub.DeadlockError
	if !errors.As(err, &dead) || end != epoch {
		t.Errorf("%v at %v", err, end)
	}
}

func TestTicker(t *testing.T) {
	onClocks(t, func(t *testing.T, ctx context.Context) error {
		start := hub.Now(ctx)
		tk := hub.NewTicker(ctx, 10*time.Second)
		var got []string
		tick := func() {
			at, err := tk.Wait(ctx)
			got = append(got, fmt.Sprintf("%v at %v %v", at.Sub(start).Seconds(), hub.Now(ctx).Sub(start).Seconds(), err))
		}
		tick()
		tick()
		_ = hub.Sleep(ctx, 5*time.Second)
		tick() // no drift
		_ = hub.Sleep(ctx, 25*time.Second)
		tick() // the tick of 40 waits, that of 50 is missed
		tick()
		tk.Reset(time.Second)
		tick()
		want := "10 at 10 <nil>; 20 at 20 <nil>; 30 at 30 <nil>; 40 at 55 <nil>; 60 at 60 <nil>; 61 at 61 <nil>"
		if s := strings.Join(got, "; "); s != want {
			t.Errorf("got  %s\nwant %s", s, want)
		}

		short, cancel := hub.WithTimeout(ctx, 100*time.Millisecond)
		defer cancel()
		if _, err := tk.Wait(short); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("with a deadline: %v", err)
		}
		tk.Reset(time.Hour)
		who := ""
		var waiters []*hub.Task
		for _, name := range []string{"a", "b", "c"} {
			waiters = append(waiters, hub.Go(ctx, func(ctx context.Context) error {
				_, err := tk.Wait(ctx)
				who += name
				return err
			}))
		}
		_ = hub.Yield(ctx)
		tk.Reset(time.Second) // reaches those who wait
		now := hub.Now(ctx)
		_ = waiters[1].Join(ctx)
		if d := hub.Now(ctx).Sub(now); who != "ab" || d != 2*time.Second {
			t.Errorf("%q had ticks within %v", who, d)
		}
		tk.Stop()
		if err := waiters[2].Join(ctx); err != hub.ErrStopped {
			t.Errorf("stopped while it waits: %v", err)
		}
		if _, err := tk.Wait(ctx); err != hub.ErrStopped {
			t.Errorf("stopped: %v", err)
		}
		return nil
	})
}

// TestForgottenTicker lets a virtual clock come to its end, and a cancelled one not be slept through.
func TestForgottenTicker(t *testing.T) {
	err := runVirtual(t, func(ctx context.Context) error {
		tk := hub.NewTicker(ctx, time.Second)
		_, _ = tk.Wait(ctx)
		return new(event.Event).Wait(ctx)
	})
	var dead *hub.DeadlockError
	if !errors.As(err, &dead) {
		t.Error(err)
	}
	err = runVirtual(t, func(ctx context.Context) error {
		tk := hub.NewTicker(ctx, time.Hour)
		waits := hub.Go(ctx, func(ctx context.Context) error { _, err := tk.Wait(ctx); return err })
		_ = hub.Yield(ctx)
		tk.Reset(time.Hour)
		waits.Cancel(io.EOF) // between the wake-up by Reset and its step
		_ = waits.Join(ctx)
		if now := hub.Now(ctx); now != epoch {
			t.Errorf("it slept until %v", now)
		}
		return nil
	})
	if err != nil {
		t.Error(err)
	}
}

func TestTimersAllocateNothing(t *testing.T) {
	err := runVirtual(t, func(ctx context.Context) error {
		tk := hub.NewTicker(ctx, time.Second)
		if n := testing.AllocsPerRun(1000, func() { _, _ = tk.Wait(ctx) }); n != 0 {
			t.Errorf("Ticker.Wait: %v allocations", n)
		}
		when := hub.Now(ctx)
		if n := testing.AllocsPerRun(1000, func() { when = when.Add(time.Second); _ = hub.SleepUntil(ctx, when) }); n != 0 {
			t.Errorf("SleepUntil: %v allocations", n)
		}
		return nil
	})
	if err != nil {
		t.Error(err)
	}
}

// TestIsolated has nobody left who could wake a task, on the real clock.
func TestIsolated(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		run := func(main func(ctx context.Context) error) (time.Duration, error) {
			start := time.Now()
			err := hub.Run(t.Context(), main, hub.Isolated(), quiet())
			return time.Since(start), err
		}
		var dead *hub.DeadlockError
		took, err := run(func(ctx context.Context) error {
			_ = hub.Sleep(ctx, time.Minute)
			_, _ = hub.Offload(ctx, func(context.Context) (int, error) { time.Sleep(time.Hour); return 0, nil })
			return new(event.Event).Wait(ctx)
		})
		if !errors.As(err, &dead) || len(dead.Tasks) != 1 || dead.Tasks[0].WaitingOn != "event.Event.Wait" || took != time.Hour+time.Minute {
			t.Errorf("%v after %v", err, took)
		}
		// What was offloaded and given up may still wake somebody; so may a runtime timer.
		took, err = run(func(ctx context.Context) error {
			var e event.Event
			short, cancel := hub.WithTimeout(ctx, time.Second)
			defer cancel()
			_, _ = hub.Offload(short, func(context.Context) (int, error) { time.Sleep(time.Minute); e.Set(); return 0, nil })
			if err := e.Wait(ctx); err != nil {
				return err
			}
			std, cancel := context.WithTimeout(ctx, time.Hour)
			defer cancel()
			if err := new(event.Event).Wait(std); !errors.Is(err, context.DeadlineExceeded) {
				t.Errorf("in a context with a deadline: %v", err)
			}
			_, _ = hub.Offload(short, func(context.Context) (int, error) { return 0, nil })
			return nil
		})
		if err != nil || took != time.Hour+time.Minute {
			t.Errorf("%v after %v", err, took)
		}
		took, err = run(func(ctx context.Context) error {
			short, cancel := hub.WithTimeout(ctx, time.Second)
			defer cancel()
			_, _ = hub.Offload(short, func(context.Context) (int, error) { time.Sleep(time.Minute); return 0, nil })
			return new(event.Event).Wait(ctx)
		})
		if !errors.As(err, &dead) || took != time.Minute {
			t.Errorf("given up: %v after %v", err, took)
		}
		// A runtime timer also ends the contexts within its own.
		took, err = run(func(ctx context.Context) error {
			std, cancel := context.WithTimeout(ctx, time.Minute)
			defer cancel()
			long, cancel := hub.WithTimeout(std, time.Hour)
			defer cancel()
			for name, within := range map[string]context.Context{"task": std, "timeout": long} {
				if err := hub.Go(within, new(event.Event).Wait).Join(ctx); !errors.Is(err, context.DeadlineExceeded) {
					t.Errorf("%s: %v", name, err)
				}
			}
			return new(event.Event).Wait(ctx)
		})
		if !errors.As(err, &dead) || took != time.Minute {
			t.Errorf("within a context with a deadline: %v after %v", err, took)
		}
	})
}

// TestTimersOfOneInstant wakes tasks at the same time in each of the ways there are: who set his timer first is first.
func TestTimersOfOneInstant(t *testing.T) {
	onClocks(t, func(t *testing.T, ctx context.Context) error {
		var got []string
		say := func(what string) func(ctx context.Context) error {
			return func(context.Context) error { got = append(got, what); return nil }
		}
		ways := map[string]func(ctx context.Context) error{
			"timeout": func(ctx context.Context) error {
				ctx, cancel := hub.WithDeadline(ctx, hub.Now(ctx).Truncate(time.Hour).Add(time.Hour))
				defer cancel()
				_ = new(event.Event).Wait(ctx)
				return say("timeout")(ctx)
			},
			"sleep": func(ctx context.Context) error {
				_ = hub.SleepUntil(ctx, hub.Now(ctx).Truncate(time.Hour).Add(time.Hour))
				return say("sleep")(ctx)
			},
			"ticker": func(ctx context.Context) error {
				now := hub.Now(ctx)
				_, _ = hub.NewTicker(ctx, now.Truncate(time.Hour).Add(time.Hour).Sub(now)).Wait(ctx)
				return say("ticker")(ctx)
			},
		}
		for _, want := range [][]string{
			{"timeout", "sleep", "ticker", "timeout", "sleep"},
			{"sleep", "timeout", "timeout", "ticker"},
		} {
			got = nil
			var tasks []*hub.Task
			for _, way := range want {
				tasks = append(tasks, hub.Go(ctx, ways[way]))
			}
			if err := hub.JoinAll(ctx, tasks...); err != nil {
				return err
			}
			if !slices.Equal(got, want) {
				t.Errorf("timers were set by %v, and woke %v", want, got)
			}
		}
		return nil
	})
}

// TestSleepForEver sleeps for as long as there are nanoseconds, from a time on that is not the beginning.
func TestSleepForEver(t *testing.T) {
	onClocks(t, func(t *testing.T, ctx context.Context) error {
		_ = hub.Sleep(ctx, time.Hour)
		ctx, cancel := hub.WithTimeout(ctx, time.Hour)
		defer cancel()
		if err := hub.Sleep(ctx, math.MaxInt64); !errors.Is(err, context.DeadlineExceeded) {
			t.Error(err)
		}
		return nil
	})
}

// TestManySleepers is a bound on speed that a slow machine keeps, too.
func TestManySleepers(t *testing.T) {
	tasks := 100_000
	if testing.Short() { // as under the race detector, where that many take half a minute
		tasks = 10_000
	}
	began, n := time.Now(), 0
	err := runVirtual(t, func(ctx context.Context) error {
		rng := rand.New(rand.NewPCG(1, 1))
		for range tasks {
			hub.Go(ctx, func(ctx context.Context) error {
				n++
				return hub.Sleep(ctx, time.Duration(rng.Int64N(int64(time.Hour))))
			})
		}
		return nil
	})
	if err != nil || n != tasks {
		t.Errorf("%v, %d tasks", err, n)
	}
	took := time.Since(began)
	if took > 30*time.Second {
		t.Errorf("it took %v; less than one on a machine of 2026", took)
	}
	t.Logf("%d tasks slept up to an hour in %v", tasks, took)
}
