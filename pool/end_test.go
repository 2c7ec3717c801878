package pool_test

import (
	"context"
	"errors"
	"io"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/seed6bcf1587/coop/event"
	"github.com/seed6bcf1587/coop/internal/worlds"
	"github.com/seed6bcf1587/coop/pool"
)

func TestClose(t *testing.T) {
	worlds.Outside(t, func(t *testing.T, w *worlds.World) {
		p := pool.New(1, pool.WithBacklog(1))
		running, waiting := pool.Submit(p, sleepFor(time.Second, 1)), pool.Submit(p, sleepFor(time.Second, 2))
		var refused worlds.Log[error]
		w.Go(func(ctx context.Context) {
			_, err := pool.SubmitWait(ctx, p, sleepFor(time.Second, 3))
			refused.Add(err)
		})
		w.Settle()
		p.Close()
		p.Close()
		w.Settle()
		if errs := refused.Take(); !slices.Equal(errs, []error{pool.ErrClosed}) {
			t.Errorf("who waited for room got %v", errs)
		}
		if _, err := pool.Submit(p, sleepFor(0, 0)).Get(w.Ctx); err != pool.ErrClosed {
			t.Errorf("Submit: %v", err)
		}
		if err := p.Go(func(context.Context) error { return nil }); err != pool.ErrClosed {
			t.Errorf("Go: %v", err)
		}
		short, cancel := w.Timeout(w.Ctx, time.Second/2)
		defer cancel()
		if err := p.Join(short); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("Join: %v", err)
		}
		end(t, w, p)
		for want, r := range []*event.Result[int]{nil, running, waiting} {
			if r == nil {
				continue
			}
			if v, err := r.Get(w.Ctx); v != want || err != nil {
				t.Errorf("got %d, %v, want %d", v, err, want)
			}
		}
	})
}

func TestTerminate(t *testing.T) {
	worlds.Outside(t, func(t *testing.T, w *worlds.World) {
		p := pool.New(3, pool.WithBacklog(1))
		bare := pool.Submit(p, func(ctx context.Context) (int, error) {
			<-ctx.Done()
			return 0, ctx.Err()
		})
		cause := pool.Submit(p, func(ctx context.Context) (int, error) {
			<-ctx.Done()
			return 0, context.Cause(ctx)
		})
		p.Resize(4)
		other := pool.Submit(p, func(ctx context.Context) (int, error) {
			<-ctx.Done()
			return 0, io.EOF
		})
		stubborn := pool.Submit(p, func(ctx context.Context) (int, error) {
			time.Sleep(time.Second)
			return 7, nil
		})
		waiting := pool.Submit(p, func(context.Context) (int, error) {
			t.Error("ran after Terminate")
			return 0, nil
		})
		var called, refused worlds.Log[error]
		waiting.OnDone(func(_ int, err error) { called.Add(err) })
		w.Go(func(ctx context.Context) {
			_, err := pool.SubmitWait(ctx, p, sleepFor(time.Second, 3))
			refused.Add(err)
		})
		w.Settle()
		p.Terminate()
		p.Terminate()
		p.Close()
		if errs := called.Take(); !slices.Equal(errs, []error{pool.ErrTerminated}) {
			t.Errorf("callbacks of a dropped job: %v", errs)
		}
		w.Settle()
		if errs := refused.Take(); !slices.Equal(errs, []error{pool.ErrTerminated}) {
			t.Errorf("who waited for room got %v", errs)
		}
		if _, err := bare.Get(w.Ctx); !errors.Is(err, pool.ErrTerminated) || !errors.Is(err, context.Canceled) {
			t.Errorf("a job that returned ctx.Err(): %v", err)
		}
		if _, err := cause.Get(w.Ctx); err != pool.ErrTerminated {
			t.Errorf("a job that returned the cause: %v", err)
		}
		if _, err := other.Get(w.Ctx); err != io.EOF {
			t.Errorf("a job that failed otherwise: %v", err)
		}
		if _, err := waiting.Get(w.Ctx); err != pool.ErrTerminated {
			t.Errorf("a job that waited: %v", err)
		}
		if _, err := pool.Submit(p, sleepFor(0, 0)).Get(w.Ctx); err != pool.ErrTerminated {
			t.Errorf("Submit: %v", err)
		}
		if stubborn.Ready() {
			t.Error("a job that ignores its context is over")
		}
		end(t, w, p)
		if v, err := stubborn.Get(w.Ctx); v != 7 || err != nil {
			t.Errorf("a job that ignored its context: %d, %v", v, err)
		}
		if s := p.Stats(); s.Dropped != 1 || s.Failed != 3 || s.Completed != 1 {
			t.Errorf("%+v", s)
		}
	})
}

// TestTerminateInside lets a job, and a callback of a dropped job that does not return, end the pool.
func TestTerminateInside(t *testing.T) {
	worlds.Outside(t, func(t *testing.T, w *worlds.World) {
		p := pool.New(1)
		var all event.Event // jobs are submitted, and callbacks added
		first := pool.Submit(p, func(ctx context.Context) (int, error) {
			_ = all.Wait(ctx)
			p.Terminate()
			return 1, ctx.Err()
		})
		second, third := pool.Submit(p, sleepFor(0, 2)), pool.Submit(p, sleepFor(0, 3))
		second.OnDone(func(int, error) { runtime.Goexit() })
		all.Set()
		for i, r := range []*event.Result[int]{first, second, third} {
			if _, err := r.Get(w.Ctx); !errors.Is(err, pool.ErrTerminated) && i > 0 {
				t.Errorf("job %d: %v", i, err)
			}
		}
		end(t, w, p)
	})
}

func TestJoin(t *testing.T) {
	worlds.Outside(t, func(t *testing.T, w *worlds.World) {
		p := pool.New(2)
		if err := p.Join(w.Ctx); err != nil {
			t.Errorf("Join of a fresh pool: %v", err)
		}
		r := pool.Submit(p, sleepFor(time.Second, 1))
		called := false
		r.OnDone(func(int, error) {
			time.Sleep(time.Second) // it must not, but Join waits for it
			called = true
		})
		if err := p.Join(w.Ctx); err != nil || !called {
			t.Errorf("Join: %v, callback called: %v", err, called)
		}
		_, err := pool.Submit(p, func(ctx context.Context) (int, error) { return 0, p.Join(ctx) }).Get(w.Ctx)
		if err == nil || !strings.Contains(err.Error(), "pool.Pool.Join: called by a job of the pool, which would wait for itself") {
			t.Errorf("Join by a job: %v", err)
		}
		end(t, w, p)
	})
}

// TestResizeEndsIdle makes a pool smaller while some of its workers are busy: as many are left as there are places.
func TestResizeEndsIdle(t *testing.T) {
	worlds.Outside(t, func(t *testing.T, w *worlds.World) {
		p := pool.New(4)
		for i := range 4 {
			pool.Submit(p, sleepFor(time.Duration(1+i/2*9)*time.Second, i))
		}
		w.Sleep(2 * time.Second)
		for _, c := range []struct{ size, idle int }{{4, 2}, {3, 1}, {2, 0}, {1, 0}} {
			p.Resize(c.size)
			if s := p.Stats(); s.Idle != c.idle || s.Running != 2 {
				t.Errorf("size %d: %+v", c.size, s)
			}
		}
		w.Sleep(20 * time.Second)
		if s := p.Stats(); s.Idle != 1 || s.Running != 0 {
			t.Errorf("at the end: %+v", s)
		}
		end(t, w, p)
	})
}

// TestMapCause checks that the jobs of a Map learn why its caller's context has ended.
func TestMapCause(t *testing.T) {
	worlds.Outside(t, func(t *testing.T, w *worlds.World) {
		p := pool.New(2)
		ctx, cancel := context.WithCancelCause(w.Ctx)
		var causes worlds.Log[error]
		_, err := pool.Map(ctx, p, slices.Values([]int{1}), func(ctx context.Context, _ int) (int, error) {
			cancel(io.EOF)
			<-ctx.Done()
			causes.Add(context.Cause(ctx))
			return 0, nil
		})
		if !errors.Is(err, io.EOF) || !errors.Is(err, context.Canceled) {
			t.Errorf("Map: %v", err)
		}
		end(t, w, p)
		if got := causes.Take(); !slices.Equal(got, []error{io.EOF}) {
			t.Errorf("the job: %v", got)
		}
	})
}
