package hub_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/seed6bcf1587/coop/event"
	"github.com/seed6bcf1587/coop/hub"
	"github.com/seed6bcf1587/coop/hub/hubtest"
)

// TestGroupExplored starts tasks in a group with a limit from several tasks, while the limit changes and starters are cancelled, under many schedules.
func TestGroupExplored(t *testing.T) {
	hubtest.Explore(t, 300, func(ctx context.Context) error {
		g := hub.NewGroup(ctx)
		g.SetLimit(2)
		busy, most, ran, inPlace := 0, 0, 0, 0
		var starters []*hub.Task
		work := func(ctx context.Context) error {
			busy++
			most = max(most, busy)
			ran++
			err := hub.Yield(ctx)
			busy--
			return err
		}
		for range 4 {
			starters = append(starters, hub.Go(ctx, func(ctx context.Context) error {
				g.Go(work)
				g.Go(func(ctx context.Context) error {
					g.Go(func(ctx context.Context) error { inPlace++; return hub.Yield(ctx) })
					return work(ctx)
				})
				return nil
			}))
		}
		_ = hub.Yield(ctx)
		g.SetLimit(3)
		g.SetLimit(1)
		_ = hub.Yield(ctx)
		g.SetLimit(3)
		if err := hub.JoinAll(ctx, starters...); err != nil {
			return err
		}
		if err := g.Wait(ctx); err != nil {
			return err
		}
		if most > 3 || ran != 8 || inPlace != 4 || busy != 0 {
			return fmt.Errorf("%d at once, %d ran, %d in place or not", most, ran, inPlace)
		}
		return nil
	})
}

// TestGroupFailureExplored has the first failure be the one that is returned, whichever it is.
func TestGroupFailureExplored(t *testing.T) {
	hubtest.Explore(t, 300, func(ctx context.Context) error {
		g := hub.NewGroup(ctx)
		g.SetLimit(2)
		var first error
		for i := range 4 {
			g.Go(func(ctx context.Context) error {
				if err := hub.Yield(ctx); err != nil {
					return err
				}
				err := fmt.Errorf("failure %d", i)
				if first == nil {
					first = err
				}
				return err
			})
		}
		if err := g.Wait(ctx); err != first || err == nil {
			return fmt.Errorf("%v, first %v", err, first)
		}
		return nil
	})
}

// TestMapExplored maps with random failures and early ends.
func TestMapExplored(t *testing.T) {
	for seed := range uint64(20) {
		hubtest.Explore(t, 20, func(ctx context.Context) error {
			rng := rand.New(rand.NewPCG(seed, 5))
			limit, stop := 1+rng.IntN(4), rng.IntN(20)
			for _, ordered := range []bool{true, false} {
				m := hub.MapUnordered[int, int]
				if ordered {
					m = hub.Map[int, int]
				}
				busy, yielded, read := 0, 0, 0
				seen := map[int]bool{}
				in := func(yield func(int) bool) {
					for i := range 12 {
						read++
						if read-yielded > limit {
							panic("read ahead")
						}
						if !yield(i) {
							return
						}
					}
				}
				for v, err := range m(ctx, limit, in, func(ctx context.Context, i int) (int, error) {
					busy++
					defer func() { busy-- }()
					for range i % 3 {
						_ = hub.Yield(ctx)
					}
					if i%4 == 3 {
						return i, io.EOF
					}
					return i, nil
				}) {
					if (err == io.EOF) != (v%4 == 3) || seen[v] || ordered && v != yielded || busy > limit {
						return fmt.Errorf("ordered %v: value %d as number %d, %v, %d busy", ordered, v, yielded, err, busy)
					}
					seen[v] = true
					if yielded++; yielded == stop {
						break
					}
				}
				if busy != 0 || yielded != 12 && yielded != stop {
					return fmt.Errorf("%d busy, %d yielded", busy, yielded)
				}
			}
			return nil
		})
	}
}

// TestTickerExplored shares a ticker: each tick goes to one task, and none to a task that was cancelled.
func TestTickerExplored(t *testing.T) {
	hubtest.Explore(t, 200, func(ctx context.Context) error {
		tk := hub.NewTicker(ctx, time.Second)
		ticks := map[time.Time]int{}
		var tasks []*hub.Task
		for i := range 4 {
			tasks = append(tasks, hub.Go(ctx, func(ctx context.Context) error {
				for {
					tick, err := tk.Wait(ctx)
					if errors.Is(err, hub.ErrStopped) || i == 3 && errors.Is(err, io.EOF) {
						return nil
					}
					if err != nil {
						return err
					}
					ticks[tick]++
					if ticks[tick] > 1 {
						return fmt.Errorf("two had the tick of %v", tick)
					}
				}
			}))
		}
		_ = hub.Sleep(ctx, 2*time.Second)
		tasks[3].Cancel(io.EOF)
		_ = hub.Sleep(ctx, 2500*time.Millisecond)
		tk.Stop()
		if err := hub.JoinAll(ctx, tasks...); err != nil {
			return err
		}
		if len(ticks) != 4 {
			return fmt.Errorf("%d ticks", len(ticks))
		}
		return nil
	})
}

// TestTimersUnderFire has other goroutines cancel the tasks that set timers, while they go off, are stopped and reset. What starts, starts once for each setting.
func TestTimersUnderFire(t *testing.T) {
	h := hub.New(quiet())
	var quit event.Event
	done := make(chan error)
	go func() { done <- h.Run(t.Context(), quit.Wait) }()
	var started, pending atomic.Int64
	var wg sync.WaitGroup
	for seed := range uint64(4) {
		wg.Go(func() {
			rng := rand.New(rand.NewPCG(seed, 6))
			for range 200 {
				own := rng.Uint64()
				task := h.Go(func(ctx context.Context) error {
					rng := rand.New(rand.NewPCG(own, 6))
					var timers []*hub.Timer
					for range 10 {
						timers = append(timers, hub.AfterFunc(ctx, time.Duration(rng.IntN(200))*time.Microsecond, func(context.Context) error {
							started.Add(1)
							return nil
						}))
						pending.Add(1)
					}
					_ = hub.Sleep(ctx, time.Duration(rng.IntN(100))*time.Microsecond)
					for i, timer := range timers {
						switch {
						case i%3 == 0 && timer.Stop():
							pending.Add(-1)
						case i%3 == 1 && !timer.Reset(time.Duration(rng.IntN(200))*time.Microsecond):
							pending.Add(1) // the first has started, or never will
						}
					}
					return hub.Sleep(ctx, 300*time.Microsecond)
				})
				if rng.IntN(2) == 0 {
					task.Cancel(nil)
				}
				_ = task.Join(t.Context())
			}
		})
	}
	wg.Wait()
	quit.Set()
	if err := <-done; err != nil {
		t.Error(err)
	}
	if s, p := started.Load(), pending.Load(); s == 0 || s > p {
		t.Errorf("%d started, %d at most", s, p)
	}
}
