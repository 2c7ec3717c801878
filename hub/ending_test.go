package hub_test

import (
	"context"
	"errors"
	"io"
	"math/rand/v2"
	"runtime"
	"slices"
	"testing"
	"time"

	"github.com/seed6bcf1587/coop/coro"
	"github.com/seed6bcf1587/coop/event"
	"github.com/seed6bcf1587/coop/hub"
	"github.com/seed6bcf1587/coop/queue"
	"github.com/seed6bcf1587/coop/semaphore"
	"github.com/seed6bcf1587/coop/sync2"
)

// waits are all the ways in which a task can wait for ever. Each makes what it waits for.
var waits = map[string]func(ctx context.Context) error{
	"event.Event.Wait": func(ctx context.Context) error { return new(event.Event).Wait(ctx) },
	"event.Result.Get": func(ctx context.Context) error { _, err := new(event.Result[int]).Get(ctx); return err },
	"sync2.Mutex.Lock": func(ctx context.Context) error {
		var m sync2.Mutex
		m.TryLock()
		return m.Lock(ctx)
	},
	"sync2.RLock.Lock": func(ctx context.Context) error {
		var l sync2.RLock
		holder := hub.Go(ctx, func(ctx context.Context) error {
			defer l.Unlock()
			return errors.Join(l.Lock(ctx), new(event.Event).Wait(ctx))
		})
		_ = hub.Yield(ctx)
		err := l.Lock(ctx)
		_ = holder.Join(ctx)
		return err
	},
	"sync2.Cond.Wait": func(ctx context.Context) error {
		var m sync2.Mutex
		c := sync2.NewCond(&m)
		_ = m.Lock(ctx)
		defer m.Unlock()
		return c.Wait(ctx)
	},
	"sync2.Barrier.Wait":          func(ctx context.Context) error { _, err := sync2.NewBarrier(2, nil).Wait(ctx); return err },
	"sync2.Latch.Wait":            func(ctx context.Context) error { return sync2.NewLatch(1).Wait(ctx) },
	"semaphore.Semaphore.Acquire": func(ctx context.Context) error { return semaphore.New(0).Acquire(ctx, 1) },
	"semaphore.Bounded.Acquire":   func(ctx context.Context) error { return semaphore.NewBounded(1).Acquire(ctx, 2) },
	"queue.Queue.Get":             func(ctx context.Context) error { _, err := queue.NewFIFO[int](0).Get(ctx); return err },
	"queue.Queue.Put": func(ctx context.Context) error {
		q := queue.NewLIFO[int](1)
		_ = q.TryPut(1)
		return q.Put(ctx, 2)
	},
	"queue.Queue.Put, rendezvous": func(ctx context.Context) error { return queue.NewRendezvous[int]().Put(ctx, 1) },
	"queue.Queue.Join": func(ctx context.Context) error {
		q := queue.NewFIFO[int](0)
		_ = q.TryPut(1)
		return q.Join(ctx)
	},
	"hub.Sleep":      func(ctx context.Context) error { return hub.Sleep(ctx, 1000*time.Hour) },
	"hub.SleepUntil": func(ctx context.Context) error { return hub.SleepUntil(ctx, hub.Now(ctx).Add(1000*time.Hour)) },
	"hub.Ticker.Wait": func(ctx context.Context) error {
		_, err := hub.NewTicker(ctx, 1000*time.Hour).Wait(ctx)
		return err
	},
	"hub.Yield": func(ctx context.Context) error {
		for {
			if err := hub.Sleep(ctx, time.Millisecond); err != nil {
				return err
			}
			if err := hub.Yield(ctx); err != nil {
				return err
			}
		}
	},
	"within a timeout": func(ctx context.Context) error {
		ctx, cancel := hub.WithTimeout(ctx, 1000*time.Hour)
		defer cancel()
		return new(event.Event).Wait(ctx)
	},
	"within a standard context": func(ctx context.Context) error {
		ctx, cancel := context.WithCancel(ctx)
		defer cancel()
		return new(event.Event).Wait(ctx)
	},
	"hub.Task.Join": func(ctx context.Context) error { return hub.Go(ctx, new(event.Event).Wait).Join(ctx) },
	"hub.JoinAll": func(ctx context.Context) error {
		t := hub.Go(ctx, new(event.Event).Wait)
		return hub.JoinAll(ctx, t, t)
	},
	"hub.WaitAny": func(ctx context.Context) error {
		_, err := hub.WaitAny(ctx, hub.Go(ctx, new(event.Event).Wait), hub.Go(ctx, new(event.Event).Wait))
		return err
	},
	"hub.Future.Get": func(ctx context.Context) error {
		_, err := hub.Spawn(ctx, func(ctx context.Context) (int, error) { return 0, new(event.Event).Wait(ctx) }).Get(ctx)
		return err
	},
	"hub.Offload": func(ctx context.Context) error {
		_, err := hub.Offload(ctx, func(ctx context.Context) (int, error) {
			<-ctx.Done()
			return 0, ctx.Err()
		})
		return err
	},
	"hub.Group.Wait": func(ctx context.Context) error {
		g := hub.NewGroup(ctx)
		g.Go(new(event.Event).Wait)
		return g.Wait(ctx)
	},
	"hub.Group.Go": func(ctx context.Context) error {
		g := hub.NewGroup(ctx)
		g.SetLimit(1)
		g.Go(new(event.Event).Wait)
		g.Go(new(event.Event).Wait)
		return g.Wait(ctx)
	},
	"hub.Map": func(ctx context.Context) error {
		for _, err := range hub.Map(ctx, 2, numbers(10), func(ctx context.Context, _ int) (int, error) { return 0, new(event.Event).Wait(ctx) }) {
			if err != nil {
				return err
			}
		}
		return nil
	},
	"hub.MapUnordered": func(ctx context.Context) error {
		for _, err := range hub.MapUnordered(ctx, 2, numbers(10), func(ctx context.Context, _ int) (int, error) { return 0, new(event.Event).Wait(ctx) }) {
			if err != nil {
				return err
			}
		}
		return nil
	},
	"in a generator": func(ctx context.Context) error {
		g := coro.New(func(y *coro.Yielder[int, int]) (int, error) { return 0, new(event.Event).Wait(ctx) })
		g.Next()
		_, err := g.Close()
		return err
	},
}

// TestEnding ends Run's context while tasks wait in all ways there are: each is told why, or unwound; their deferred functions run, and no goroutine is
// left. Some waits are shielded from the cancellation, so that nothing but the end of the hub ends them.
func TestEnding(t *testing.T) {
	why := errors.New("why")
	for _, clock := range []hub.Option{hub.WithVirtualClock(epoch), hub.Isolated()} {
		for _, shielded := range []bool{false, true} {
			before := runtime.NumGoroutine()
			run, cancel := context.WithCancelCause(t.Context())
			var begun, left []string
			err := hub.Run(run, func(ctx context.Context) error {
				for name, wait := range waits {
					if shielded && name == "hub.Offload" {
						continue // nobody can tell the function to end
					}
					begun = append(begun, name)
					hub.Go(ctx, func(ctx context.Context) error {
						defer func() { left = append(left, name) }()
						inner := ctx
						if shielded {
							inner = context.WithoutCancel(ctx)
						}
						err := wait(inner)
						if !errors.Is(err, context.Canceled) {
							t.Errorf("%s: %v", name, err)
						}
						return err
					}, hub.Name(name))
				}
				for range 100 { // on a virtual clock no time passes while something is offloaded
					_ = hub.Yield(ctx)
				}
				cancel(why)
				return new(event.Event).Wait(ctx)
			}, clock, quiet())
			if !errors.Is(err, why) {
				t.Errorf("Run returned %v", err)
			}
			slices.Sort(begun)
			slices.Sort(left)
			if !slices.Equal(begun, left) {
				t.Errorf("shielded %v: begun %q\nleft %q", shielded, begun, left)
			}
			for range 100_000 {
				if runtime.NumGoroutine() <= before {
					break
				}
				runtime.Gosched()
			}
			if n := runtime.NumGoroutine(); n > before {
				t.Errorf("shielded %v: %d goroutines before, %d after", shielded, before, n)
			}
		}
	}
}

// TestAllWaitsHaveNames looks at what a deadlock says of each of them.
func TestAllWaitsHaveNames(t *testing.T) {
	for name, wait := range waits {
		if name == "hub.Yield" || name == "hub.Offload" || name == "hub.Sleep" || name == "hub.SleepUntil" || name == "hub.Ticker.Wait" {
			continue // these are no deadlocks
		}
		err := runVirtual(t, func(ctx context.Context) error {
			ctx, cancel := context.WithCancel(ctx) // no timer ends the wait
			defer cancel()
			return wait(ctx)
		}, quiet())
		var dead *hub.DeadlockError
		if name == "within a timeout" {
			continue
		}
		if !errors.As(err, &dead) {
			t.Errorf("%s: %v", name, err)
			continue
		}
		for _, task := range dead.Tasks {
			if task.WaitingOn == "" || task.State != "waiting" || task.Since.IsZero() {
				t.Errorf("%s: %+v", name, task)
			}
		}
	}
}

// TestMillionTasks starts a million tasks, one after the other.
func TestMillionTasks(t *testing.T) {
	if testing.Short() {
		t.Skip("a million tasks")
	}
	n := 0
	grown := growth(t, func(ctx context.Context) {
		for range 1_000_000 {
			if err := hub.Go(ctx, func(context.Context) error { n++; return nil }).Join(ctx); err != nil {
				t.Error(err)
			}
		}
	})
	if n != 1_000_000 || grown > 1<<20 {
		t.Errorf("%d tasks, %d bytes more", n, grown)
	}
}

// TestStoppedInOrder stops a hub with many tasks, after many others have ended: they are told in the order in which they were started, whether
// they wait with a context that ends or with one that does not.
func TestStoppedInOrder(t *testing.T) {
	type sleeper struct {
		task *hub.Task
		wake event.Event
	}
	for seed := range uint64(20) {
		for _, shielded := range []bool{false, true} {
			var want, got []uint64
			err := runVirtual(t, func(ctx context.Context) error {
				rng := rand.New(rand.NewPCG(seed, 3))
				var sleepers []*sleeper
				for range 1 + rng.IntN(10) {
					for range rng.IntN(100) {
						s := new(sleeper)
						s.task = hub.Go(ctx, func(ctx context.Context) error {
							within := ctx
							if shielded {
								within = context.WithoutCancel(ctx)
								s.task.Cancel(io.EOF) // so that the end of the hub is no news to its context
							}
							defer func() { got = append(got, s.task.ID()) }()
							_ = s.wake.Wait(within)
							return nil
						}, hub.Daemon())
						sleepers = append(sleepers, s)
					}
					_ = hub.Yield(ctx)
					sleepers = slices.DeleteFunc(sleepers, func(s *sleeper) bool {
						ends := rng.IntN(3) == 0
						if ends {
							s.wake.Set()
						}
						return ends
					})
					_ = hub.Yield(ctx)
				}
				got = nil
				for _, s := range sleepers {
					want = append(want, s.task.ID())
				}
				return nil
			}, quiet())
			if err != nil || !slices.Equal(got, want) {
				t.Errorf("seed %d, shielded %v: %v, told %v, want %v", seed, shielded, err, got, want)
			}
		}
	}
}
