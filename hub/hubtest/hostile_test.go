package hubtest_test

import (
	"context"
	"errors"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/seed6bcf1587/coop/hub"
	"github.com/seed6bcf1587/coop/hub/hubtest"
)

// TestFlaky explores bodies that do not do the same each time: whenever they fail, Explore reports it.
func TestFlaky(t *testing.T) {
	for every := range 8 {
		for first := range 4 {
			n := 0
			failure, _ := explore(t, 50, func(ctx context.Context) error {
				_ = hub.JoinAll(ctx, hub.Go(ctx, hub.Yield), hub.Go(ctx, hub.Yield), hub.Go(ctx, hub.Yield))
				if n++; n > first && (n == first+1 || every > 0 && n%every != 0) {
					return errors.New("flaky")
				}
				return nil
			})
			if !strings.Contains(failure, "flaky") {
				t.Errorf("%d, %d: %s", every, first, failure)
			}
		}
	}
}

// TestEndless explores bodies that do not end. With a single task they have no choices.
func TestEndless(t *testing.T) {
	hubtest.SetTooLong(t, 20_000)
	poll := func(ctx context.Context) error {
		for hub.Sleep(ctx, time.Second) == nil {
		}
		return nil
	}
	deaf := func(ctx context.Context) error {
		for {
			_ = hub.Yield(ctx)
		}
	}
	for name, body := range map[string]func(ctx context.Context) error{
		"polls":         poll,
		"is deaf":       deaf,
		"both poll":     func(ctx context.Context) error { hub.Go(ctx, poll); return poll(ctx) },
		"both are deaf": func(ctx context.Context) error { hub.Go(ctx, deaf); return deaf(ctx) },
		"in some orders": func(ctx context.Context) error {
			turn := 0
			for i := range 3 {
				hub.Go(ctx, func(ctx context.Context) error {
					_ = hub.Yield(ctx)
					turn = i
					return nil
				})
			}
			for range 3 {
				_ = hub.Yield(ctx)
			}
			for turn == 1 {
				if err := hub.Yield(ctx); err != nil {
					return err
				}
			}
			return nil
		},
	} {
		t.Run(name, func(t *testing.T) {
			failure, _ := explore(t, 20, body)
			if !strings.Contains(failure, "the run does not end") || len(failure) > 32<<10 {
				t.Errorf("%d bytes: %.2000s", len(failure), failure)
			}
		})
	}
}

// TestNames says how to run a test again whose name has characters that mean something in a regular expression, or to a shell.
func TestNames(t *testing.T) {
	t.Run("n=[1]+(it's)/x", func(t *testing.T) {
		failure, _ := explore(t, 1, func(context.Context) error { return errors.New("no") })
		if want := `go test -run '^TestNames$/^n=\[1\]\+\(it'\''s\)$/^x$'`; !strings.Contains(failure, want) {
			t.Errorf("got %s\nwant %s", failure, want)
		}
	})
}

// TestFailNow has a body end its task by FailNow, whose test knows that it failed.
func TestFailNow(t *testing.T) {
	failure, _ := explore(t, 3, func(context.Context) error { runtime.Goexit(); return nil })
	if !strings.Contains(failure, "runtime.Goexit") {
		t.Error(failure)
	}
}

// TestDaemons leaves nothing of a body that leaves daemons, timers and functions behind.
func TestDaemons(t *testing.T) {
	before := runtime.NumGoroutine()
	failure, _ := explore(t, 20, func(ctx context.Context) error {
		for range 3 {
			hub.Go(ctx, func(ctx context.Context) error { return hub.Sleep(ctx, time.Hour) }, hub.Daemon())
		}
		hub.AfterFunc(ctx, time.Hour, func(context.Context) error { return errors.New("it fired") })
		hub.Go(ctx, func(ctx context.Context) error {
			_, err := hub.Offload(ctx, func(ctx context.Context) (int, error) { <-ctx.Done(); return 0, nil })
			return err
		}, hub.Daemon())
		return hub.Yield(ctx)
	})
	if failure != "" {
		t.Error(failure)
	}
	for n := 0; runtime.NumGoroutine() > before; n++ {
		if n > 10_000 {
			t.Fatalf("%d goroutines, %d before", runtime.NumGoroutine(), before)
		}
		runtime.Gosched()
	}
}
