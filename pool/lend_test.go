package pool_test

import (
	"context"
	"errors"
	"runtime"
	"slices"
	"testing"
	"testing/synctest"
	"time"
	"weak"

	"github.com/seed6bcf1587/coop/event"
	"github.com/seed6bcf1587/coop/internal/worlds"
	"github.com/seed6bcf1587/coop/pool"
)

// TestRefusedIsNotLent waits, in a job, for a Result that is made of a job that was refused and of one that waits: only the second is begun.
func TestRefusedIsNotLent(t *testing.T) {
	worlds.Outside(t, func(t *testing.T, w *worlds.World) {
		p := pool.New(1, pool.WithBacklog(1))
		defer end(t, w, p)
		_, err := pool.Submit(p, func(ctx context.Context) (int, error) {
			waits := pool.Submit(p, sleepFor(time.Second, 1))
			refused := pool.Submit(p, func(context.Context) (int, error) {
				t.Error("a job ran that was refused")
				return 0, nil
			})
			instead := event.Catch(refused, func(err error) (int, error) {
				if err != pool.ErrFull {
					return 0, err
				}
				return 2, nil
			})
			vs, err := event.All(instead, waits).Get(ctx)
			if !slices.Equal(vs, []int{2, 1}) {
				t.Errorf("got %v, %v", vs, err)
			}
			if s := p.Stats(); s.Submitted != 2 || s.Completed != 1 || s.Running != 1 || s.Waiting != 0 || s.Dropped != 0 {
				t.Errorf("%+v", s)
			}
			time.Sleep(time.Second)
			return 0, err
		}).Get(w.Ctx)
		if err != nil {
			t.Error(err)
		}
		start := time.Now()
		pool.Submit(p, sleepFor(time.Second, 1))
		if err := p.Join(w.Ctx); err != nil || time.Since(start) != time.Second {
			t.Errorf("Join after %v: %v", time.Since(start), err)
		}
	})
}

// TestLentJobsLeaveTheLine lets a job that keeps the only place submit others and wait for them, and take others back: nothing of those is kept.
func TestLentJobsLeaveTheLine(t *testing.T) {
	for _, behind := range []bool{false, true} { // something that stays in line
		synctest.Test(t, func(t *testing.T) {
			p := pool.New(1)
			type large [1 << 10]int
			var refs []weak.Pointer[large]
			fresh := func() *large {
				v := new(large)
				refs = append(refs, weak.Make(v))
				return v
			}
			_, err := pool.Submit(p, func(ctx context.Context) (int, error) {
				if behind {
					pool.Submit(p, sleepFor(0, 0))
				}
				for range 100 {
					if _, err := pool.Submit(p, func(context.Context) (*large, error) { return fresh(), nil }).Get(ctx); err != nil {
						return 0, err
					}
				}
				runtime.GC()
				kept := 0
				for _, r := range refs {
					if r.Value() != nil {
						kept++
					}
				}
				if kept > 50 {
					t.Errorf("behind %v: %d of %d are still there", behind, kept, len(refs))
				}
				return 0, nil
			}).Get(t.Context())
			if err != nil {
				t.Error(err)
			}
			p.Close()
			if err := p.Join(t.Context()); err != nil {
				t.Error(err)
			}
		})
	}
}

// TestResultKeepsNoFunction checks that what a job needed is not kept with its result, whether it was run, dropped, or refused.
func TestResultKeepsNoFunction(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := pool.New(1, pool.WithBacklog(1))
		type large [1 << 10]int
		var results []*event.Result[int]
		var refs []weak.Pointer[large]
		for range 3 {
			in := new(large)
			results = append(results, pool.Submit(p, func(ctx context.Context) (int, error) {
				<-ctx.Done()
				return in[1], nil
			}))
			refs = append(refs, weak.Make(in))
		}
		synctest.Wait()
		p.Terminate()
		if err := p.Join(t.Context()); err != nil {
			t.Error(err)
		}
		synctest.Wait()
		runtime.GC()
		for i, want := range []error{nil, pool.ErrTerminated, pool.ErrFull} {
			if _, err := results[i].Get(t.Context()); err != want {
				t.Errorf("job %d: %v, want %v", i, err, want)
			}
			if refs[i].Value() != nil {
				t.Errorf("what job %d needed is still there", i)
			}
		}
	})
}

// TestPoolEndedByJobs lets jobs that have lent their place close, terminate and resize their own pool.
func TestPoolEndedByJobs(t *testing.T) {
	for name, do := range map[string]func(p *pool.Pool){
		"Close":     (*pool.Pool).Close,
		"Terminate": (*pool.Pool).Terminate,
		"Resize 1":  func(p *pool.Pool) { p.Resize(1) },
		"Resize 5":  func(p *pool.Pool) { p.Resize(5) },
		"Goexit":    func(*pool.Pool) { runtime.Goexit() },
		"panic":     func(*pool.Pool) { panic(nil) },
		"everything": func(p *pool.Pool) {
			p.Resize(4)
			p.Close()
			p.Resize(1)
			p.Terminate()
			p.Resize(3)
			p.Close()
		},
	} {
		t.Run(name, func(t *testing.T) {
			for size := 1; size <= 3; size++ {
				for _, opts := range [][]pool.Option{nil, {pool.WithBacklog(1)}, {pool.WithBacklog(0)}} {
					worlds.Outside(t, func(t *testing.T, w *worlds.World) {
						p := pool.New(size, opts...)
						var inner func(depth int) func(ctx context.Context) (int, error)
						inner = func(depth int) func(ctx context.Context) (int, error) {
							return func(ctx context.Context) (int, error) {
								time.Sleep(time.Second)
								if depth == 0 {
									do(p)
									return 0, nil
								}
								var rs []*event.Result[int]
								for range 2 {
									r, err := pool.SubmitWait(ctx, p, inner(depth-1))
									if err != nil {
										return 0, err
									}
									rs = append(rs, r)
								}
								_, err := event.All(rs...).Get(ctx)
								_, err2 := pool.Map(ctx, p, slices.Values([]int{1, 2, 3}), func(ctx context.Context, v int) (int, error) { return inner(0)(ctx) })
								return 0, errors.Join(err, err2)
							}
						}
						for range 4 {
							w.Go(func(ctx context.Context) {
								if r, err := pool.SubmitWait(ctx, p, inner(2)); err == nil {
									_, _ = r.Get(ctx)
								}
							})
						}
						w.Settle()
						w.Sleep(time.Hour)
						end(t, w, p)
					})
				}
			}
		})
	}
}

// TestRevokedJobsLeaveTheLine takes back the jobs of one IMap after the other, in a pool that has no place for them: nothing of them is kept.
func TestRevokedJobsLeaveTheLine(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := pool.New(1)
		pool.Submit(p, sleepFor(time.Hour, 0))
		last := pool.Submit(p, sleepFor(0, 7))
		type large [1 << 10]int
		var refs []weak.Pointer[large]
		for range 100 {
			ctx, cancel := context.WithTimeout(t.Context(), time.Second)
			in := func(yield func(*large) bool) {
				v := new(large)
				refs = append(refs, weak.Make(v))
				yield(v)
			}
			for _, err := range pool.IMap(ctx, p, in, func(_ context.Context, v *large) (int, error) { return v[0], nil }) {
				if !errors.Is(err, context.DeadlineExceeded) {
					t.Error(err)
				}
			}
			cancel()
		}
		if s := p.Stats(); s.Waiting != 1 || s.Dropped != 100 {
			t.Errorf("%+v", s)
		}
		runtime.GC()
		kept := 0
		for _, r := range refs {
			if r.Value() != nil {
				kept++
			}
		}
		if kept > 50 {
			t.Errorf("%d of %d are still there", kept, len(refs))
		}
		if v, err := last.Get(t.Context()); v != 7 || err != nil {
			t.Errorf("the one between them: %d, %v", v, err)
		}
		p.Close()
		if err := p.Join(t.Context()); err != nil {
			t.Error(err)
		}
	})
}

// TestLendingMakesRoom lends a place to a job that waits in a full backlog: who waits for room is let in at once.
func TestLendingMakesRoom(t *testing.T) {
	worlds.Outside(t, func(t *testing.T, w *worlds.World) {
		p := pool.New(1, pool.WithBacklog(1))
		defer end(t, w, p)
		start := time.Now()
		pool.Submit(p, func(ctx context.Context) (int, error) {
			inner := pool.Submit(p, sleepFor(10*time.Second, 1))
			time.Sleep(time.Second)
			return inner.Get(ctx)
		})
		var let worlds.Log[time.Duration]
		w.Settle()
		w.Go(func(ctx context.Context) {
			if _, err := pool.SubmitWait(ctx, p, sleepFor(0, 2)); err != nil {
				t.Error(err)
			}
			let.Add(time.Since(start))
		})
		w.Sleep(5 * time.Second)
		if got := let.Take(); !slices.Equal(got, []time.Duration{time.Second}) {
			t.Errorf("let in after %v", got)
		}
	})
}
