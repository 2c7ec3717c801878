package pool_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/seed6bcf1587/coop/event"
	"github.com/seed6bcf1587/coop/hub"
	"github.com/seed6bcf1587/coop/internal/worlds"
	"github.com/seed6bcf1587/coop/pool"
)

// busy counts the jobs that run and do not wait for others.
type busy struct{ now, most atomic.Int32 }

func (b *busy) in() {
	n := b.now.Add(1)
	for m := b.most.Load(); n > m && !b.most.CompareAndSwap(m, n); m = b.most.Load() {
	}
}

func (b *busy) out() { b.now.Add(-1) }

// fib submits two jobs and waits for both, again and again: never are there enough places. It waits in one of several ways.
func fib(p *pool.Pool, b *busy, n int) func(ctx context.Context) (int, error) {
	return func(ctx context.Context) (int, error) {
		b.in()
		defer b.out()
		time.Sleep(time.Millisecond)
		if n < 2 {
			return n, nil
		}
		submit := func(n int) *event.Result[int] {
			b.out()
			defer b.in()
			r, err := pool.SubmitWait(ctx, p, fib(p, b, n))
			if err != nil {
				panic(err)
			}
			return r
		}
		x, y := submit(n-1), submit(n-2)
		b.out()
		defer b.in()
		switch n % 4 {
		case 0: // the one that comes later first
			two, err2 := y.Get(ctx)
			one, err1 := x.Get(ctx)
			return one + two, errors.Join(err1, err2)
		case 1:
			both, err := event.All(x, y).Get(ctx)
			if err != nil {
				return 0, err
			}
			return both[0] + both[1], nil
		case 2:
			plus := func(v int) (int, error) { return v + 1, nil }
			one, err1 := event.Then(event.First(event.Then(x, plus)), plus).Get(ctx)
			two, err2 := event.Catch(y, func(err error) (int, error) { return 0, err }).Get(ctx)
			return one + two - 2, errors.Join(err1, err2)
		default:
			short, cancel := context.WithTimeout(ctx, time.Hour)
			defer cancel()
			one, err1 := x.Get(short)
			two, err2 := y.Get(short)
			return one + two, errors.Join(err1, err2)
		}
	}
}

// TestJobsWaitForJobs lets jobs wait for others of a pool that is much too small, with hardly a backlog: all end, and never do more run than there are
// places.
func TestJobsWaitForJobs(t *testing.T) {
	for _, size := range []int{1, 2, 5} {
		for _, opts := range [][]pool.Option{nil, {pool.WithBacklog(1)}, {pool.WithBacklog(0)}} {
			worlds.Outside(t, func(t *testing.T, w *worlds.World) {
				p := pool.New(size, opts...)
				defer end(t, w, p)
				b := new(busy)
				if v, err := pool.Submit(p, fib(p, b, 10)).Get(w.Ctx); v != 55 || err != nil {
					t.Errorf("size %d, %v: got %d, %v", size, opts, v, err)
				}
				if n := b.most.Load(); n < 1 || n > int32(size) {
					t.Errorf("size %d, %v: %d jobs ran at a time", size, opts, n)
				}
			})
		}
	}
}

// TestAllWorkersWait fills a pool with jobs each of which waits for one that has no place.
func TestAllWorkersWait(t *testing.T) {
	worlds.Outside(t, func(t *testing.T, w *worlds.World) {
		p := pool.New(3)
		defer end(t, w, p)
		var outer []*event.Result[int]
		for i := range 9 {
			outer = append(outer, pool.Submit(p, func(ctx context.Context) (int, error) {
				time.Sleep(time.Second) // until all have begun that can
				return pool.Submit(p, sleepFor(time.Second, i)).Get(ctx)
			}))
		}
		if vs, err := event.All(outer...).Get(w.Ctx); err != nil || !slices.Equal(vs, []int{0, 1, 2, 3, 4, 5, 6, 7, 8}) {
			t.Errorf("%v, %v", vs, err)
		}
	})
}

func TestMapInsideJob(t *testing.T) {
	worlds.Outside(t, func(t *testing.T, w *worlds.World) {
		for _, opts := range [][]pool.Option{nil, {pool.WithBacklog(0)}, {pool.WithBacklog(2)}} {
			p := pool.New(2, opts...)
			sum := func(ctx context.Context, n int) (int, error) {
				in := slices.Values([]int{n, n + 1, n + 2})
				square := func(_ context.Context, v int) (int, error) { return v * v, nil }
				total := 0
				vs, err := pool.Map(ctx, p, in, square)
				for _, v := range vs {
					total += v
				}
				for v := range pool.IMap(ctx, p, in, square) {
					total -= v
				}
				for v := range pool.IMapUnordered(ctx, p, in, square) {
					total += v
				}
				return total, err
			}
			vs, err := pool.Map(w.Ctx, p, slices.Values([]int{1, 2, 3, 4}), sum)
			if err != nil || !slices.Equal(vs, []int{14, 29, 50, 77}) {
				t.Errorf("%v, %v", vs, err)
			}
			end(t, w, p)
		}
	})
}

// TestLenderGoesOn lets a job give up waiting for one that runs in its place: both go on, and the pool is back at its size when one has ended.
func TestLenderGoesOn(t *testing.T) {
	worlds.Outside(t, func(t *testing.T, w *worlds.World) {
		p := pool.New(1, pool.WithBacklog(2))
		defer end(t, w, p)
		for _, waits := range []func(ctx context.Context) error{
			func(ctx context.Context) error {
				_, err := pool.Submit(p, sleepFor(10*time.Second, 0)).Get(ctx)
				return err
			},
			func(ctx context.Context) error {
				pool.Submit(p, sleepFor(0, 0))
				pool.Submit(p, sleepFor(0, 0)).Fail(io.EOF) // it still takes its place in the backlog
				return p.GoWait(ctx, func(ctx context.Context) error {
					_, err := sleepFor(10*time.Second, 0)(ctx)
					return err
				})
			},
		} {
			start := time.Now()
			if _, err := pool.Submit(p, func(ctx context.Context) (int, error) {
				short, cancel := context.WithTimeout(ctx, time.Second)
				defer cancel()
				if err := waits(short); err != nil && !errors.Is(err, context.DeadlineExceeded) {
					return 0, err
				}
				if d := time.Since(start); d != time.Second {
					return 0, fmt.Errorf("waited %v", d)
				}
				time.Sleep(time.Second)
				return 0, nil
			}).Get(w.Ctx); err != nil {
				t.Error(err)
			}
			next, err := pool.SubmitWait(w.Ctx, p, sleepFor(0, 0))
			if err != nil {
				t.Error(err)
				continue
			}
			if _, err := next.Get(w.Ctx); err != nil {
				t.Error(err)
			}
			if d := time.Since(start); d < 10*time.Second {
				t.Errorf("the next job began after %v, besides the one that had the place", d)
			}
			if err := p.Join(w.Ctx); err != nil {
				t.Error(err)
			}
		}
	})
}

// TestNoPlaceIsLent checks who does not lend a place: those outside, and those who wait for other pools.
func TestNoPlaceIsLent(t *testing.T) {
	worlds.Outside(t, func(t *testing.T, w *worlds.World) {
		p, other := pool.New(1), pool.New(1)
		defer end(t, w, p)
		defer end(t, w, other)
		pool.Submit(p, sleepFor(time.Second, 0))
		start := time.Now()
		waiting := pool.Submit(p, func(context.Context) (time.Duration, error) { return time.Since(start), nil })
		if d, err := waiting.Get(w.Ctx); d != time.Second || err != nil {
			t.Errorf("began after %v, %v", d, err)
		}
		pool.Submit(p, sleepFor(time.Second, 0))
		waiting = pool.Submit(p, func(context.Context) (time.Duration, error) { return time.Since(start), nil })
		if d, err := pool.Submit(other, waiting.Get).Get(w.Ctx); d != 2*time.Second || err != nil {
			t.Errorf("began after %v, %v", d, err)
		}
	})
}

// TestTerminateWhileLent ends a pool in which each job waits for the next.
func TestTerminateWhileLent(t *testing.T) {
	worlds.Outside(t, func(t *testing.T, w *worlds.World) {
		p := pool.New(1)
		defer end(t, w, p)
		var nest func(depth int) func(ctx context.Context) (int, error)
		nest = func(depth int) func(ctx context.Context) (int, error) {
			return func(ctx context.Context) (int, error) {
				if depth == 0 {
					return sleepFor(time.Hour, 0)(ctx)
				}
				return pool.Submit(p, nest(depth-1)).Get(ctx)
			}
		}
		r := pool.Submit(p, nest(20))
		w.Sleep(time.Second)
		if s := p.Stats(); s.Running != 21 || s.Size != 1 {
			t.Errorf("%+v", s)
		}
		p.Terminate()
		if _, err := r.Get(w.Ctx); !errors.Is(err, pool.ErrTerminated) {
			t.Errorf("got %v", err)
		}
	})
}

// TestHubInsideJob lets tasks of a hub that a job runs wait for jobs of the same pool.
func TestHubInsideJob(t *testing.T) {
	worlds.Outside(t, func(t *testing.T, w *worlds.World) {
		p := pool.New(1)
		defer end(t, w, p)
		_, err := pool.Submit(p, func(ctx context.Context) (int, error) {
			return 0, hub.Run(ctx, func(ctx context.Context) error {
				for range 3 {
					hub.Go(ctx, func(ctx context.Context) error {
						_, err := pool.Submit(p, sleepFor(time.Second, 0)).Get(ctx)
						return err
					})
				}
				return nil
			})
		}).Get(w.Ctx)
		if err != nil {
			t.Error(err)
		}
	})
}

// TestVirtualClock checks that virtual time stands still while tasks wait for a pool, and that no deadlock is seen.
func TestVirtualClock(t *testing.T) {
	p := pool.New(1, pool.WithBacklog(1))
	job := func(context.Context) (int, error) {
		time.Sleep(2 * time.Millisecond) // real time
		return 1, nil
	}
	err := hub.Run(t.Context(), func(ctx context.Context) error {
		start := hub.Now(ctx)
		for range 8 {
			hub.Go(ctx, func(ctx context.Context) error {
				r, err := pool.SubmitWait(ctx, p, job)
				if err != nil {
					return err
				}
				if _, err := event.All(r).Get(ctx); err != nil {
					return err
				}
				for _, err := range pool.IMapUnordered(ctx, p, slices.Values([]int{1, 2}), func(ctx context.Context, _ int) (int, error) { return job(ctx) }) {
					if err != nil {
						return err
					}
				}
				if err := p.Join(ctx); err != nil {
					return err
				}
				if now := hub.Now(ctx); now != start {
					return fmt.Errorf("%v passed", now.Sub(start))
				}
				return nil
			})
		}
		return nil
	}, hub.WithVirtualClock(time.Unix(0, 0)))
	if err != nil {
		t.Error(err)
	}
	err = hub.Run(t.Context(), func(ctx context.Context) error {
		pool.Submit(p, job)
		return hub.Sleep(ctx, time.Hour) // passes: nobody waits for the job
	}, hub.WithVirtualClock(time.Unix(0, 0)))
	if err != nil {
		t.Error(err)
	}
	p.Close()
	if err := p.Join(t.Context()); err != nil {
		t.Error(err)
	}
}

// TestGoLogs checks what becomes of the errors of jobs that nobody asks for.
func TestGoLogs(t *testing.T) {
	var logged strings.Builder
	before := slog.Default()
	defer slog.SetDefault(before)
	slog.SetDefault(slog.New(slog.NewTextHandler(&logged, nil)))

	p := pool.New(1)
	var all event.Event // jobs are submitted
	for _, fn := range []func(context.Context) error{
		all.Wait,
		func(context.Context) error { return errors.New("went wrong") },
		func(context.Context) error { panic("exploded") },
		func(context.Context) error {
			p.Terminate()
			return context.Canceled
		},
		func(context.Context) error { panic("dropped") },
	} {
		if err := p.Go(fn); err != nil {
			t.Error(err)
		}
	}
	all.Set()
	if err := p.Join(t.Context()); err != nil {
		t.Error(err)
	}
	s := logged.String()
	if strings.Count(s, "pool.Pool.Go: a job failed") != 2 || !strings.Contains(s, "went wrong") || !strings.Contains(s, "exploded") || !strings.Contains(s, "TestGoLogs") {
		t.Errorf("logged:\n%s", s)
	}
}
