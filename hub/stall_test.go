package hub_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"iter"
	"log/slog"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/seed6bcf1587/coop/event"
	"github.com/seed6bcf1587/coop/hub"
)

// hog keeps the hub for d of the bubble's time.
//
//go:noinline
func hog(d time.Duration) {
	time.Sleep(d) //blocklint:ignore sleep it is to stall the hub
}

// TestStall checks that each stall is reported once, while it lasts, and nothing else.
func TestStall(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var got []hub.Stall
		var hogging atomic.Bool
		h := hub.New(hub.WithStallThreshold(100*time.Millisecond), hub.OnStall(func(s hub.Stall) {
			if !hogging.Load() {
				t.Error("reported too late")
			}
			got = append(got, s)
		}))
		err := h.Run(t.Context(), func(ctx context.Context) error {
			for range 2 {
				hogging.Store(true)
				hog(time.Second)
				hogging.Store(false)
				if err := hub.Sleep(ctx, time.Second); err != nil {
					return err
				}
				hog(90 * time.Millisecond)
				if err := hub.Sleep(ctx, time.Hour); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil || len(got) != 2 {
			t.Fatalf("%v; %d stalls", err, len(got))
		}
		for _, s := range got {
			if s.Task.Name != "main" || s.Task.ID != 1 || s.Task.State != "running" || s.Over {
				t.Errorf("%+v", s)
			}
			if s.For < 100*time.Millisecond || s.For > 200*time.Millisecond {
				t.Errorf("reported after %v", s.For)
			}
			if !bytes.Contains(s.Stack, []byte("hub_test.hog(")) || bytes.Count(s.Stack, []byte("goroutine ")) != 1 || !strings.Contains(s.Task.At, "stall_test.go:") {
				t.Errorf("stack:\n%s", s.Stack)
			}
		}
		for i, s := range h.Stalls() {
			if s.Task != got[i].Task || !s.Over || s.For < 950*time.Millisecond || s.For > time.Second {
				t.Errorf("at the end: %+v", s)
			}
		}
	})
}

// TestStallIsLogged checks what is reported without OnStall.
func TestStallIsLogged(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var log bytes.Buffer
		err := hub.Run(t.Context(), func(ctx context.Context) error {
			return hub.Go(ctx, func(context.Context) error {
				hog(time.Second)
				return nil
			}, hub.Name("hog")).Join(ctx)
		}, hub.WithStallThreshold(time.Second/10), hub.WithLogger(slog.New(slog.NewTextHandler(&log, nil))), hub.WithVirtualClock(epoch))
		if err != nil {
			t.Fatal(err)
		}
		lines := strings.Split(strings.TrimSpace(log.String()), "\n")
		if len(lines) != 2 || !strings.Contains(lines[0], "task keeps the hub") || !strings.Contains(lines[0], "task=hog") ||
			!strings.Contains(lines[0], "hub_test.hog(") || !strings.Contains(lines[1], "gave the hub back") {
			t.Errorf("log:\n%s", &log)
		}
	})
}

// TestIdleHubDoesNotStall lets a hub wait for longer than any number of looks could be taken, and checks that the watch works afterwards.
func TestIdleHubDoesNotStall(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		stalls := 0
		var wake event.Event
		h := hub.New(hub.WithStallThreshold(time.Millisecond), hub.OnStall(func(hub.Stall) { stalls++ }))
		ended := make(chan error)
		go func() {
			ended <- h.Run(t.Context(), func(ctx context.Context) error {
				if err := wake.Wait(ctx); err != nil {
					return err
				}
				if stalls != 0 {
					t.Errorf("%d stalls of an idle hub", stalls)
				}
				if err := hub.Sleep(ctx, 1e6*time.Hour); err != nil {
					return err
				}
				hog(10 * time.Millisecond)
				return nil
			})
		}()
		time.Sleep(1e6 * time.Hour)
		wake.Set()
		if err := <-ended; err != nil || stalls != 1 {
			t.Errorf("%v; %d stalls", err, stalls)
		}
	})
}

// TestStallWhileWatchSleeps keeps the watch itself from looking for an hour, as when a process is suspended.
func TestStallWhileWatchSleeps(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := hub.New(hub.OnStall(func(hub.Stall) { time.Sleep(time.Hour) }))
		err := h.Run(t.Context(), func(context.Context) error {
			hog(time.Hour + time.Second/8)
			return nil
		})
		s := h.Stalls()
		if err != nil || len(s) != 1 || s[0].For < 100*time.Millisecond || s[0].For > 300*time.Millisecond {
			t.Errorf("%v; %+v", err, s)
		}
	})
}

func TestStallHandlerPanics(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		err := hub.Run(t.Context(), func(context.Context) error {
			hog(time.Second)
			return nil
		}, hub.OnStall(func(hub.Stall) { panic(io.ErrNoProgress) }))
		if !errors.Is(err, io.ErrNoProgress) {
			t.Error(err)
		}
	})
}

func TestStallsAreKept(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := hub.New(hub.WithStallThreshold(10*time.Millisecond), hub.OnStall(func(hub.Stall) {}))
		err := h.Run(t.Context(), func(ctx context.Context) error {
			for range 40 {
				t := hub.Go(ctx, func(context.Context) error {
					hog(time.Second)
					return nil
				})
				if err := t.Join(ctx); err != nil {
					return err
				}
			}
			return nil
		})
		s := h.Stalls()
		if err != nil || len(s) != 32 || s[0].Task.ID != 10 || s[31].Task.ID != 41 {
			t.Errorf("%v; %d stalls, %+v", err, len(s), s)
		}
		if s := hub.New(hub.WithStallThreshold(0)).Stalls(); len(s) != 0 {
			t.Error(s)
		}
	})
}

// TestStallStack looks for the stack among many goroutines, in both ways.
func TestStallStack(t *testing.T) {
	for name, limit := range map[string]int{"dump": 1 << 30, "profile": 0} {
		t.Run(name, func(t *testing.T) {
			defer hub.SetMaxDump(limit)()
			synctest.Test(t, func(t *testing.T) {
				var others sync.WaitGroup
				for range 300 {
					others.Go(func() { deep(60, func() { time.Sleep(time.Minute) }) })
				}
				h := hub.New(hub.OnStall(func(hub.Stall) {}))
				err := h.Run(t.Context(), func(ctx context.Context) error {
					for range 20 {
						hub.Go(ctx, func(ctx context.Context) error { return hub.Sleep(ctx, time.Hour) })
					}
					_ = hub.Yield(ctx)
					hog(time.Second)
					return nil
				})
				others.Wait()
				s := h.Stalls()
				if err != nil || len(s) != 1 {
					t.Fatalf("%v; %d stalls", err, len(s))
				}
				if !bytes.Contains(s[0].Stack, []byte("hub_test.hog(")) || bytes.Count(s[0].Stack, []byte("goroutine ")) != 1 || bytes.Contains(s[0].Stack, []byte("deep")) {
					t.Errorf("stack:\n%s", s[0].Stack)
				}
			})
		})
	}
}

//go:noinline
func deep(n int, fn func()) {
	if n == 0 {
		fn()
		return
	}
	deep(n-1, fn)
}

// TestStallStackAtTheEdge looks at stacks as they are while the task's function runs, and right before and after: none is empty.
func TestStallStackAtTheEdge(t *testing.T) {
	const (
		header = "goroutine 7 [runnable]:\n"
		own    = "main.bake(...)\n\t/bakery/main.go:7 +0x1\n"
		below  = "github.com/seed6bcf1587/coop/hub.(*Task).run(0xc000)\n\t/coop/hub/task.go:1 +0x1\n"
	)
	for stack, want := range map[string]string{
		header + own + below: header + own,
		header + below:       header + below,
		header + own:         header + own,
	} {
		if got := hub.OwnPart(stack); got != want {
			t.Errorf("of\n%sgot\n%swant\n%s", stack, got, want)
		}
	}
}

// TestWatchWhileBusy is for the race detector: a watch that looks often at a hub that does all kinds of things.
func TestWatchWhileBusy(t *testing.T) {
	err := hub.Run(t.Context(), func(ctx context.Context) error {
		for range 10 {
			hub.Go(ctx, func(ctx context.Context) error {
				for range 200 {
					if err := hub.Go(ctx, func(ctx context.Context) error { return hub.Yield(ctx) }).Join(ctx); err != nil {
						return err
					}
					if err := hub.Sleep(ctx, 10*time.Microsecond); err != nil {
						return err
					}
				}
				return nil
			})
		}
		return nil
	}, hub.WithStallThreshold(1), hub.OnStall(func(hub.Stall) {}))
	if err != nil {
		t.Error(err)
	}
}

// TestStallInGenerator stalls the hub in the body of an iter.Pull, which has a goroutine of its own.
func TestStallInGenerator(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := hub.New(hub.OnStall(func(hub.Stall) {}))
		err := h.Run(t.Context(), func(ctx context.Context) error {
			hub.Go(ctx, func(ctx context.Context) error { return hub.Sleep(ctx, time.Minute) })
			if err := hub.Yield(ctx); err != nil {
				return err
			}
			next, stop := iter.Pull(func(yield func(int) bool) {
				hog(time.Second)
				yield(1)
			})
			defer stop()
			next()
			return nil
		})
		s := h.Stalls()
		if err != nil || len(s) != 1 {
			t.Fatalf("%v; %d stalls", err, len(s))
		}
		body, task, _ := strings.Cut(string(s[0].Stack), "called by goroutine ")
		if !strings.Contains(body, "hub_test.hog(") || !strings.Contains(task, "TestStallInGenerator.func") || !strings.Contains(s[0].Task.At, "stall_test.go:") {
			t.Errorf("at %s, stack:\n%s", s[0].Task.At, s[0].Stack)
		}
	})
}

func TestStallInCallback(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := hub.New(hub.OnStall(func(hub.Stall) {}))
		err := h.Run(t.Context(), func(ctx context.Context) error {
			task := hub.Go(ctx, func(context.Context) error { return nil }, hub.Name("called back"))
			task.OnDone(func(*hub.Task) { hog(time.Second) })
			return task.Join(ctx)
		})
		s := h.Stalls()
		if err != nil || len(s) != 1 || s[0].Task.Name != "called back" || s[0].Task.State != "ended" || !bytes.Contains(s[0].Stack, []byte("hub_test.hog(")) {
			t.Errorf("%v; %+v", err, s)
		}
	})
}
