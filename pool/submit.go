package pool

import (
	"context"

	"github.com/seed6bcf1587/coop/event"
)

// Submit makes fn a job of p, and returns the Result of it: what fn returns, or if it panics, a *[PanicError], or if it calls
// runtime.Goexit, an error that says so. Callbacks of the Result run on the goroutine of the job, in its place. Submit panics if fn is nil.
//
// Submit does not wait. When there is no room in the backlog, the Result has failed with [ErrFull] already, and after the pool's end with [ErrClosed] or
// [ErrTerminated]; then fn is not called.
//
// A Result that somebody fails before its job begins takes the job back: it is not run, and keeps its place in the backlog until its turn comes. Failing
// it later changes what Get returns, and nothing else.
//
// The context that fn is given ends with [Pool.Terminate]. It carries no task of a hub: what fn waits for stops its goroutine. On a
// hub's virtual clock, time stands still while a task waits for the Result.
//
//blocklint:offload fn
func Submit[T any](p *Pool, fn func(ctx context.Context) (T, error)) *event.Result[T] {
	if fn == nil {
		panic("pool.Submit: nil function")
	}
	t := newTask(p, fn)
	if err := p.submit(t); err != nil {
		t.st.begun = true // never to be begun: a job may wait for what somebody makes of this Result
		t.refuse(err)
	}
	return &t.Result
}

// SubmitWait is [Submit], except that it waits while there is no room in the backlog; who waits longest is served first. If ctx ends
// first, it returns the cause, and fn is not called. It also returns [ErrClosed] or [ErrTerminated] when the pool ends meanwhile.
//
// Called by a job of the pool, SubmitWait does not wait for room: fn runs in the place of that job, and SubmitWait returns when fn has ended, or
// ctx has.
//
//blocklint:offload fn
//blocklint:cooperative
func SubmitWait[T any](ctx context.Context, p *Pool, fn func(ctx context.Context) (T, error)) (*event.Result[T], error) {
	if fn == nil {
		panic("pool.SubmitWait: nil function")
	}
	t := newTask(p, fn)
	if err := p.submitWait(ctx, t, "pool.SubmitWait"); err != nil {
		return nil, err
	}
	return &t.Result, nil
}
