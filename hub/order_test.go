package hub_test

import (
	"context"
	"slices"
	"testing"
	"testing/synctest"

	"github.com/seed6bcf1587/coop/event"
	"github.com/seed6bcf1587/coop/hub"
)

// TestWokenBeforeStarted wakes a task and then starts another: who became ready first runs first.
func TestWokenBeforeStarted(t *testing.T) {
	var got []string
	err := runVirtual(t, func(ctx context.Context) error {
		say := func(what string) { got = append(got, what) }
		var e event.Event
		hub.Go(ctx, func(ctx context.Context) error { err := e.Wait(ctx); say("woken"); return err })
		_ = hub.Yield(ctx)
		e.Set()
		hub.Go(ctx, func(context.Context) error { say("started"); return nil })
		return nil
	})
	if want := []string{"woken", "started"}; err != nil || !slices.Equal(got, want) {
		t.Errorf("%v, %v", got, err)
	}
}

// TestStartedLast starts a task by the hub's own method as the last thing that the last task does: it runs.
func TestStartedLast(t *testing.T) {
	for _, opts := range [][]hub.Option{nil, {hub.WithVirtualClock(epoch)}} {
		h, ran := hub.New(opts...), false
		err := h.Run(t.Context(), func(context.Context) error {
			h.Go(func(context.Context) error { ran = true; return nil })
			return nil
		})
		if err != nil || !ran {
			t.Errorf("%v, ran: %v", err, ran)
		}
	}
}

// TestForeignContextsInAnyOrder has tasks wait in contexts that the hub does not own, and ends those in each order there is.
func TestForeignContextsInAnyOrder(t *testing.T) {
	orders := [][]int{{0, 1, 2, 3}, {3, 2, 1, 0}, {0, 3, 1, 2}, {1, 0, 3, 2}, {1, 3, 0, 2}, {2, 0, 3, 1}}
	onClocks(t, func(t *testing.T, ctx context.Context) error {
		for _, order := range orders {
			var tasks [4]*hub.Task
			var ends [4]func()
			for i := range tasks {
				tasks[i] = hub.Go(ctx, func(ctx context.Context) error {
					foreign, end := context.WithCancel(ctx)
					ends[i] = end
					_ = new(event.Event).Wait(foreign)
					return ctx.Err()
				})
			}
			_ = hub.Yield(ctx)
			for _, i := range order {
				ends[i]()
				if err := tasks[i].Join(ctx); err != nil {
					t.Errorf("%v: %d ended with %v", order, i, err)
				}
			}
		}
		return nil
	})
}

// TestEndIsSeenAtOnce looks at the context of a task right after the one that Run was given has ended: there is no turn in between.
func TestEndIsSeenAtOnce(t *testing.T) {
	for _, opts := range [][]hub.Option{nil, {hub.WithVirtualClock(epoch)}} {
		synctest.Test(t, func(t *testing.T) {
			run, cancel := context.WithCancel(t.Context())
			_ = hub.Run(run, func(ctx context.Context) error {
				within, stop := hub.WithTimeout(ctx, 1)
				defer stop()
				cancel()
				if ctx.Err() == nil || within.Err() == nil {
					t.Errorf("%v, %v", ctx.Err(), within.Err())
				}
				return nil
			}, opts...)
		})
	}
}
