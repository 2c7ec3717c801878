package hub_test

import (
	"context"
	"errors"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"github.com/seed6bcf1587/coop/event"
	"github.com/seed6bcf1587/coop/hub"
)

// A counting context counts those who want to be called back when it ends.
type counting struct {
	context.Context
	done     context.Context // within Context; its channel keeps package context from going straight to that
	watchers atomic.Int64
}

func newCounting(ctx context.Context) (*counting, context.CancelCauseFunc) {
	outer, end := context.WithCancelCause(ctx)
	done, cancel := context.WithCancel(outer)
	return &counting{Context: outer, done: done}, func(cause error) { end(cause); cancel() }
}

func (c *counting) Done() <-chan struct{} { return c.done.Done() }

func (c *counting) AfterFunc(f func()) (stop func() bool) {
	c.watchers.Add(1)
	inner := context.AfterFunc(c.Context, func() { c.watchers.Add(-1); f() })
	return func() bool {
		stopped := inner()
		if stopped {
			c.watchers.Add(-1)
		}
		return stopped
	}
}

// TestForeignContextOfTaskThatEnded starts a task in a context that the hub does not own. That task starts others in its own context, and ends: they still end when
// the foreign context does, be they cancelled, or tasks that such tasks started.
func TestForeignContextOfTaskThatEnded(t *testing.T) {
	onClocks(t, func(t *testing.T, ctx context.Context) error {
		foreign, end := newCounting(ctx)
		defer end(nil)
		var left []*hub.Task
		leave := func(ctx context.Context, fn func(ctx context.Context) error) { left = append(left, hub.Go(ctx, fn)) }
		err := hub.Go(foreign, func(ctx context.Context) error {
			leave(ctx, new(event.Event).Wait)
			leave(ctx, func(ctx context.Context) error {
				_ = hub.Sleep(ctx, time.Second)
				leave(ctx, new(event.Event).Wait)
				return nil
			})
			within, _ := hub.WithTimeout(ctx, time.Hour)
			leave(within, new(event.Event).Wait)
			return nil
		}).Join(ctx)
		if err != nil {
			return err
		}
		_ = hub.Sleep(ctx, 2*time.Second)
		if err := left[1].Err(); err != nil || len(left) != 4 {
			t.Errorf("%d tasks, the second ended with %v", len(left), err)
		}
		why := errors.New("why")
		end(why)
		ctx, cancel := hub.WithTimeout(ctx, time.Second)
		defer cancel()
		for i, task := range slices.Delete(left, 1, 2) {
			if err := task.Join(ctx); !errors.Is(err, why) {
				t.Errorf("task %d: %v", i, err)
			}
		}
		return nil
	}, quiet())
}

// TestForeignContextLetGo checks that a foreign context which lives on is not watched any more when the last task within it has ended.
func TestForeignContextLetGo(t *testing.T) {
	onClocks(t, func(t *testing.T, ctx context.Context) error {
		foreign, end := newCounting(ctx)
		defer end(nil)
		for range 100 {
			var left [2]*hub.Task
			_ = hub.Go(foreign, func(ctx context.Context) error {
				left[0] = hub.Go(ctx, new(event.Event).Wait)
				left[1] = hub.Go(ctx, func(ctx context.Context) error { return hub.Sleep(ctx, time.Second) })
				return nil
			}).Join(ctx)
			_ = left[1].Join(ctx)
			left[0].Cancel(nil)
			_ = left[0].Join(ctx)
		}
		if n := foreign.watchers.Load(); n != 0 {
			t.Errorf("%d still want to know when it ends", n)
		}
		return nil
	}, quiet())
}
