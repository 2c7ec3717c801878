package pool_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"runtime"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"
	"weak"

	"github.com/seed6bcf1587/coop/event"
	"github.com/seed6bcf1587/coop/internal/worlds"
	"github.com/seed6bcf1587/coop/pool"
)

// sleepFor returns a job that takes as long as named, unless it is cancelled, and returns v.
func sleepFor[T any](d time.Duration, v T) func(ctx context.Context) (T, error) {
	return func(ctx context.Context) (T, error) {
		select {
		case <-time.After(d):
			return v, nil
		case <-ctx.Done():
			return *new(T), ctx.Err()
		}
	}
}

// end closes p and waits for it.
func end(t *testing.T, w *worlds.World, p *pool.Pool) {
	t.Helper()
	p.Close()
	if err := p.Join(w.Ctx); err != nil {
		t.Errorf("Join: %v", err)
	}
	s := p.Stats()
	if s.Running != 0 || s.Waiting != 0 || s.Idle != 0 || s.Submitted != s.Completed+s.Failed+s.Dropped {
		t.Errorf("at the end: %+v", s)
	}
}

func TestSubmit(t *testing.T) {
	worlds.Outside(t, func(t *testing.T, w *worlds.World) {
		p := pool.New(2)
		defer end(t, w, p)
		good := pool.Submit(p, func(context.Context) (int, error) { return 7, nil })
		bad := pool.Submit(p, func(context.Context) (int, error) { return 7, io.EOF })
		var got worlds.Log[string]
		for _, r := range []*event.Result[int]{good, bad} {
			w.Go(func(ctx context.Context) {
				v, err := r.Get(ctx)
				got.Add(fmt.Sprint(v, err))
			})
			w.Settle()
		}
		if s := fmt.Sprint(got.Take()); s != "[7 <nil> 0 EOF]" {
			t.Errorf("got %s", s)
		}
		if s := p.Stats(); s.Submitted != 2 || s.Completed != 1 || s.Failed != 1 || s.Running != 0 || s.Size != 2 {
			t.Errorf("%+v", s)
		}
	})
}

// TestOrderAndBound submits jobs of a second each: as many as the size run at a time, in the order in which they came.
func TestOrderAndBound(t *testing.T) {
	for _, size := range []int{1, 3} {
		worlds.Outside(t, func(t *testing.T, w *worlds.World) {
			p := pool.New(size)
			defer end(t, w, p)
			start := time.Now()
			var log worlds.Log[string]
			for i := range 3 * size {
				pool.Submit(p, func(ctx context.Context) (int, error) {
					log.Add(fmt.Sprintf("%d at %v", i, time.Since(start)))
					return sleepFor(time.Second, 0)(ctx)
				})
				w.Settle()
			}
			if s := p.Stats(); s.Running != size || s.Waiting != 2*size {
				t.Errorf("%+v", s)
			}
			if err := p.Join(w.Ctx); err != nil {
				t.Error(err)
			}
			got := log.Take()
			slices.Sort(got)
			for i, line := range got {
				if want := fmt.Sprintf("%d at %v", i, time.Duration(i/size)*time.Second); line != want {
					t.Errorf("%s, want %s", line, want)
				}
			}
			if s := p.Stats(); s.Idle != size {
				t.Errorf("%d workers are idle, of %d", s.Idle, size)
			}
		})
	}
}

func TestPanic(t *testing.T) {
	worlds.Outside(t, func(t *testing.T, w *worlds.World) {
		p := pool.New(1)
		defer end(t, w, p)
		var pe *pool.PanicError
		_, err := pool.Submit(p, explode).Get(w.Ctx)
		if !errors.As(err, &pe) || pe.Value != any(io.EOF) || !errors.Is(err, io.EOF) || !strings.Contains(string(pe.Stack), "pool_test.explode") {
			t.Errorf("got %v", err)
		}
		if _, err := pool.Submit(p, func(context.Context) (int, error) { panic(nil) }).Get(w.Ctx); !errors.As(err, &pe) {
			t.Errorf("panic(nil): %v", err)
		}
		if v, err := pool.Submit(p, sleepFor(0, 1)).Get(w.Ctx); v != 1 || err != nil {
			t.Errorf("after the panic: %d, %v", v, err)
		}
		if s := p.Stats(); s.Failed != 2 || s.Completed != 1 {
			t.Errorf("%+v", s)
		}
	})
}

func explode(context.Context) (int, error) { panic(io.EOF) }

func TestGoexit(t *testing.T) {
	worlds.Outside(t, func(t *testing.T, w *worlds.World) {
		p := pool.New(1)
		defer end(t, w, p)
		first := pool.Submit(p, func(context.Context) (int, error) {
			runtime.Goexit()
			return 1, nil
		})
		second := pool.Submit(p, sleepFor(0, 2))
		second.OnDone(func(int, error) { runtime.Goexit() })
		third := pool.Submit(p, sleepFor(0, 3))
		if v, err := first.Get(w.Ctx); v != 0 || err == nil || !strings.Contains(err.Error(), "Goexit") {
			t.Errorf("got %d, %v", v, err)
		}
		if v, err := third.Get(w.Ctx); v != 3 || err != nil {
			t.Errorf("got %d, %v", v, err)
		}
	})
}

func TestBacklog(t *testing.T) {
	for _, room := range []int{0, 1, 2} {
		worlds.Outside(t, func(t *testing.T, w *worlds.World) {
			p := pool.New(1, pool.WithBacklog(room))
			defer end(t, w, p)
			var ran worlds.Log[int]
			job := func(i int) func(ctx context.Context) (int, error) {
				return func(ctx context.Context) (int, error) {
					ran.Add(i)
					return sleepFor(time.Second, i)(ctx)
				}
			}
			for i := range 1 + room {
				pool.Submit(p, job(i))
			}
			r := pool.Submit(p, job(100))
			if _, err := r.Get(w.Ctx); err != pool.ErrFull {
				t.Errorf("Submit to a full pool: %v", err)
			}
			if err := p.Go(func(context.Context) error { ran.Add(101); return nil }); err != pool.ErrFull {
				t.Errorf("Go: %v", err)
			}
			// Two wait for room, and one of them gives up.
			var got worlds.Log[string]
			for i := range 3 {
				w.Go(func(ctx context.Context) {
					if i == 1 {
						var cancel context.CancelFunc
						ctx, cancel = w.Timeout(ctx, time.Millisecond)
						defer cancel()
					}
					r, err := pool.SubmitWait(ctx, p, job(200+i))
					if err == nil {
						_, err = r.Get(ctx)
					}
					got.Add(fmt.Sprint(i, " ", err))
				})
				w.Settle()
			}
			w.Sleep(time.Duration(10) * time.Second)
			if s := fmt.Sprint(got.Take()); s != "[1 context deadline exceeded 0 <nil> 2 <nil>]" {
				t.Errorf("got %s", s)
			}
			want := append([]int{0, 1, 2}[:1+room], 200, 202)
			if vs := ran.Take(); !slices.Equal(vs, want) {
				t.Errorf("ran %v, want %v", vs, want)
			}
		})
	}
}

func TestGoWait(t *testing.T) {
	worlds.Outside(t, func(t *testing.T, w *worlds.World) {
		p := pool.New(1, pool.WithBacklog(0))
		defer end(t, w, p)
		var ran worlds.Log[int]
		for i := range 3 {
			w.Go(func(ctx context.Context) {
				if err := p.GoWait(ctx, func(ctx context.Context) error {
					ran.Add(i)
					_, err := sleepFor(time.Second, 0)(ctx)
					return err
				}); err != nil {
					t.Error(err)
				}
			})
			w.Settle()
		}
		w.Sleep(5 * time.Second)
		if vs := ran.Take(); !slices.Equal(vs, []int{0, 1, 2}) {
			t.Errorf("ran %v", vs)
		}
	})
}

func TestEndedContextComesFirst(t *testing.T) {
	p := pool.New(1)
	defer p.Close()
	ctx, cancel := context.WithCancelCause(t.Context())
	cancel(io.EOF)
	never := func(context.Context) (int, error) { t.Error("ran"); return 0, nil }
	if r, err := pool.SubmitWait(ctx, p, never); r != nil || !errors.Is(err, io.EOF) || !errors.Is(err, context.Canceled) {
		t.Errorf("SubmitWait: %v", err)
	}
	if err := p.GoWait(ctx, func(context.Context) error { t.Error("ran"); return nil }); !errors.Is(err, io.EOF) {
		t.Errorf("GoWait: %v", err)
	}
	if err := p.Join(ctx); !errors.Is(err, io.EOF) {
		t.Errorf("Join: %v", err)
	}
	if _, err := pool.Map(ctx, p, slices.Values([]int{1}), func(ctx context.Context, v int) (int, error) { return never(ctx) }); !errors.Is(err, io.EOF) {
		t.Errorf("Map: %v", err)
	}
}

func TestResize(t *testing.T) {
	worlds.Outside(t, func(t *testing.T, w *worlds.World) {
		p := pool.New(1, pool.WithBacklog(10))
		defer end(t, w, p)
		for range 10 {
			pool.Submit(p, sleepFor(time.Second, 0))
		}
		check := func(when string, size, running, waiting int) {
			t.Helper()
			w.Settle()
			if s := p.Stats(); s.Size != size || p.Size() != size || s.Running != running || s.Waiting != waiting || s.Running+s.Idle > max(size, running) {
				t.Errorf("%s: %+v", when, s)
			}
		}
		check("at first", 1, 1, 9)
		p.Resize(4)
		check("larger", 4, 4, 6)
		p.Resize(2)
		check("smaller", 2, 4, 6)
		w.Sleep(time.Second)
		check("a second later", 2, 2, 4)
		p.Resize(8)
		check("larger than what there is to do", 8, 6, 0)
		w.Sleep(time.Second)
		check("idle", 8, 0, 0)
		p.Resize(1)
		check("idle and smaller", 1, 0, 0)
		if s := p.Stats(); s.Idle > 1 {
			t.Errorf("%d workers are idle", s.Idle)
		}
	})
}

// TestTakeBack fails the Result of a job that has not begun.
func TestTakeBack(t *testing.T) {
	worlds.Outside(t, func(t *testing.T, w *worlds.World) {
		p := pool.New(1)
		defer end(t, w, p)
		running := pool.Submit(p, sleepFor(time.Second, 1))
		waiting := pool.Submit(p, func(context.Context) (int, error) {
			t.Error("ran after it was taken back")
			return 0, nil
		})
		w.Settle()
		waiting.Fail(io.EOF)
		running.Fail(io.ErrUnexpectedEOF)
		if _, err := running.Get(w.Ctx); err != io.ErrUnexpectedEOF {
			t.Errorf("got %v", err)
		}
		if err := p.Join(w.Ctx); err != nil {
			t.Error(err)
		}
		if s := p.Stats(); s.Completed != 1 || s.Dropped != 1 {
			t.Errorf("%+v", s)
		}
	})
}

func TestWorkersAreKept(t *testing.T) {
	worlds.Outside(t, func(t *testing.T, w *worlds.World) {
		p := pool.New(8)
		defer end(t, w, p)
		for range 20 {
			if _, err := pool.Submit(p, sleepFor(0, 0)).Get(w.Ctx); err != nil {
				t.Error(err)
			}
			w.Settle()
			if s := p.Stats(); s.Idle != 1 {
				t.Errorf("%d workers for jobs that come one at a time", s.Idle)
			}
		}
	})
}

func TestMisuse(t *testing.T) {
	p := pool.New(1)
	defer p.Close()
	var noJob func(context.Context) (int, error)
	var noMap func(context.Context, int) (int, error)
	var noIn = slices.Values([]int{})
	ctx := t.Context()
	for want, f := range map[string]func(){
		"pool.New: size 0: must be at least 1":            func() { pool.New(0) },
		"pool.WithBacklog: -1 jobs: must not be negative": func() { pool.WithBacklog(-1) },
		"pool.Pool.Resize: size 0: must be at least 1":    func() { p.Resize(0) },
		"pool.Pool.Go: nil function":                      func() { _ = p.Go(nil) },
		"pool.Pool.GoWait: nil function":                  func() { _ = p.GoWait(ctx, nil) },
		"pool.Submit: nil function":                       func() { pool.Submit(p, noJob) },
		"pool.SubmitWait: nil function":                   func() { _, _ = pool.SubmitWait(ctx, p, noJob) },
		"pool.Map: nil function":                          func() { _, _ = pool.Map(ctx, p, noIn, noMap) },
		"pool.IMap: nil function":                         func() { pool.IMap(ctx, p, noIn, noMap) },
		"pool.IMapUnordered: nil function":                func() { pool.IMapUnordered(ctx, p, noIn, noMap) },
	} {
		func() {
			defer func() {
				if got := recover(); got != want {
					t.Errorf("panic %v, want %s", got, want)
				}
			}()
			f()
		}()
	}
	if v, err := pool.Submit(p, sleepFor(0, 1)).Get(ctx); v != 1 || err != nil {
		t.Errorf("after misuse: %d, %v", v, err)
	}
}

func TestSubmitGetAllocates(t *testing.T) {
	p := pool.New(1)
	defer p.Close()
	job := func(context.Context) (int, error) { return 1, nil }
	ctx := context.Background()
	if n := testing.AllocsPerRun(1000, func() { _, _ = pool.Submit(p, job).Get(ctx) }); n > 1 {
		t.Errorf("%v allocations, want one for job and Result", n)
	}
}

// TestNothingIsRetained checks that a pool whose worker is idle keeps neither the last job nor its result.
func TestNothingIsRetained(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := pool.New(1)
		defer p.Close()
		type large [1 << 10]int
		var refs []weak.Pointer[large]
		for range 3 {
			in := new(large)
			refs = append(refs, weak.Make(in))
			if _, err := pool.Submit(p, func(ctx context.Context) (*large, error) {
				out, err := pool.Submit(p, func(context.Context) (*large, error) { return new(large), nil }).Get(ctx)
				refs = append(refs, weak.Make(out))
				_ = in[0]
				return out, err
			}).Get(t.Context()); err != nil {
				t.Error(err)
			}
		}
		synctest.Wait()
		runtime.GC()
		for i, r := range refs {
			if r.Value() != nil {
				t.Errorf("%d of %d is still there", i, len(refs))
			}
		}
	})
}
