package hub_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/seed6bcf1587/coop/event"
	"github.com/seed6bcf1587/coop/hub"
)

// TestOffloadLimit checks that no more functions run at once than may, and that they begin in the order in which they came.
func TestOffloadLimit(t *testing.T) {
	for _, limit := range []int{1, 3} {
		synctest.Test(t, func(t *testing.T) {
			var running, most atomic.Int32
			var order []int
			var mu sync.Mutex
			err := runVirtual(t, func(ctx context.Context) error {
				for i := range 20 {
					hub.Go(ctx, func(ctx context.Context) error {
						_, err := hub.Offload(ctx, func(context.Context) (int, error) {
							mu.Lock()
							order = append(order, i)
							most.Store(max(most.Load(), running.Add(1)))
							mu.Unlock()
							time.Sleep(time.Duration(1+i%2) * time.Second)
							running.Add(-1)
							if i%5 == 3 {
								runtime.Goexit()
							}
							return 0, nil
						})
						if (err != nil) != (i%5 == 3) {
							t.Errorf("%d: %v", i, err)
						}
						return nil
					})
				}
				return nil
			}, hub.WithOffloadLimit(limit))
			if err != nil || int(most.Load()) != limit || len(order) != 20 {
				t.Fatalf("%v; %d at once, %d in all", err, most.Load(), len(order))
			}
			for i, n := range order {
				// Those that begin at the same instant do so in any order.
				if n < i-limit || n > i+limit || limit == 1 && n != i {
					t.Errorf("order %v", order)
					break
				}
			}
		})
	}
}

// TestOffloadCancelledBeforeItBegins cancels a task whose function has no goroutine yet: it never runs, and holds up nobody.
func TestOffloadCancelledBeforeItBegins(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		why, last := errors.New("why"), false
		err := hub.Run(t.Context(), func(ctx context.Context) error {
			hub.Go(ctx, func(ctx context.Context) error {
				_, err := hub.Offload(ctx, func(context.Context) (int, error) { time.Sleep(time.Minute); return 0, nil })
				return err
			})
			waits := hub.Go(ctx, func(ctx context.Context) error {
				start := hub.Now(ctx)
				_, err := hub.Offload(ctx, func(context.Context) (int, error) { t.Error("runs"); return 0, nil })
				if !errors.Is(err, why) || hub.Now(ctx).Sub(start) != time.Second {
					t.Errorf("%v after %v", err, hub.Now(ctx).Sub(start))
				}
				return nil
			})
			hub.Go(ctx, func(ctx context.Context) error {
				_, err := hub.Offload(ctx, func(context.Context) (int, error) { last = true; return 0, nil })
				return err
			})
			if err := hub.Sleep(ctx, time.Second); err != nil {
				return err
			}
			waits.Cancel(why)
			return nil
		}, hub.WithOffloadLimit(1))
		if err != nil || !last {
			t.Errorf("%v; the last ran: %v", err, last)
		}
	})
}

// TestOffloadCancelledAndThenItsTurn is TestOffloadCancelledBeforeItBegins for a function whose turn comes before its task has been able to see the end.
func TestOffloadCancelledAndThenItsTurn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		err := hub.Run(t.Context(), func(ctx context.Context) error {
			hub.Go(ctx, func(ctx context.Context) error {
				_, err := hub.Offload(ctx, func(context.Context) (int, error) { time.Sleep(time.Minute); return 0, nil })
				return err
			})
			waits := hub.Go(ctx, func(ctx context.Context) error {
				_, err := hub.Offload(ctx, func(context.Context) (int, error) { t.Error("runs"); return 0, nil })
				return err
			})
			if err := hub.Yield(ctx); err != nil {
				return err
			}
			waits.Cancel(nil)
			time.Sleep(time.Hour) //blocklint:ignore sleep keeps the hub while the turn comes
			if err := waits.Join(ctx); err != context.Canceled {
				t.Error(err)
			}
			return nil
		}, hub.WithOffloadLimit(1))
		if err != nil {
			t.Error(err)
		}
	})
}

// TestOffloadReuses checks that calls one after the other use one goroutine, that a burst is given back, and that none is left.
func TestOffloadReuses(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		before := runtime.NumGoroutine()
		err := runVirtual(t, func(ctx context.Context) error {
			used := map[string]bool{}
			var mu sync.Mutex
			note := func(context.Context) (int, error) {
				var buf [32]byte
				mu.Lock()
				defer mu.Unlock()
				used[strings.Fields(string(buf[:runtime.Stack(buf[:], false)]))[1]] = true
				return 0, nil
			}
			for range 100 {
				if _, err := hub.Offload(ctx, note); err != nil {
					return err
				}
			}
			if len(used) != 1 {
				t.Errorf("%d goroutines for calls one after the other", len(used))
			}
			for range 300 {
				hub.Go(ctx, func(ctx context.Context) error {
					_, err := hub.Offload(ctx, func(context.Context) (int, error) { time.Sleep(time.Second); return 0, nil })
					return err
				})
			}
			if err := hub.Sleep(ctx, time.Second); err != nil {
				return err
			}
			_, err := hub.Offload(ctx, func(context.Context) (int, error) {
				synctest.Wait()
				return runtime.NumGoroutine() - before, nil
			})
			return err
		})
		if err != nil {
			t.Error(err)
		}
	})
}

// TestOffloadShrinks counts the goroutines of a hub after a burst.
func TestOffloadShrinks(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var over event.Event
		ended := make(chan error)
		before := runtime.NumGoroutine()
		go func() {
			ended <- hub.Run(t.Context(), func(ctx context.Context) error {
				for range 300 {
					hub.Go(ctx, func(ctx context.Context) error {
						_, err := hub.Offload(ctx, func(context.Context) (int, error) { time.Sleep(time.Second); return 0, nil })
						return err
					})
				}
				if err := hub.Sleep(ctx, 2*time.Second); err != nil {
					return err
				}
				for range 40 { // gives the tasks' own goroutines back
					if err := hub.Sleep(ctx, time.Second); err != nil {
						return err
					}
				}
				return over.Wait(ctx)
			})
		}()
		time.Sleep(time.Hour)
		synctest.Wait()
		// Kept are 64 goroutines for tasks and 16 to offload to; there are Run and main's too.
		if n := runtime.NumGoroutine() - before; n > 64+16+4 {
			t.Errorf("%d goroutines after a burst", n)
		}
		over.Set()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	})
}

// TestOffloadKeepsContexts checks that a context which outlives its function stays what it was.
func TestOffloadKeepsContexts(t *testing.T) {
	type key struct{}
	err := runVirtual(t, func(ctx context.Context) error {
		var kept []context.Context
		for i := range 6 {
			c := ctx
			if i%2 == 1 {
				c = context.WithValue(ctx, key{}, i)
			}
			_, err := hub.Offload(c, func(ctx context.Context) (int, error) { kept = append(kept, ctx); return 0, nil })
			if err != nil {
				return err
			}
		}
		for i, c := range kept {
			if v, _ := c.Value(key{}).(int); v != i*(i%2) {
				t.Errorf("context %d has value %d", i, v)
			}
		}
		return nil
	})
	if err != nil {
		t.Error(err)
	}
}

// unhashable is a context of a type whose values cannot be compared.
type unhashable struct {
	context.Context
	_ []int
}

func TestOffloadWithAnyContext(t *testing.T) {
	err := runVirtual(t, func(ctx context.Context) error {
		for range 2 {
			if _, err := hub.Offload(unhashable{Context: ctx}, func(context.Context) (int, error) { return 0, nil }); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Error(err)
	}
}

// TestOffloadHammer offloads from many tasks, functions of two types, some of which are given up at random moments. Each task must get the result of
// its own function.
func TestOffloadHammer(t *testing.T) {
	for seed := range uint64(20) {
		rng := rand.New(rand.NewPCG(seed, 1))
		opts := []hub.Option{hub.WithOffloadLimit(1 + rng.IntN(4))}
		if seed%2 == 0 {
			opts = append(opts, hub.WithVirtualClock(epoch))
		}
		var ran, given atomic.Int64
		got := 0
		err := hub.Run(t.Context(), func(ctx context.Context) error {
			for i := range 20 {
				seed := rng.Uint64()
				hub.Go(ctx, func(ctx context.Context) error {
					rng := rand.New(rand.NewPCG(seed, 2))
					for k := range 50 {
						c, cancel := hub.WithTimeout(ctx, time.Duration(rng.IntN(100))*time.Microsecond)
						busy := rng.IntN(50)
						work := func() int {
							for range busy {
								runtime.Gosched()
							}
							ran.Add(1)
							return i*1000 + k
						}
						var n int
						var err error
						if k%2 == 0 {
							n, err = hub.Offload(c, func(context.Context) (int, error) { return work(), nil })
						} else {
							var s string
							s, err = hub.Offload(c, func(context.Context) (string, error) { return fmt.Sprint(work()), nil })
							_, _ = fmt.Sscan(s, &n)
						}
						cancel()
						switch {
						case err == nil && n == i*1000+k:
							got++
						case errors.Is(err, context.DeadlineExceeded):
							given.Add(1)
						default:
							t.Errorf("task %d, call %d: got %d, %v", i, k, n, err)
						}
					}
					return nil
				})
			}
			return nil
		}, opts...)
		if err != nil || got+int(given.Load()) != 20*50 || ran.Load() < int64(got) {
			t.Fatalf("seed %d: %v; %d ran, %d results, %d given up", seed, err, ran.Load(), got, given.Load())
		}
	}
}

func TestOffloadAllocatesNothing(t *testing.T) {
	err := runVirtual(t, func(ctx context.Context) error {
		n := testing.AllocsPerRun(100, func() {
			if _, err := hub.Offload(ctx, func(context.Context) (int, error) { return 0, nil }); err != nil {
				t.Error(err)
			}
		})
		if n != 0 {
			t.Errorf("%v allocations", n)
		}
		return nil
	})
	if err != nil {
		t.Error(err)
	}
}

func TestOffloadLimitRefuses(t *testing.T) {
	if v := panicOf(func() { hub.WithOffloadLimit(0) }); v != "hub.WithOffloadLimit: limit less than 1" {
		t.Error(v)
	}
}

// TestIdleHubWakesSoon lets goroutines wake an idle hub in every way. The machine may be busy: one of many tries within a millisecond will do, for
// a hub that looked around from time to time would never be.
func TestIdleHubWakesSoon(t *testing.T) {
	const tries, soon = 200, time.Millisecond
	h := hub.New()
	var over event.Event
	ended := make(chan error)
	go func() { ended <- h.Run(t.Context(), over.Wait) }()
	for name, wake := range map[string]func() time.Duration{
		"Go": func() time.Duration {
			start := time.Now()
			var took time.Duration
			_ = h.Go(func(context.Context) error { took = time.Since(start); return nil }).Join(t.Context())
			return took
		},
		"Set": func() time.Duration {
			var e event.Event
			var start time.Time
			var took time.Duration
			task := h.Go(func(ctx context.Context) error {
				err := e.Wait(ctx)
				took = time.Since(start)
				return err
			})
			start = time.Now()
			e.Set()
			_ = task.Join(t.Context())
			return took
		},
		"Cancel": func() time.Duration {
			task := h.Go(func(ctx context.Context) error { return hub.Sleep(ctx, time.Hour) })
			start := time.Now()
			task.Cancel(nil)
			_ = task.Join(t.Context())
			return time.Since(start)
		},
	} {
		best := time.Hour
		for i := 0; i < tries && best > soon; i++ {
			best = min(best, wake())
		}
		if best > soon {
			t.Errorf("%s: at best %v", name, best)
		}
	}
	over.Set()
	if err := <-ended; err != nil {
		t.Error(err)
	}
}

// TestOffloadWhenRunEnds ends Run's context while one function runs and others wait for a goroutine.
func TestOffloadWhenRunEnds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		run, cancel := context.WithCancelCause(t.Context())
		why := errors.New("closing time")
		ran, told := 0, 0
		before := runtime.NumGoroutine()
		err := hub.Run(run, func(ctx context.Context) error {
			for range 6 {
				hub.Go(ctx, func(ctx context.Context) error {
					_, err := hub.Offload(ctx, func(ctx context.Context) (int, error) {
						ran++ // one at a time
						<-ctx.Done()
						time.Sleep(time.Minute)
						return 0, nil
					})
					if errors.Is(err, why) {
						told++
					}
					return err
				})
			}
			if err := hub.Sleep(ctx, time.Second); err != nil {
				return err
			}
			cancel(why)
			return nil
		}, hub.WithOffloadLimit(1))
		synctest.Wait()
		if after := runtime.NumGoroutine(); !errors.Is(err, why) || ran != 1 || told != 6 || after > before {
			t.Errorf("%v; %d ran, %d told; %d goroutines before, %d after", err, ran, told, before, after)
		}
	})
}
