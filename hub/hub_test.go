package hub_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"regexp"
	"runtime"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/seed6bcf1587/coop/event"
	"github.com/seed6bcf1587/coop/hub"
)

var epoch = time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)

// runVirtual runs main on a virtual clock, checks that no goroutine is left, and returns what Run does.
func runVirtual(t testing.TB, main func(ctx context.Context) error, opts ...hub.Option) error {
	t.Helper()
	before := runtime.NumGoroutine()
	err := hub.Run(context.Background(), main, append(opts, hub.WithVirtualClock(epoch))...)
	for range 100_000 {
		if runtime.NumGoroutine() <= before {
			return err
		}
		runtime.Gosched() // one that has said it is done may still be on its way out
	}
	t.Errorf("%d goroutines before Run, %d after", before, runtime.NumGoroutine())
	return err
}

func quiet() hub.Option { return hub.WithLogger(slog.New(slog.DiscardHandler)) }

func panicOf(f func()) (v any) {
	defer func() { v = recover() }()
	f()
	return nil
}

func TestYieldIsRoundRobin(t *testing.T) {
	var got []string
	err := runVirtual(t, func(ctx context.Context) error {
		for _, n := range []string{"1", "2"} {
			hub.Go(ctx, func(ctx context.Context) error {
				got = append(got, n+"A")
				err := hub.Yield(ctx)
				got = append(got, n+"B")
				return err
			})
		}
		return nil
	})
	if s := fmt.Sprint(got); err != nil || s != "[1A 2A 1B 2B]" {
		t.Errorf("got %s, %v", s, err)
	}
}

func TestJoin(t *testing.T) {
	err := runVirtual(t, func(ctx context.Context) error {
		fails := hub.Go(ctx, func(ctx context.Context) error {
			_ = hub.Sleep(ctx, time.Second)
			return io.EOF
		}, hub.Name("fails"))
		if fails.Name() != "fails" || fails.ID() != 2 || fails.Err() != nil {
			t.Errorf("%q, %d, %v", fails.Name(), fails.ID(), fails.Err())
		}
		short, cancel := hub.WithTimeout(ctx, time.Millisecond)
		defer cancel()
		if err := fails.Join(short); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("Join with a deadline: %v", err)
		}
		for range 2 {
			if err := fails.Join(ctx); err != io.EOF {
				t.Errorf("Join: %v", err)
			}
		}
		<-fails.Done() //blocklint:ignore chan it is closed
		if fails.Err() != io.EOF {
			t.Error(fails.Err())
		}
		self := hub.Current(ctx)
		if got, want := panicOf(func() { _ = self.Join(ctx) }), `hub.Task.Join: task "main" joins itself`; got != want {
			t.Errorf("panic %v, want %v", got, want)
		}
		return nil
	})
	if err != nil {
		t.Error(err)
	}
}

// TestFailures checks where errors go: to who joins, and else to the log and to Run.
func TestFailures(t *testing.T) {
	var log bytes.Buffer
	err := runVirtual(t, func(ctx context.Context) error {
		hub.Go(ctx, func(context.Context) error { return io.ErrUnexpectedEOF }, hub.Name("unjoined"))
		hub.Go(ctx, func(context.Context) error { panic("oops") }, hub.Name("panics"))
		hub.Go(ctx, func(context.Context) error { runtime.Goexit(); return nil }, hub.Name("exits"))
		joined := hub.Go(ctx, func(context.Context) error { return io.ErrNoProgress }, hub.Name("joined"))
		if err := joined.Join(ctx); err != io.ErrNoProgress {
			t.Error(err)
		}
		return io.ErrShortWrite
	}, hub.WithLogger(slog.New(slog.NewTextHandler(&log, nil))))
	var p *hub.PanicError
	switch {
	case !errors.Is(err, io.ErrUnexpectedEOF), !errors.Is(err, io.ErrShortWrite), errors.Is(err, io.ErrNoProgress):
		t.Errorf("Run returned %v", err)
	case !errors.As(err, &p), p.Value != "oops", !strings.Contains(string(p.Stack), "TestFailures"):
		t.Errorf("no PanicError with the task's stack in %v", err)
	case !strings.Contains(err.Error(), `task "exits": hub: task ended by runtime.Goexit`):
		t.Errorf("no word of Goexit in %v", err)
	}
	for _, name := range []string{"unjoined", "panics", "exits"} {
		if !strings.Contains(log.String(), "task="+name) {
			t.Errorf("no word of %q in the log", name)
		}
	}
	if strings.Contains(log.String(), "task=joined") {
		t.Error("a joined failure was logged")
	}
}

func TestGoexitLeavesOthersAlone(t *testing.T) {
	steps := 0
	err := runVirtual(t, func(ctx context.Context) error {
		for range 100 {
			hub.Go(ctx, func(ctx context.Context) error {
				for range 3 {
					_ = hub.Yield(ctx)
					steps++
				}
				runtime.Goexit()
				return nil
			})
			hub.Go(ctx, func(ctx context.Context) error {
				for range 5 {
					_ = hub.Sleep(ctx, 1)
					steps++
				}
				return nil
			})
		}
		return nil
	}, quiet())
	if n := strings.Count(err.Error(), "Goexit"); n != 100 || steps != 800 {
		t.Errorf("%d steps, %d tasks ended by Goexit", steps, n)
	}
}

func TestCancel(t *testing.T) {
	why := errors.New("why")
	err := runVirtual(t, func(ctx context.Context) error {
		var never event.Event
		for name, wait := range map[string]func(ctx context.Context) error{
			"sleep": func(ctx context.Context) error { return hub.Sleep(ctx, time.Hour) },
			"event": never.Wait,
			"join":  hub.Current(ctx).Join,
		} {
			task := hub.Go(ctx, wait)
			_ = hub.Yield(ctx)
			task.Cancel(why)
			task.Cancel(io.EOF) // changes nothing
			if err := task.Join(ctx); err != why && (!errors.Is(err, why) || !errors.Is(err, context.Canceled)) {
				t.Errorf("%s: %v", name, err)
			}
		}
		ran := false
		early := hub.Go(ctx, func(context.Context) error { ran = true; return nil })
		early.Cancel(why)
		if err := early.Join(ctx); !errors.Is(err, why) || ran {
			t.Errorf("cancelled before its first step: %v, ran: %v", err, ran)
		}
		catches := hub.Go(ctx, func(ctx context.Context) error { _ = never.Wait(ctx); return nil })
		_ = hub.Yield(ctx)
		catches.Cancel(nil)
		if err := catches.Join(ctx); err != nil {
			t.Errorf("caught its cancellation: %v", err)
		}
		catches.Cancel(why) // after the end
		if hub.Now(ctx) != epoch {
			t.Errorf("time has passed: %v", hub.Now(ctx))
		}
		// Nobody joins this one, and its cancellation is no failure.
		hub.Go(ctx, never.Wait).Cancel(why)
		return nil
	})
	if err != nil {
		t.Error(err)
	}
}

func TestDaemon(t *testing.T) {
	var log []string
	err := runVirtual(t, func(ctx context.Context) error {
		hub.Go(ctx, func(ctx context.Context) error {
			defer func() { log = append(log, "cleaned up") }()
			for {
				if err := hub.Sleep(ctx, time.Second); err != nil {
					return err
				}
				log = append(log, "tick")
			}
		}, hub.Daemon())
		return hub.Sleep(ctx, 2500*time.Millisecond)
	})
	if s := fmt.Sprint(log); err != nil || s != "[tick tick cleaned up]" {
		t.Errorf("got %s, %v", s, err)
	}
}

// TestRunContextEnds checks that tasks are told once, and unwound when they wait again all the same.
func TestRunContextEnds(t *testing.T) {
	why := errors.New("why")
	for _, virtual := range []bool{true, false} {
		synctest.Test(t, func(t *testing.T) {
			ctx, cancel := context.WithCancelCause(context.Background())
			var opts []hub.Option
			if virtual {
				opts = append(opts, hub.WithVirtualClock(epoch))
			}
			var log []string
			err := hub.Run(ctx, func(ctx context.Context) error {
				var never event.Event
				hub.Go(ctx, func(ctx context.Context) error {
					defer func() { log = append(log, "orderly done") }()
					return never.Wait(ctx)
				})
				hub.Go(ctx, func(ctx context.Context) error {
					defer func() { log = append(log, "stubborn unwound") }()
					for {
						if err := never.Wait(ctx); err != nil {
							log = append(log, "stubborn told "+err.Error())
						}
					}
				})
				hub.Go(ctx, func(ctx context.Context) error {
					defer func() { log = append(log, "shielded unwound") }()
					ctx = context.WithoutCancel(ctx)
					for {
						log = append(log, "shielded told "+never.Wait(ctx).Error())
					}
				})
				_ = hub.Sleep(ctx, time.Second)
				cancel(why)
				return hub.Sleep(ctx, time.Hour)
			}, opts...)
			if !errors.Is(err, why) || !errors.Is(err, context.Canceled) {
				t.Errorf("Run returned %v", err)
			}
			got := strings.Join(log, ", ")
			if want := "orderly done, stubborn told why, stubborn unwound, shielded told why, shielded unwound"; got != want {
				t.Errorf("got  %s\nwant %s", got, want)
			}
		})
	}
}

func TestRunWithEndedContext(t *testing.T) {
	why := errors.New("why")
	ctx, cancel := context.WithCancelCause(context.Background())
	cancel(why)
	ran := false
	h := hub.New()
	early := h.Go(func(context.Context) error { ran = true; return nil })
	err := h.Run(ctx, func(context.Context) error { ran = true; return nil })
	if !errors.Is(err, why) || !errors.Is(err, context.Canceled) || ran {
		t.Errorf("got %v, ran: %v", err, ran)
	}
	late := h.Go(func(context.Context) error { ran = true; return nil })
	for _, task := range []*hub.Task{early, late} {
		if err := task.Join(t.Context()); !errors.Is(err, context.Canceled) || ran {
			t.Errorf("got %v, ran: %v", err, ran)
		}
	}
}

func TestDeadlock(t *testing.T) {
	unwound := false
	err := runVirtual(t, func(ctx context.Context) error {
		hub.Go(ctx, func(ctx context.Context) error {
			defer func() { unwound = true }()
			return new(event.Event).Wait(ctx)
		}, hub.Name("waits for ever"))
		_ = hub.Sleep(ctx, time.Second)
		var never event.Event
		return never.Wait(ctx)
	})
	var dead *hub.DeadlockError
	if !errors.As(err, &dead) || len(dead.Tasks) != 2 || !unwound {
		t.Fatalf("got %v, unwound: %v", err, unwound)
	}
	want := `deadlock: no task can run and no timer is set
	task "main" waits in event.Event.Wait for 0s, at hub_test.go:N
	task "waits for ever" waits in event.Event.Wait for 1s, at hub_test.go:N`
	if got := regexp.MustCompile(`at \S*/(hub_test.go):\d+`).ReplaceAllString(err.Error(), "at $1:N"); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

// TestDeadlockMeetsWakeUp wakes a task from outside while the hub finds that nothing can: what is called a deadlock is one.
func TestDeadlockMeetsWakeUp(t *testing.T) {
	for i := range 300 {
		var e event.Event
		var wg sync.WaitGroup
		err := hub.Run(t.Context(), func(ctx context.Context) error {
			wg.Go(func() {
				for k := range i * 10 {
					_ = ctx.Value(k)
				}
				e.Set()
			})
			return e.Wait(ctx)
		}, hub.WithVirtualClock(epoch))
		wg.Wait()
		var dead *hub.DeadlockError
		if !errors.As(err, &dead) {
			if err != nil {
				t.Fatal(err)
			}
			continue
		}
		for _, task := range dead.Tasks {
			if task.State != "waiting" || task.WaitingOn != "event.Event.Wait" {
				t.Fatalf("run %d: %+v", i, task)
			}
		}
	}
}

func TestMisuse(t *testing.T) {
	nop := func(context.Context) error { return nil }
	for want, do := range map[string]func(){
		"hub.Run: nil function":                               func() { _ = hub.Run(t.Context(), nil) },
		"hub.Hub.Run: nil function":                           func() { _ = hub.New().Run(t.Context(), nil) },
		"hub.Hub.Go: nil function":                            func() { hub.New().Go(nil) },
		"hub.Go: ctx carries no task: call it inside hub.Run": func() { hub.Go(t.Context(), nop) },
		"hub.Hub.Run: this hub has run already: make a new one with hub.New": func() {
			h := hub.New()
			_ = h.Run(t.Context(), nop)
			_ = h.Run(t.Context(), nop)
		},
	} {
		if got := panicOf(do); got != want {
			t.Errorf("panic %v\nwant  %v", got, want)
		}
	}
	err := runVirtual(t, func(ctx context.Context) error {
		const inside = "hub.Run: called inside a task: start another task with hub.Go"
		//blocklint:ignore loop this is the mistake that is tested
		if got := panicOf(func() { _ = hub.Run(ctx, nop) }); got != inside {
			t.Errorf("panic %v", got)
		}
		//blocklint:ignore loop likewise
		if got := panicOf(func() { _ = hub.Run(context.Background(), nop) }); got != inside {
			t.Errorf("panic %v", got)
		}
		if got := panicOf(func() { hub.Go(ctx, nil) }); got != "hub.Go: nil function" {
			t.Errorf("panic %v", got)
		}
		const foreign = `hub: ctx belongs to task "main", and another task waits with it: use the ctx that the task's own function was given`
		other := hub.Go(ctx, func(context.Context) error {
			//blocklint:ignore ctx this is the mistake that is tested
			if got := panicOf(func() { _ = hub.Yield(ctx) }); got != foreign {
				t.Errorf("panic %v", got)
			}
			//blocklint:ignore ctx likewise
			if got := panicOf(func() { _ = new(event.Event).Wait(ctx) }); got != foreign {
				t.Errorf("panic %v", got)
			}
			return nil
		})
		return other.Join(ctx)
	})
	if err != nil {
		t.Error(err)
	}
}

// TestOutside calls, without a hub, what tasks call.
func TestOutside(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, start := t.Context(), time.Now()
		if err := hub.Sleep(ctx, time.Second); err != nil || time.Since(start) != time.Second {
			t.Errorf("Sleep: %v after %v", err, time.Since(start))
		}
		if err := hub.Yield(ctx); err != nil {
			t.Error(err)
		}
		if now := hub.Now(ctx); now != time.Now() {
			t.Error(now)
		}
		short, cancel := hub.WithTimeout(ctx, time.Second)
		defer cancel()
		if err := hub.Sleep(short, time.Minute); !errors.Is(err, context.DeadlineExceeded) {
			t.Error(err)
		}
		if err := hub.Yield(short); !errors.Is(err, context.DeadlineExceeded) {
			t.Error(err)
		}
		if hub.Current(ctx) != nil {
			t.Error("a task outside")
		}
	})
}

// TestGoFromOutside starts tasks from goroutines, in a hub that is idle.
func TestGoFromOutside(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := hub.New()
		var quit event.Event
		done := make(chan error)
		go func() { done <- h.Run(t.Context(), quit.Wait) }()
		synctest.Wait()
		n := 0
		for range 10 {
			task := h.Go(func(ctx context.Context) error {
				n++
				return hub.Sleep(ctx, time.Second)
			})
			if err := task.Join(t.Context()); err != nil {
				t.Error(err)
			}
		}
		cancelled := h.Go(func(context.Context) error { n = -1; return nil })
		cancelled.Cancel(io.EOF)
		_ = cancelled.Join(t.Context())
		quit.Set()
		if err := <-done; err != nil || n != 10 && n != -1 {
			t.Errorf("%d tasks ran; %v", n, err)
		}
	})
}

func TestSwitchAllocatesNothing(t *testing.T) {
	err := runVirtual(t, func(ctx context.Context) error {
		hub.Go(ctx, func(ctx context.Context) error {
			for hub.Yield(ctx) == nil {
			}
			return nil
		}, hub.Daemon())
		if n := testing.AllocsPerRun(1000, func() { _ = hub.Yield(ctx) }); n != 0 {
			t.Errorf("Yield: %v allocations", n)
		}
		return nil
	})
	if err != nil {
		t.Error(err)
	}
	err = runVirtual(t, func(ctx context.Context) error {
		if n := testing.AllocsPerRun(1000, func() { _ = hub.Sleep(ctx, time.Second) }); n != 0 {
			t.Errorf("Sleep: %v allocations", n)
		}
		return nil
	})
	if err != nil {
		t.Error(err)
	}
}

func logTo(w io.Writer) hub.Option { return hub.WithLogger(slog.New(slog.NewTextHandler(w, nil))) }
