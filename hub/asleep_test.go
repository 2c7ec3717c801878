package hub_test

import (
	"context"
	"errors"
	"math/rand/v2"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/seed6bcf1587/coop/event"
	"github.com/seed6bcf1587/coop/hub"
	"github.com/seed6bcf1587/coop/internal/worlds"
)

// This file is about hubs that fall asleep: what comes just then, and what wakes them.

// TestForsakenAsWorkEnds has a function that was given up end just when the hub falls asleep: nobody is left to wake it, and it must find that out.
func TestForsakenAsWorkEnds(t *testing.T) {
	for range worlds.Rounds(10_000) {
		var began atomic.Bool
		spins := rand.IntN(15_000)
		err := hub.Run(t.Context(), func(ctx context.Context) error {
			gaveUp := hub.Go(ctx, func(ctx context.Context) error {
				_, err := hub.Offload(ctx, func(context.Context) (int, error) {
					began.Store(true)
					for range spins {
						_ = began.Load()
					}
					return 0, nil
				})
				return err
			})
			for !began.Load() {
				_ = hub.Yield(ctx)
			}
			gaveUp.Cancel(nil)
			return new(event.Event).Wait(ctx)
		}, hub.WithVirtualClock(epoch), quiet())
		if !isDeadlock(err) {
			t.Fatal(err)
		}
	}
}

// TestTimeoutInForeignContextWhileWorkIsOut ends a context that the hub does not own while a function is offloaded, on a virtual clock. Time stands
// still, nothing can run, and who waits in a timeout within that context is woken all the same.
func TestTimeoutInForeignContextWhileWorkIsOut(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var woken event.Event
		foreign, end := context.WithCancel(t.Context())
		err := hub.Run(t.Context(), func(ctx context.Context) error {
			hub.Go(ctx, func(ctx context.Context) error {
				mixed, cancel := context.WithCancel(ctx)
				defer cancel()
				context.AfterFunc(foreign, cancel)
				within, cancel := hub.WithTimeout(mixed, time.Hour)
				defer cancel()
				err := hub.Go(within, new(event.Event).Wait).Join(ctx)
				woken.Set()
				if !errors.Is(err, context.Canceled) {
					t.Error(err)
				}
				return nil
			})
			_, err := hub.Offload(ctx, func(ctx context.Context) (int, error) {
				time.Sleep(time.Second) // until all the others wait
				end()
				return 0, woken.Wait(ctx)
			})
			return err
		}, hub.WithVirtualClock(epoch))
		if err != nil {
			t.Error(err)
		}
	})
}

// TestCancelledAgain stops a hub in which a task, cancelled long ago, waits in a context that outlives that.
func TestCancelledAgain(t *testing.T) {
	onClocks(t, func(t *testing.T, ctx context.Context) error {
		stubborn := hub.Go(ctx, func(ctx context.Context) error {
			_ = new(event.Event).Wait(ctx)
			return new(event.Event).Wait(context.WithoutCancel(ctx)) // in vain
		}, hub.Daemon())
		_ = hub.Yield(ctx)
		stubborn.Cancel(errors.New("first"))
		stubborn.OnDone(func(task *hub.Task) {
			if err := task.Err(); !errors.Is(err, context.Canceled) || isDeadlock(err) {
				t.Error(err)
			}
		})
		return hub.Sleep(ctx, time.Second)
	}, quiet())
}
