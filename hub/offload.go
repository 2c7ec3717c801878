package hub

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/seed6bcf1587/coop/internal/park"
)

// Offload runs fn on another goroutine, where it may block, and parks the task until fn has returned. It returns what fn
// returns; if fn panics, Offload panics with a *[PanicError] that has fn's stack; if fn ends by runtime.Goexit, Offload returns an error.
//
// The hub has goroutines for that, as many as are needed at once up to a limit, and keeps some for the next time; see [WithOffloadLimit]. When
// all of them are at work, fn has to wait for its turn, first come, first served.
//
// If ctx ends first, Offload returns its cause at once. If fn has not begun, it never runs. Else the context that fn is given ends too, and
// what fn returns after that is dropped, but not its panic, which Run returns. Run waits for fn all the same before it returns. On a virtual clock
// time stands still while fn runs.
//
// fn's context carries no task: what fn waits for stops its goroutine. Everything before the call synchronizes
// before fn, and fn before the return of Offload. Without a task in ctx, Offload calls fn in place.
//
//blocklint:offload fn
//blocklint:cooperative
func Offload[T any](ctx context.Context, fn func(ctx context.Context) (T, error)) (T, error) {
	var zero T
	if fn == nil {
		panic("hub.Offload: nil function")
	}
	if ctx.Err() != nil {
		return zero, park.Err(ctx)
	}
	t := taskOf(ctx)
	if t == nil {
		return fn(ctx)
	}
	w := t.worker
	c, _ := w.call.(*call[T])
	if c == nil {
		c = new(call[T])
		c.body = c
	}
	w.call = nil
	c.fn, c.err, c.caught, c.late = fn, errOffloadGoexit, nil, false
	c.task, c.ctx = t, w.outsideOf(ctx)
	c.state.Store(pending)
	if err := c.wait(ctx); err != nil {
		return zero, err // c may still be in use
	}
	result, err, caught := c.result, c.err, c.caught
	c.fn, c.result, c.err, c.task, c.ctx = nil, zero, nil, nil, nil
	w.call = c
	if caught != nil {
		panic(caught)
	}
	return result, err
}

// A call is a job with its function and its result. A worker keeps the last for the next time.
type call[T any] struct {
	job
	fn     func(ctx context.Context) (T, error)
	result T
	err    error
}

func (c *call[T]) call() { c.result, c.err = c.fn(c.ctx) }

// outsideOf returns ctx, which carries w's task, without the task. Tasks use the same context again and again, mostly a scope.
func (w *worker) outsideOf(ctx context.Context) *outside {
	s, isScope := ctx.(*scope)
	if !isScope {
		return &outside{ctx, w.hub.virtual}
	}
	if w.outside == nil || w.outside.Context != context.Context(s) {
		w.outside = &outside{s, w.hub.virtual}
	}
	return w.outside
}

var errOffloadGoexit = errors.New("hub.Offload: function ended by runtime.Goexit")

// strays are errors that belong to no task any more. Run returns them.
type strays struct {
	mu   sync.Mutex
	errs []error // guarded by mu
}

func (s *strays) add(err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.errs = append(s.errs, err)
}

func (s *strays) all() []error {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.errs
}

// withoutTask returns ctx without the task that it may carry, for a goroutine that is none. A deadline on a virtual clock
// would mean something else there, and is left out; when it passes, the context ends all the same.
func withoutTask(ctx context.Context) context.Context {
	s := scopeOf(ctx)
	if s == nil {
		return ctx
	}
	return &outside{ctx, s.hub.virtual}
}

// outside is a task's context without the task. It is immutable.
type outside struct {
	context.Context
	virtual bool
}

// isOver reports whether o's Done channel is closed, or about to be. Unlike Err it ends nothing whose time has come.
func (o *outside) isOver() bool {
	if s, isScope := o.Context.(*scope); isScope {
		return s.isOver()
	}
	return o.Err() != nil
}

func (o *outside) Deadline() (time.Time, bool) {
	if o.virtual {
		return time.Time{}, false
	}
	return o.Context.Deadline()
}

func (o *outside) Value(key any) any {
	if key == any(park.Key{}) || key == any(scopeKey{}) {
		return nil
	}
	return o.Context.Value(key)
}
