package hub_test

import (
	"context"
	"errors"
	"io"
	"iter"
	"testing"
	"time"

	"github.com/seed6bcf1587/coop/event"
	"github.com/seed6bcf1587/coop/hub"
)

// TestGroupWaitsForGranted raises the limit of a group without tasks for which somebody waits, and waits for the group at once.
func TestGroupWaitsForGranted(t *testing.T) {
	err := runVirtual(t, func(ctx context.Context) error {
		g, ran := hub.NewGroup(ctx), 0
		g.SetLimit(0)
		for range 3 {
			hub.Go(ctx, func(ctx context.Context) error {
				g.Go(func(ctx context.Context) error { ran++; return hub.Sleep(ctx, time.Second) })
				return nil
			})
		}
		_ = hub.Sleep(ctx, 1)
		g.SetLimit(1)
		if err := g.Wait(ctx); err != nil || ran != 3 {
			t.Errorf("Wait returned %v when %d had run", err, ran)
		}
		return nil
	})
	if err != nil {
		t.Error(err)
	}
}

// TestGroupWaitsForLatecomers starts a task of a group after its last has ended, and before who waits for it runs again.
func TestGroupWaitsForLatecomers(t *testing.T) {
	err := runVirtual(t, func(ctx context.Context) error {
		g, done := hub.NewGroup(ctx), 0
		work := func(ctx context.Context) error {
			err := hub.Sleep(ctx, time.Second)
			if err == nil {
				done++
			}
			return err
		}
		g.Go(func(ctx context.Context) error {
			hub.Current(ctx).OnDone(func(*hub.Task) { g.Go(work) })
			hub.Go(context.WithoutCancel(ctx), func(context.Context) error { g.Go(work); return nil })
			return nil
		})
		if err := g.Wait(ctx); err != nil || done != 2 {
			t.Errorf("Wait returned %v when %d were done", err, done)
		}
		return nil
	})
	if err != nil {
		t.Error(err)
	}
}

// TestGroupWaitsForInPlace has a child of a group's task run a function in place, and outlive that task.
func TestGroupWaitsForInPlace(t *testing.T) {
	err := runVirtual(t, func(ctx context.Context) error {
		g := hub.NewGroup(ctx)
		g.SetLimit(1)
		g.Go(func(ctx context.Context) error {
			hub.Go(ctx, func(ctx context.Context) error {
				g.Go(func(ctx context.Context) error {
					if err := hub.Sleep(ctx, time.Second); err != nil {
						t.Errorf("in place: %v", err)
					}
					return io.EOF
				})
				return nil
			})
			return hub.Sleep(ctx, time.Millisecond)
		})
		if err := g.Wait(ctx); err != io.EOF {
			t.Errorf("Wait returned %v", err)
		}
		return nil
	}, quiet())
	if err != nil {
		t.Error(err)
	}
}

// TestGroupInPlaceTakesNoSlot lets others have the slots that are free while a task of the group runs functions in place.
func TestGroupInPlaceTakesNoSlot(t *testing.T) {
	err := runVirtual(t, func(ctx context.Context) error {
		g := hub.NewGroup(ctx)
		g.SetLimit(2)
		start := hub.Now(ctx)
		second := func(ctx context.Context) error { return hub.Sleep(ctx, time.Second) }
		g.Go(func(ctx context.Context) error {
			_ = hub.Yield(ctx)
			for range 3 {
				g.Go(second)
			}
			return nil
		})
		for range 4 {
			g.Go(second)
		}
		err := g.Wait(ctx)
		if took := hub.Now(ctx).Sub(start); took != 4*time.Second {
			t.Errorf("it took %v", took)
		}
		return err
	})
	if err != nil {
		t.Error(err)
	}
}

// TestGroupFullAndOver ends a group for which somebody waits who can never have a slot.
func TestGroupFullAndOver(t *testing.T) {
	err := runVirtual(t, func(ctx context.Context) error {
		nop := func(context.Context) error { t.Error("it ran"); return nil }
		g := hub.NewGroup(ctx)
		g.SetLimit(0)
		starter := hub.Go(ctx, func(context.Context) error { g.Go(nop); return nil })
		_ = hub.Yield(ctx)
		if err := g.Wait(ctx); err != nil {
			t.Error(err)
		}
		var p *hub.PanicError
		if err := starter.Join(ctx); !errors.As(err, &p) || p.Value != "hub.Group.Go: Wait has returned" {
			t.Error(err)
		}

		// One that fails meanwhile does not run what it was given.
		g = hub.NewGroup(ctx)
		g.SetLimit(1)
		g.Go(func(context.Context) error { return io.EOF })
		starter = hub.Go(ctx, func(context.Context) error { g.Go(nop); return nil })
		hub.Go(ctx, func(context.Context) error { g.SetLimit(0); return nil })
		_ = hub.Sleep(ctx, time.Second)
		if err := g.Wait(ctx); err != io.EOF {
			t.Error(err)
		}
		if err := starter.Join(ctx); err != nil {
			t.Error(err)
		}

		// One that has been cancelled needs no slot.
		short, cancel := hub.WithTimeout(ctx, time.Second)
		g = hub.NewGroup(short)
		g.SetLimit(0)
		cancel()
		g.Go(nop)
		if err := g.Wait(ctx); !errors.Is(err, context.Canceled) {
			t.Error(err)
		}
		return nil
	}, quiet())
	if err != nil {
		t.Error(err)
	}
}

// TestControlInPulledBody uses what belongs to a hub in the body of an iter.Pull, which runs for the task that calls it.
func TestControlInPulledBody(t *testing.T) {
	err := runVirtual(t, func(ctx context.Context) error {
		g, ran := hub.NewGroup(ctx), false
		timer := hub.AfterFunc(ctx, time.Hour, func(context.Context) error { t.Error("timer"); return nil })
		ticker := hub.NewTicker(ctx, time.Second)
		next, stop := iter.Pull(func(yield func(int) bool) {
			g.SetLimit(1)
			g.Go(func(context.Context) error { ran = true; return nil })
			g.TryGo(hub.Yield)
			timer.Stop()
			ticker.Stop()
			yield(1)
		})
		defer stop()
		if v, ok := next(); v != 1 || !ok {
			t.Error(v, ok)
		}
		err := g.Wait(ctx)
		if !ran {
			t.Error("it did not run")
		}
		return err
	})
	if err != nil {
		t.Error(err)
	}
}

// TestGroupContextOfEndedTask goes on with a group whose maker has ended.
func TestGroupContextOfEndedTask(t *testing.T) {
	err := runVirtual(t, func(ctx context.Context) error {
		var never event.Event
		made, err := hub.Spawn(ctx, func(ctx context.Context) (*hub.Group, error) {
			g := hub.NewGroup(ctx)
			g.Go(func(ctx context.Context) error { return never.Wait(ctx) })
			return g, nil
		}).Get(ctx)
		if err != nil {
			return err
		}
		made.Go(func(ctx context.Context) error { return io.EOF })
		if err := made.Wait(ctx); err != io.EOF {
			t.Error(err)
		}
		return nil
	})
	if err != nil {
		t.Error(err)
	}
}
