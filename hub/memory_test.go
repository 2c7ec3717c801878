package hub_test

import (
	"context"
	"io"
	"runtime"
	"testing"
	"testing/synctest"
	"time"

	"github.com/seed6bcf1587/coop/hub"
)

// growth runs work in a hub on a virtual clock and returns by how many bytes the heap has grown when it is done.
func growth(t *testing.T, work func(ctx context.Context)) int64 {
	t.Helper()
	return growthOn(t, work, hub.WithVirtualClock(epoch))
}

func growthOn(t *testing.T, work func(ctx context.Context), opts ...hub.Option) int64 {
	t.Helper()
	heap := func() int64 {
		runtime.GC()
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		return int64(m.HeapAlloc)
	}
	var grown int64
	err := hub.Run(t.Context(), func(ctx context.Context) error {
		before := heap()
		work(ctx)
		grown = heap() - before
		return nil
	}, append(opts, quiet())...)
	if err != nil {
		t.Error(err)
	}
	return grown
}

// TestMemoryDoesNotGrow does a hundred thousand times what a hub that runs for ever does, and never lets it be idle.
func TestMemoryDoesNotGrow(t *testing.T) {
	const times = 100_000
	for name, work := range map[string]func(ctx context.Context){
		"a chain of tasks": func(ctx context.Context) {
			left := times
			var step func(ctx context.Context) error
			step = func(ctx context.Context) error {
				if left--; left > 0 {
					hub.Go(ctx, step)
				}
				return nil
			}
			hub.Go(ctx, step)
			for left > 0 {
				_ = hub.Yield(ctx)
			}
		},
		"tasks that fail and are joined": func(ctx context.Context) {
			for range times {
				_ = hub.Go(ctx, func(context.Context) error { return io.EOF }).Join(ctx)
			}
		},
		"timeouts that are cancelled": func(ctx context.Context) {
			for range times {
				c, cancel := hub.WithTimeout(ctx, time.Minute)
				_ = hub.Yield(c)
				cancel()
			}
		},
		"timeouts within a context of package context": func(ctx context.Context) {
			std, cancel := context.WithCancel(ctx)
			defer cancel()
			for range times {
				c, cancel := hub.WithTimeout(std, time.Minute)
				_ = hub.Yield(c)
				cancel()
			}
		},
		"tasks whose Done is asked for": func(ctx context.Context) {
			for range times {
				_ = hub.Go(ctx, func(ctx context.Context) error { ctx.Done(); return nil }).Join(ctx)
			}
		},
	} {
		if n := growth(t, work); n > 1<<20 {
			t.Errorf("%s: %d bytes more", name, n)
		}
	}
}

// TestBurstIsGivenBack counts goroutines after a burst of tasks, in a hub that goes on.
func TestBurstIsGivenBack(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		err := hub.Run(t.Context(), func(ctx context.Context) error {
			before := runtime.NumGoroutine()
			for range 5000 {
				hub.Go(ctx, func(ctx context.Context) error { return hub.Sleep(ctx, time.Second) })
			}
			_ = hub.Sleep(ctx, 500*time.Millisecond)
			if n := runtime.NumGoroutine(); n < 5000 {
				t.Errorf("%d goroutines for 5000 tasks", n)
			}
			for range 100 {
				_ = hub.Sleep(ctx, time.Second)
			}
			if n := runtime.NumGoroutine(); n > before+100 {
				t.Errorf("%d goroutines before the burst, %d after", before, n)
			}
			return nil
		})
		if err != nil {
			t.Error(err)
		}
	})
}

// TestStoppedTimersAreGivenBack sets timers for a time that does not come, on both clocks.
func TestStoppedTimersAreGivenBack(t *testing.T) {
	const times = 20_000
	for name, set := range map[string]func(ctx context.Context){
		"AfterFunc": func(ctx context.Context) { hub.AfterFunc(ctx, time.Hour, hub.Yield).Stop() },
		"AfterFunc in a context that ends": func(ctx context.Context) {
			ctx, cancel := hub.WithTimeout(ctx, time.Minute)
			hub.AfterFunc(ctx, time.Hour, hub.Yield)
			cancel()
		},
		"Reset": func(ctx context.Context) {
			timer := hub.AfterFunc(ctx, time.Hour, hub.Yield)
			timer.Reset(2 * time.Hour)
			timer.Stop()
		},
		"Sleep": func(ctx context.Context) {
			sleeps := hub.Go(ctx, func(ctx context.Context) error { return hub.Sleep(ctx, time.Hour) })
			_ = hub.Yield(ctx)
			sleeps.Cancel(nil)
			_ = sleeps.Join(ctx)
		},
	} {
		for clock, opt := range map[string]hub.Option{"virtual": hub.WithVirtualClock(epoch), "real": hub.Isolated()} {
			n := growthOn(t, func(ctx context.Context) {
				for range times {
					set(ctx)
					_ = hub.Yield(ctx)
				}
			}, opt)
			if n > 1<<20 {
				t.Errorf("%s, %s clock: %d bytes more", name, clock, n)
			}
		}
	}
}

// TestEndGrowsNoStack ends many tasks that have slept, and checks that their stacks are as small as they were in their sleep.
func TestEndGrowsNoStack(t *testing.T) {
	const tasks = 20_000
	stacks := func() uint64 {
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		return m.StackInuse
	}
	err := runVirtual(t, func(ctx context.Context) error {
		all := make([]*hub.Task, tasks)
		for i := range all {
			all[i] = hub.Go(ctx, func(ctx context.Context) error { return hub.Sleep(ctx, time.Second) })
		}
		_ = hub.Sleep(ctx, time.Millisecond)
		asleep := stacks()
		if err := hub.JoinAll(ctx, all...); err != nil {
			return err
		}
		if over := stacks(); over > asleep+tasks*1024 {
			t.Errorf("%d bytes of stacks grew to %d", asleep, over)
		}
		return nil
	})
	if err != nil {
		t.Error(err)
	}
}
