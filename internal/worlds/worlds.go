// Package worlds runs one test in each of the worlds in which a primitive must work: on goroutines, whose contexts can end or cannot, on tasks of one hub, and
// on goroutines and tasks of two hubs at once. It is for tests only.
package worlds

import (
	"context"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/seed6bcf1587/coop/event"
	"github.com/seed6bcf1587/coop/hub"
)

// A World starts parties and lets time pass. It belongs to the party that runs the test.
type World struct {
	Name string
	Ctx  context.Context // for what the test itself waits for

	start  func(fn func(ctx context.Context))
	settle func()
	wg     sync.WaitGroup
}

// Go starts a party. The test ends when all have ended.
func (w *World) Go(fn func(ctx context.Context)) { w.start(fn) }

// Settle returns when all other parties wait or have ended. In a task it sleeps, elsewhere it blocks the goroutine.
//
//blocklint:cooperative
func (w *World) Settle() { w.settle() }

// Sleep lets d pass on the world's clock, and settles.
//
//blocklint:cooperative
func (w *World) Sleep(d time.Duration) {
	_ = hub.Sleep(w.Ctx, d)
	w.settle()
}

// Timeout returns a context that ends on the world's clock.
func (w *World) Timeout(ctx context.Context, d time.Duration) (context.Context, context.CancelFunc) {
	return hub.WithTimeout(ctx, d)
}

// Each runs body in each world, as a subtest. A wait that nobody ends fails the test as a deadlock.
func Each(t *testing.T, body func(t *testing.T, w *World)) {
	t.Run("tasks", func(t *testing.T) { onTasks(t, body) })
	Outside(t, body)
}

// Outside is Each without the world of tasks alone, whose time is virtual: for what waits for something outside of a hub, while time stands still there.
func Outside(t *testing.T, body func(t *testing.T, w *World)) {
	t.Run("goroutines", func(t *testing.T) { synctest.Test(t, func(t *testing.T) { onGoroutines(t, t.Context(), body) }) })
	// Contexts that cannot end have ways of their own through the primitives.
	t.Run("endless", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) { onGoroutines(t, context.Background(), body) })
	})
	t.Run("mixed", func(t *testing.T) { synctest.Test(t, func(t *testing.T) { onBoth(t, body) }) })
}

func onGoroutines(t *testing.T, ctx context.Context, body func(t *testing.T, w *World)) {
	w := &World{Name: "goroutines", Ctx: ctx, settle: synctest.Wait}
	w.start = func(fn func(ctx context.Context)) {
		w.wg.Go(func() { fn(w.Ctx) })
	}
	body(t, w)
	w.wg.Wait()
}

func onTasks(t *testing.T, body func(t *testing.T, w *World)) {
	err := hub.Run(context.Background(), func(ctx context.Context) error {
		w := &World{Name: "tasks", Ctx: ctx}
		w.start = func(fn func(ctx context.Context)) {
			hub.Go(ctx, func(ctx context.Context) error {
				fn(ctx)
				return nil
			})
		}
		// Virtual time moves only when nobody else can run.
		w.settle = func() { _ = hub.Sleep(ctx, 1) }
		body(t, w)
		return nil
	}, hub.WithVirtualClock(time.Unix(0, 0)))
	if err != nil {
		t.Error(err)
	}
}

func onBoth(t *testing.T, body func(t *testing.T, w *World)) {
	var hubs [2]*hub.Hub
	var running sync.WaitGroup
	var over event.Event
	defer func() {
		over.Set()
		running.Wait()
	}()
	for i := range hubs {
		hubs[i] = hub.New()
		running.Go(func() {
			// The first task keeps the hub alive until the test is over.
			if err := hubs[i].Run(context.Background(), over.Wait); err != nil {
				t.Error(err)
			}
		})
	}
	w := &World{Name: "mixed", Ctx: t.Context(), settle: synctest.Wait}
	n := 0
	w.start = func(fn func(ctx context.Context)) {
		if n++; n%3 == 0 {
			ctx := w.Ctx
			if n%6 == 0 {
				ctx = context.Background()
			}
			w.wg.Go(func() { fn(ctx) })
			return
		}
		w.wg.Add(1)
		hubs[n%3-1].Go(func(ctx context.Context) error {
			defer w.wg.Done()
			fn(ctx)
			return nil
		})
	}
	synctest.Wait()
	body(t, w)
	w.wg.Wait()
}
