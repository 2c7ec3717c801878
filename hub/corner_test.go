package hub_test

import (
	"context"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/seed6bcf1587/coop/hub"
)

// TestGroupWaitsInPlaceWithoutSlots waits for a function in place of a group that has no slot and no task.
func TestGroupWaitsInPlaceWithoutSlots(t *testing.T) {
	err := runVirtual(t, func(ctx context.Context) error {
		g := hub.NewGroup(ctx)
		g.Go(func(ctx context.Context) error {
			hub.Go(ctx, func(ctx context.Context) error {
				_ = hub.Sleep(ctx, time.Second)
				g.Go(func(ctx context.Context) error { _ = hub.Sleep(ctx, time.Second); return io.EOF })
				return nil
			})
			return nil
		})
		g.SetLimit(0)
		_ = hub.Sleep(ctx, 1500*time.Millisecond)
		if err := g.Wait(ctx); err != io.EOF {
			t.Error(err)
		}
		return nil
	}, quiet())
	if err != nil {
		t.Error(err)
	}
}

// TestGroupFailureIsHeeded logs no failure that Wait returns.
func TestGroupFailureIsHeeded(t *testing.T) {
	var log strings.Builder
	err := runVirtual(t, func(ctx context.Context) error {
		g := hub.NewGroup(ctx)
		g.Go(func(context.Context) error { return io.EOF })
		if err := g.Wait(ctx); err != io.EOF {
			t.Error(err)
		}
		return nil
	}, logTo(&log))
	if err != nil || log.Len() > 0 {
		t.Errorf("%v, %s", err, &log)
	}
}

// TestMapYieldsSoon yields a result as soon as the next value has been read, though more could be read ahead; and reads no further when its context has ended.
func TestMapYieldsSoon(t *testing.T) {
	eachMap(t, func(t *testing.T, ctx context.Context, m mapFunc, ordered bool) {
		within, cancel := hub.WithTimeout(ctx, time.Hour)
		defer cancel()
		read, yielded := 0, 0
		in := func(yield func(int) bool) {
			for {
				if late := read - yielded; late > 1 {
					t.Errorf("%d read, %d yielded", read, yielded)
				}
				_ = hub.Sleep(ctx, time.Second)
				if read++; read == 5 {
					cancel()
				}
				if read > 5 {
					t.Error("it reads on")
				}
				if !yield(read) {
					return
				}
			}
		}
		for _, err := range m(within, 100, in, nil2) {
			if err == nil {
				yielded++
			}
		}
		if read != 5 || yielded < 3 {
			t.Errorf("%d read, %d yielded", read, yielded)
		}
	})
}

// TestMapOfCancelledTask waits for the handlers when the task that loops has been cancelled.
func TestMapOfCancelledTask(t *testing.T) {
	eachMap(t, func(t *testing.T, ctx context.Context, m mapFunc, ordered bool) {
		busy := 0
		task := hub.Go(ctx, func(ctx context.Context) error {
			for _, err := range m(ctx, 3, numbers(5), func(ctx context.Context, i int) (string, error) {
				busy++
				defer func() { busy-- }()
				_ = hub.Sleep(ctx, time.Hour)
				return "", hub.Sleep(context.WithoutCancel(ctx), time.Second)
			}) {
				if err == nil {
					t.Error("a result")
				}
			}
			if busy != 0 {
				t.Errorf("the loop has ended, and %d are busy", busy)
			}
			return nil
		})
		_ = hub.Sleep(ctx, time.Minute)
		task.Cancel(io.EOF)
		if err := task.Join(ctx); err != nil {
			t.Error(err)
		}
	})
}

// TestAfterDoneLeavesNothing leaves no task behind when an arrangement is ended.
func TestAfterDoneLeavesNothing(t *testing.T) {
	h := hub.New(hub.WithVirtualClock(epoch))
	err := h.Run(t.Context(), func(ctx context.Context) error {
		other, cancel := context.WithCancel(context.Background())
		defer cancel()
		for range 10 {
			stop := hub.AfterDone(ctx, other, hub.Yield)
			_ = hub.Yield(ctx)
			if !stop() || stop() {
				t.Error("stop")
			}
		}
		_ = hub.Yield(ctx)
		if n := len(h.Tasks()); n != 1 {
			t.Errorf("%d tasks", n)
		}
		return nil
	})
	if err != nil {
		t.Error(err)
	}
}

// TestGivenUpInLineLetsTimePass gives up a function that has to wait for its turn, on a virtual clock: time passes when no other runs.
func TestGivenUpInLineLetsTimePass(t *testing.T) {
	err := runVirtual(t, func(ctx context.Context) error {
		quit := make(chan struct{})
		hub.Go(ctx, func(ctx context.Context) error {
			_, err := hub.Offload(ctx, func(context.Context) (int, error) { <-quit; return 0, nil })
			return err
		})
		waits := hub.Go(ctx, func(ctx context.Context) error {
			_, err := hub.Offload(ctx, func(context.Context) (int, error) { t.Error("it ran"); return 0, nil })
			return err
		})
		_ = hub.Yield(ctx)
		waits.Cancel(io.EOF)
		_ = waits.Join(ctx)
		close(quit)
		return hub.Sleep(ctx, time.Second)
	}, hub.WithOffloadLimit(1))
	if err != nil {
		t.Error(err)
	}
}
