package hub_test

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/seed6bcf1587/coop/event"
	"github.com/seed6bcf1587/coop/hub"
)

// TestIsolatedContextsCallBackLate has tasks wait in contexts that the hub does not own, and that end: by a task, or by a runtime timer. They call back
// on goroutines of their own, so there is a while in which nothing can run, no timer is set, and yet the hub is not forsaken. How
// long that is differs from run to run.
func TestIsolatedContextsCallBackLate(t *testing.T) {
	t.Parallel()
	runs := 2000
	if testing.Short() {
		runs = 200
	}
	never := new(event.Event)
	waitIn := map[string]func(task, foreign context.Context) error{
		"itself": func(_, foreign context.Context) error { return never.Wait(foreign) },
		"its task": func(task, foreign context.Context) error {
			return hub.Go(foreign, never.Wait).Join(task)
		},
		"a timeout within": func(task, foreign context.Context) error {
			within, cancel := hub.WithTimeout(foreign, time.Hour)
			defer cancel()
			return hub.Go(within, never.Wait).Join(task)
		},
		"two tasks": func(task, foreign context.Context) error {
			within, cancel := hub.WithTimeout(foreign, time.Hour)
			defer cancel()
			one, other := hub.Go(within, never.Wait), hub.Go(foreign, never.Wait)
			return hub.JoinAll(task, one, other)
		},
	}
	for what, wait := range waitIn {
		t.Run(what, func(t *testing.T) {
			for range runs {
				synctest.Test(t, func(t *testing.T) {
					err := hub.Run(t.Context(), func(ctx context.Context) error {
						std, cancel := context.WithTimeout(ctx, time.Minute)
						defer cancel()
						if err := wait(ctx, std); !errors.Is(err, context.DeadlineExceeded) {
							t.Errorf("by a runtime timer: %v", err)
						}
						std, cancel = context.WithCancel(ctx)
						defer cancel()
						hub.Go(ctx, func(context.Context) error { cancel(); return nil })
						if err := wait(ctx, std); !errors.Is(err, context.Canceled) || isDeadlock(err) {
							t.Errorf("by a task: %v", err)
						}
						return nil
					}, hub.Isolated(), quiet())
					if err != nil {
						t.Error(err)
					}
				})
				if t.Failed() {
					return
				}
			}
		})
	}
}

// TestIsolatedLeftover leaves a context behind that ends later, and whose task has ended by then. That is nobody who could be woken.
func TestIsolatedLeftover(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		began := time.Now()
		err := hub.Run(t.Context(), func(ctx context.Context) error {
			leave := hub.Go(ctx, func(ctx context.Context) error {
				foreign, forget := context.WithTimeout(context.WithoutCancel(ctx), time.Minute)
				_ = forget
				_, _ = hub.WithTimeout(foreign, time.Hour)
				return nil
			})
			if err := leave.Join(ctx); err != nil {
				t.Error(err)
			}
			return new(event.Event).Wait(ctx)
		}, hub.Isolated(), quiet())
		if took := time.Since(began); !isDeadlock(err) || took != time.Minute {
			t.Errorf("%v after %v", err, took)
		}
	})
}

func isDeadlock(err error) bool {
	var dead *hub.DeadlockError
	return errors.As(err, &dead)
}
