package pool

import (
	"context"
	"errors"
	"iter"
	"log/slog"

	"github.com/seed6bcf1587/coop/event"
	"github.com/seed6bcf1587/coop/internal/lend"
	"github.com/seed6bcf1587/coop/internal/park"
	"github.com/seed6bcf1587/coop/internal/recovered"
)

// A job is what a pool runs.
type job interface {
	state() *state

	// run runs it, or drops it if it is not wanted any more, and counts which.
	run()

	// refuse ends it without running it.
	refuse(err error)
}

// A state is what the pool knows of a job.
type state struct {
	core  *core
	begun bool // guarded by core.mu: it is in line no more, or is to be skipped there
}

// count notes how a function ended, which the calling deferred function learns from err: errGoexit means that it has not returned.
func (c *core) count(err error, panicked any) error {
	if panicked != nil {
		err = recovered.New(panicked)
	}
	if err == nil {
		c.completed.Add(1)
		return nil
	}
	c.failed.Add(1)
	if err == context.Canceled && c.ctx.Err() != nil {
		err = park.Because(err, ErrTerminated)
	}
	return err
}

// A task is a job with a Result.
type task[T any] struct {
	event.Result[T]
	st state
	fn func(ctx context.Context) (T, error)
}

func newTask[T any](c *core, fn func(ctx context.Context) (T, error)) *task[T] {
	t := &task[T]{st: state{core: c}, fn: fn}
	lend.Attach(&t.Result, t)
	return t
}

// Jobs implements [lend.Source].
func (t *task[T]) Jobs() iter.Seq[lend.Job] {
	return func(yield func(lend.Job) bool) { yield(t) }
}

func (t *task[T]) state() *state    { return &t.st }
func (t *task[T]) refuse(err error) { t.Fail(err) }

func (t *task[T]) run() {
	c := t.st.core
	switch {
	case t.Ready(): // somebody has failed it
		c.dropped.Add(1)
		return
	case c.ctx.Err() != nil:
		c.dropped.Add(1)
		t.refuse(ErrTerminated)
		return
	}
	var v T
	err := errGoexit
	defer func() {
		var p any
		if err == errGoexit {
			p = recover()
		}
		if err = c.count(err, p); err != nil {
			t.Fail(err)
		} else {
			t.Set(v)
		}
	}()
	v, err = t.fn(c.ctx)
}

// An action is a job whose outcome nobody asks for.
type action struct {
	st state
	fn func(ctx context.Context) error
}

func (a *action) state() *state { return &a.st }
func (a *action) refuse(error)  {}

func (a *action) run() {
	c := a.st.core
	if c.ctx.Err() != nil {
		c.dropped.Add(1)
		return
	}
	err := errGoexit
	defer func() {
		var p any
		if err == errGoexit {
			p = recover()
		}
		err = c.count(err, p)
		cancelled := c.ctx.Err() != nil && (errors.Is(err, context.Canceled) || errors.Is(err, ErrTerminated))
		if err != nil && !cancelled {
			slog.Error("pool.Pool.Go: a job failed", "error", err)
		}
	}()
	err = a.fn(c.ctx)
}
