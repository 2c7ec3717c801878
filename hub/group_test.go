package hub_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/seed6bcf1587/coop/event"
	"github.com/seed6bcf1587/coop/hub"
)

func TestGroup(t *testing.T) {
	err := runVirtual(t, func(ctx context.Context) error {
		g, n := hub.NewGroup(ctx), 0
		if err := hub.NewGroup(ctx).Wait(ctx); err != nil {
			t.Errorf("an empty group: %v", err)
		}
		for i := range 10 {
			g.Go(func(ctx context.Context) error {
				err := hub.Sleep(ctx, time.Duration(i)*time.Second)
				n++
				return err
			})
		}
		short, cancel := hub.WithTimeout(ctx, time.Second)
		defer cancel()
		if err := g.Wait(short); !errors.Is(err, context.DeadlineExceeded) || n > 2 {
			t.Errorf("Wait with a deadline: %v, %d have ended", err, n)
		}
		other := hub.Go(ctx, g.Wait)
		if err := g.Wait(ctx); err != nil || n != 10 || other.Join(ctx) != nil {
			t.Errorf("%v, %d have ended", err, n)
		}
		return nil
	})
	if err != nil {
		t.Error(err)
	}
}

// TestGroupFailure has the first failure cancel the others, and their children, and be the one that is returned.
func TestGroupFailure(t *testing.T) {
	type key struct{}
	err := runVirtual(t, func(ctx context.Context) error {
		start := hub.Now(ctx)
		ctx = context.WithValue(ctx, key{}, 42)
		g := hub.NewGroup(ctx)
		var never event.Event
		var log []string
		var child *hub.Task
		g.Go(func(ctx context.Context) error {
			child = hub.Go(ctx, never.Wait)
			err := never.Wait(ctx)
			log = append(log, fmt.Sprint("cancelled ", errors.Is(err, io.EOF), context.Cause(ctx), ctx.Value(key{})))
			return err
		})
		g.Go(func(ctx context.Context) error {
			_ = never.Wait(ctx)
			return io.ErrNoProgress // later
		})
		g.Go(func(ctx context.Context) error {
			_ = hub.Sleep(ctx, time.Second)
			return io.EOF
		})
		g.Go(func(ctx context.Context) error {
			defer func() { log = append(log, "clean-up") }()
			_ = never.Wait(ctx)
			return hub.Sleep(context.WithoutCancel(ctx), time.Minute) // Wait waits for this one too
		})
		if err := g.Wait(ctx); err != io.EOF || hub.Now(ctx).Sub(start) != time.Second+time.Minute {
			t.Errorf("%v after %v", err, hub.Now(ctx).Sub(start))
		}
		if s := strings.Join(log, "; "); s != "cancelled true EOF 42; clean-up" {
			t.Error(s)
		}
		if err := child.Join(ctx); !errors.Is(err, io.EOF) {
			t.Errorf("child: %v", err)
		}
		if err := g.Wait(ctx); err != io.EOF {
			t.Errorf("again: %v", err)
		}
		return nil
	}, quiet())
	if err != nil {
		t.Errorf("Run returned %v", err)
	}
}

func TestGroupPanics(t *testing.T) {
	err := runVirtual(t, func(ctx context.Context) error {
		g := hub.NewGroup(ctx)
		waits := func(ctx context.Context) error { return new(event.Event).Wait(ctx) }
		g.Go(waits)
		g.Go(func(context.Context) error { panic("oops") })
		var p *hub.PanicError
		if err := g.Wait(ctx); !errors.As(err, &p) || p.Value != "oops" {
			t.Error(err)
		}
		return nil
	})
	if err != nil {
		t.Errorf("Run returned %v", err)
	}
	err = runVirtual(t, func(ctx context.Context) error {
		g := hub.NewGroup(ctx)
		g.SetLimit(1)
		g.Go(func(context.Context) error {
			g.Go(func(context.Context) error { return io.ErrNoProgress }) // in place
			return nil
		})
		return nil
	}, quiet())
	if !errors.Is(err, io.ErrNoProgress) {
		t.Errorf("in place, and nobody waits: Run returned %v", err)
	}
	// Nobody waits: the failure is Run's.
	err = runVirtual(t, func(ctx context.Context) error {
		hub.NewGroup(ctx).Go(func(context.Context) error { return io.EOF }, hub.Name("member"))
		return nil
	}, quiet())
	if err == nil || err.Error() != `task "member": EOF` {
		t.Errorf("Run returned %v", err)
	}
}

// TestGroupCancelled ends the context of a group, and of one who waits for a slot.
func TestGroupCancelled(t *testing.T) {
	err := runVirtual(t, func(ctx context.Context) error {
		short, cancel := hub.WithTimeout(ctx, time.Second)
		defer cancel()
		g := hub.NewGroup(short)
		g.SetLimit(1)
		ran := false
		g.Go(func(ctx context.Context) error { return new(event.Event).Wait(ctx) })
		g.Go(func(ctx context.Context) error { ran = true; return nil }) // waits for the slot, and then it is too late
		if g.TryGo(func(ctx context.Context) error { ran = true; return nil }) {
			t.Error("TryGo in a cancelled group")
		}
		if err := g.Wait(ctx); !errors.Is(err, context.DeadlineExceeded) || ran {
			t.Errorf("%v, ran: %v", err, ran)
		}

		g = hub.NewGroup(ctx)
		g.SetLimit(0)
		starter := hub.Go(ctx, func(ctx context.Context) error {
			g.Go(func(context.Context) error { ran = true; return nil })
			return ctx.Err()
		})
		_ = hub.Yield(ctx)
		starter.Cancel(io.EOF)
		_ = starter.Join(ctx)
		g.SetLimit(-1)
		if err := g.Wait(ctx); !errors.Is(err, io.EOF) || ran {
			t.Errorf("%v, ran: %v", err, ran)
		}

		// A task that cancels itself is not a group that is cancelled.
		g = hub.NewGroup(ctx)
		g.Go(func(ctx context.Context) error { hub.Current(ctx).Cancel(nil); return ctx.Err() })
		if err := g.Wait(ctx); err != nil {
			t.Error(err)
		}
		return nil
	})
	if err != nil {
		t.Error(err)
	}
}

// TestGroupLimit starts tasks from outside and inside of groups within groups, at random: all run, and none waits for ever. And never are there more
// than the limit.
func TestGroupLimit(t *testing.T) {
	for seed := range uint64(50) {
		rng := rand.New(rand.NewPCG(seed, 7))
		err := runVirtual(t, func(ctx context.Context) error {
			outer := hub.NewGroup(ctx)
			outer.SetLimit(1 + rng.IntN(4))
			ran, want := 0, 0
			var work func(depth int, outer, inner *hub.Group) func(ctx context.Context) error
			work = func(depth int, outer, inner *hub.Group) func(ctx context.Context) error {
				want++
				return func(ctx context.Context) error {
					ran++
					_ = hub.Sleep(ctx, time.Duration(rng.IntN(3)))
					for range rng.IntN(3) {
						if depth == 0 {
							break
						}
						switch rng.IntN(3) {
						case 0:
							outer.Go(work(depth-1, outer, outer))
						case 1:
							inner.Go(work(depth-1, outer, inner))
						case 2:
							g := hub.NewGroup(ctx)
							g.SetLimit(1)
							g.Go(work(depth-1, outer, g))
							g.Go(work(depth-1, outer, g))
							if err := g.Wait(ctx); err != nil {
								return err
							}
						}
					}
					return nil
				}
			}
			for range 10 {
				outer.Go(work(3, outer, outer))
			}
			err := outer.Wait(ctx)
			if ran != want {
				t.Errorf("%d functions, %d have run", want, ran)
			}
			return err
		}, hub.WithSeed(seed))
		if err != nil {
			t.Fatalf("seed %d: %v", seed, err)
		}
	}
	err := runVirtual(t, func(ctx context.Context) error {
		g := hub.NewGroup(ctx)
		g.SetLimit(3)
		busy, most := 0, 0
		var order []int
		for i := range 21 {
			g.Go(func(ctx context.Context) error {
				order = append(order, i)
				busy++
				most = max(most, busy)
				err := hub.Sleep(ctx, time.Second)
				busy--
				return err
			})
		}
		if g.TryGo(hub.Yield) {
			t.Error("TryGo in a full group")
		}
		err := g.Wait(ctx)
		if most != 3 || !slices.IsSorted(order) || len(order) != 21 {
			t.Errorf("%d at once, in the order %v", most, order)
		}
		return err
	})
	if err != nil {
		t.Error(err)
	}
}

func TestGroupSetLimit(t *testing.T) {
	err := runVirtual(t, func(ctx context.Context) error {
		g := hub.NewGroup(ctx)
		g.SetLimit(0)
		if g.TryGo(hub.Yield) {
			t.Error("TryGo with limit 0")
		}
		started := 0
		for range 4 {
			hub.Go(ctx, func(ctx context.Context) error {
				g.Go(func(ctx context.Context) error { started++; return hub.Sleep(ctx, time.Second) })
				return nil
			})
		}
		_ = hub.Sleep(ctx, 1)
		g.SetLimit(2)
		_ = hub.Sleep(ctx, 1)
		if started != 2 {
			t.Errorf("limit 2: %d started", started)
		}
		g.SetLimit(1) // those that there are go on
		_ = hub.Sleep(ctx, 1500*time.Millisecond)
		if started != 3 {
			t.Errorf("limit 1: %d started", started)
		}
		g.SetLimit(-1)
		_ = hub.Sleep(ctx, 1)
		if started != 4 {
			t.Errorf("no limit: %d started", started)
		}
		return g.Wait(ctx)
	})
	if err != nil {
		t.Error(err)
	}
}

// TestGroupInPlace is what a full group does for its own tasks.
func TestGroupInPlace(t *testing.T) {
	err := runVirtual(t, func(ctx context.Context) error {
		g := hub.NewGroup(ctx)
		g.SetLimit(1)
		g.Go(func(ctx context.Context) error {
			in := false
			g.Go(func(inner context.Context) error {
				in = hub.Current(inner) == hub.Current(ctx)
				return hub.Sleep(inner, time.Second)
			})
			if !in {
				t.Error("it did not run in place")
			}
			inner := hub.NewGroup(ctx)
			inner.Go(func(context.Context) error {
				g.Go(func(context.Context) error { return io.EOF })
				return nil
			})
			_ = inner.Wait(ctx)
			if !errors.Is(context.Cause(ctx), io.EOF) {
				t.Error("the failure of a function that ran in place cancelled nobody")
			}
			g.Go(func(context.Context) error { t.Error("ran in a cancelled group"); return nil })
			return nil
		})
		if err := g.Wait(ctx); err != io.EOF {
			t.Error(err)
		}
		return nil
	})
	if err != nil {
		t.Error(err)
	}
}

func TestGroupMisuse(t *testing.T) {
	err := runVirtual(t, func(ctx context.Context) error {
		nop := func(context.Context) error { return nil }
		g, over := hub.NewGroup(ctx), hub.NewGroup(ctx)
		_ = over.Wait(ctx)
		for want, f := range map[string]func(){
			"hub.NewGroup: ctx carries no task: call it inside hub.Run": func() { hub.NewGroup(context.Background()) },
			"hub.Group.Go: nil function":                                func() { g.Go(nil) },
			"hub.Group.TryGo: nil function":                             func() { g.TryGo(nil) },
			"hub.Group.Go: Wait has returned":                           func() { over.Go(nop) },
			"hub.Group.Go: called outside the group's hub":              outside(func() { g.Go(nop) }),
			"hub.Group.TryGo: called outside the group's hub":           outside(func() { g.TryGo(nop) }),
			"hub.Group.SetLimit: called outside the group's hub":        outside(func() { g.SetLimit(1) }),
		} {
			if got := panicOf(f); got != want {
				t.Errorf("panic %v\nwant  %v", got, want)
			}
		}
		g.SetLimit(0)
		_ = hub.Go(ctx, nop).OnDone(func(*hub.Task) { g.Go(nop) })
		return nil
	}, quiet())
	if err == nil || !strings.Contains(err.Error(), "a callback cannot wait for a full group: use TryGo") {
		t.Error(err)
	}
}

// TestManyGroups leaves nothing behind in the context that they were made in.
func TestManyGroups(t *testing.T) {
	n := growth(t, func(ctx context.Context) {
		for range 20_000 {
			g := hub.NewGroup(ctx)
			g.Go(hub.Yield)
			g.Go(hub.Yield)
			_ = g.Wait(ctx)
		}
	})
	if n > 1<<20 {
		t.Errorf("%d bytes more", n)
	}
}
