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
	pool  *Pool
	begun bool // guarded by Pool.mu: it is in line no more, or is to be skipped there
}

// count notes how a function ended, which the calling deferred function learns from err: errGoexit means that it has not returned.
func (p *Pool) count(err error, panicked any) error {
	if panicked != nil {
		err = recovered.New(panicked)
	}
	if err == nil {
		p.completed.Add(1)
		return nil
	}
	p.failed.Add(1)
	if err == context.Canceled && p.ctx.Err() != nil {
		err = park.Because(err, ErrTerminated)
	}
	return err
}

// A task is a job with a Result.
type task[T any] struct {
	event.Result[T]
	st state
	fn func(ctx context.Context) (T, error) // nil once begun, for the Result is kept
}

func newTask[T any](p *Pool, fn func(ctx context.Context) (T, error)) *task[T] {
	t := &task[T]{st: state{pool: p}, fn: fn}
	lend.Attach(&t.Result, t)
	return t
}

// Jobs implements [lend.Source].
func (t *task[T]) Jobs() iter.Seq[lend.Job] {
	return func(yield func(lend.Job) bool) { yield(t) }
}

func (t *task[T]) state() *state { return &t.st }

func (t *task[T]) refuse(err error) {
	t.fn = nil
	t.Fail(err)
}

func (t *task[T]) run() {
	p, fn := t.st.pool, t.fn
	t.fn = nil
	switch {
	case t.Ready(): // somebody has failed it
		p.dropped.Add(1)
		return
	case p.ctx.Err() != nil:
		p.dropped.Add(1)
		t.refuse(ErrTerminated)
		return
	}
	var v T
	err := errGoexit
	defer func() {
		var panicked any
		if err == errGoexit {
			panicked = recover()
		}
		if err = p.count(err, panicked); err != nil {
			t.Fail(err)
		} else {
			t.Set(v)
		}
	}()
	v, err = fn(p.ctx)
}

// An action is a job whose outcome nobody asks for.
type action struct {
	st state
	fn func(ctx context.Context) error
}

func (a *action) state() *state { return &a.st }
func (a *action) refuse(error)  {}

func (a *action) run() {
	p := a.st.pool
	if p.ctx.Err() != nil {
		p.dropped.Add(1)
		return
	}
	err := errGoexit
	defer func() {
		var panicked any
		if err == errGoexit {
			panicked = recover()
		}
		err = p.count(err, panicked)
		cancelled := p.ctx.Err() != nil && (errors.Is(err, context.Canceled) || errors.Is(err, ErrTerminated))
		if err != nil && !cancelled {
			slog.Error("pool.Pool.Go: a job failed", "error", err)
		}
	}()
	err = a.fn(p.ctx)
}
