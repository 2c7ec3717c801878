package pool

import (
	"context"
	"iter"
	"maps"
	"slices"
	"sync"

	"github.com/seed6bcf1587/coop/internal/lend"
	"github.com/seed6bcf1587/coop/internal/park"
	"github.com/seed6bcf1587/coop/internal/ring"
)

// Map calls fn for each value of in, as jobs of p, and returns the results in the order of the values when all have ended. At most as many as the
// pool's size are under way at a time, however long in is.
//
// When one fails, the rest is cancelled, and Map returns the error that came first once nothing of it runs any more. If ctx ends, or the
// pool does, it is the same with the cause of that, except that Map then does not wait for jobs that ignore the end of their context.
//
// The caller runs in, and jobs run fn. The context that fn is given is the pool's: it ends with [Pool.Terminate], and when the call ends.
//
//blocklint:offload fn
//blocklint:cooperative
func Map[T, U any](ctx context.Context, p *Pool, in iter.Seq[T], fn func(ctx context.Context, v T) (U, error)) ([]U, error) {
	if fn == nil {
		panic("pool.Map: nil function")
	}
	var all []U
	for r, err := range unordered(ctx, p, in, fn, "pool.Map") {
		if err != nil {
			return nil, err
		}
		for len(all) <= r.index {
			all = append(all, *new(U))
		}
		all[r.index] = r.value
	}
	return all, nil
}

// IMap returns an iterator over the results of fn for each value of in, in the order of the values. It takes a value from in when there is
// a place for it: at most as many as the pool's size are under way or wait to be taken out of the iterator.
//
// A failed call of fn yields its error in its turn, and the others go on. If ctx ends, or the pool does, that is yielded as the last error.
//
// The loop, when it ends, also by break, cancels what is still under way and waits for it, or for the end of ctx. in runs in the loop, between the
// results: if in waits for its next value, results that are there wait too. The context that fn is given is as in [Map].
//
//blocklint:offload fn
func IMap[T, U any](ctx context.Context, p *Pool, in iter.Seq[T], fn func(ctx context.Context, v T) (U, error)) iter.Seq2[U, error] {
	if fn == nil {
		panic("pool.IMap: nil function")
	}
	return func(yield func(U, error) bool) {
		c := newCall(ctx, p, fn)
		var window ring.Ring[*task[U]]
		defer func() {
			var left []*task[U]
			for window.Len() > 0 {
				left = append(left, window.Pop())
			}
			c.end(left)
		}()
		next := func() bool {
			v, err := (*window.At(0)).Get(ctx)
			if err != nil && ctx.Err() != nil {
				yield(v, park.Cause(ctx))
				return false
			}
			window.Pop()
			return yield(v, err)
		}
		for v := range in {
			t, err := c.submit(v, "pool.IMap")
			if err != nil {
				for window.Len() > 0 && ctx.Err() == nil {
					if !next() {
						return
					}
				}
				yield(*new(U), err)
				return
			}
			window.Push(t)
			for window.Len() > 0 && (window.Len() >= p.Size() || (*window.At(0)).Ready()) {
				if !next() {
					return
				}
			}
		}
		for window.Len() > 0 {
			if !next() {
				return
			}
		}
	}
}

// IMapUnordered is [IMap], except that results come in the order in which they are there.
//
//blocklint:offload fn
func IMapUnordered[T, U any](ctx context.Context, p *Pool, in iter.Seq[T], fn func(ctx context.Context, v T) (U, error)) iter.Seq2[U, error] {
	if fn == nil {
		panic("pool.IMapUnordered: nil function")
	}
	return func(yield func(U, error) bool) {
		for r, err := range unordered(ctx, p, in, fn, "pool.IMapUnordered") {
			if !yield(r.value, err) {
				return
			}
		}
	}
}

// An indexed is a result, and which value of the input it is of.
type indexed[U any] struct {
	index int
	value U
}

func unordered[T, U any](ctx context.Context, p *Pool, in iter.Seq[T], fn func(ctx context.Context, v T) (U, error), what string) iter.Seq2[indexed[U], error] {
	return func(yield func(indexed[U], error) bool) {
		c := newCall(ctx, p, fn)
		f := flight[U]{indices: map[*task[U]]int{}}
		defer func() { c.end(slices.Collect(maps.Keys(f.indices))) }()
		next := func() bool {
			a, err := f.wait(ctx, what)
			if err != nil {
				yield(indexed[U]{}, err)
				return false
			}
			index := f.indices[a.task]
			delete(f.indices, a.task)
			return yield(indexed[U]{index, a.value}, a.err)
		}
		n := 0
		for v := range in {
			t, err := c.submit(v, what)
			if err != nil {
				for len(f.indices) > 0 && ctx.Err() == nil {
					if !next() {
						return
					}
				}
				yield(indexed[U]{}, err)
				return
			}
			f.add(t, n)
			n++
			for len(f.indices) > 0 && (len(f.indices) >= p.Size() || f.ready()) {
				if !next() {
					return
				}
			}
		}
		for len(f.indices) > 0 {
			if !next() {
				return
			}
		}
	}
}

// A call is one of Map, IMap or IMapUnordered.
type call[T, U any] struct {
	pool     *Pool
	ctx      context.Context // the caller's
	jobs     context.Context // the jobs'
	cancel   context.CancelCauseFunc
	function func(ctx context.Context, v T) (U, error)
}

func newCall[T, U any](ctx context.Context, p *Pool, fn func(ctx context.Context, v T) (U, error)) *call[T, U] {
	c := &call[T, U]{pool: p, ctx: ctx, function: fn}
	c.jobs, c.cancel = context.WithCancelCause(p.ctx)
	return c
}

func (c *call[T, U]) submit(v T, what string) (*task[U], error) {
	t := newTask(c.pool, func(context.Context) (U, error) { return c.function(c.jobs, v) })
	return t, c.pool.submitWait(c.ctx, t, what)
}

// end ends the context of the jobs, takes back those of the given ones that have not begun, and waits until the others have ended or the caller's context
// has. First it takes back all: while it waits, places become free.
func (c *call[T, U]) end(jobs []*task[U]) {
	if c.ctx.Err() != nil {
		c.cancel(context.Cause(c.ctx))
	} else {
		c.cancel(errOver)
	}
	jobs = slices.DeleteFunc(jobs, func(t *task[U]) bool { return c.pool.revoke(t) })
	for _, t := range jobs {
		_, _ = t.Get(c.ctx)
	}
}

// A flight is the jobs of a call that are under way, and those that have ended and were not looked at.
type flight[U any] struct {
	indices map[*task[U]]int // used by the caller alone

	mu    sync.Mutex
	ended ring.Ring[arrival[U]] // guarded by mu
	some  park.Gate             // open while ended is not empty; changed with mu held
}

// An arrival is a job that has ended, and how.
type arrival[U any] struct {
	task  *task[U]
	value U
	err   error
}

func (f *flight[U]) add(t *task[U], index int) {
	f.indices[t] = index
	t.OnDone(func(v U, err error) {
		f.mu.Lock()
		defer f.mu.Unlock()
		f.ended.Push(arrival[U]{t, v, err})
		f.some.Open()
	})
}

// ready reports whether a job has ended.
func (f *flight[U]) ready() bool { return f.some.IsOpen() }

// wait waits for a job to end.
func (f *flight[U]) wait(ctx context.Context, what string) (a arrival[U], err error) {
	if !f.ready() && ctx.Err() == nil {
		if back := lend.Place(ctx, f); back != nil {
			defer back()
		}
	}
	if err := f.some.Wait(ctx, what); err != nil {
		return a, err
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	a = f.ended.Pop()
	if f.ended.Len() == 0 {
		f.some.Close()
	}
	return a, nil
}

// Jobs implements [lend.Source].
func (f *flight[U]) Jobs() iter.Seq[lend.Job] {
	return func(yield func(lend.Job) bool) {
		for t := range f.indices {
			if !yield(t) {
				return
			}
		}
	}
}
