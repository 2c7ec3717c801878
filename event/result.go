package event

import (
	"context"
	"log/slog"
	"sync/atomic"

	"github.com/seed6bcf1587/coop/internal/callback"
	"github.com/seed6bcf1587/coop/internal/lend"
	"github.com/seed6bcf1587/coop/internal/park"
	"github.com/seed6bcf1587/coop/internal/recovered"
)

// A PanicError is the error of a [Result] whose function panicked, and what is logged of a callback that did. Value is what panic was called
// with, and Stack the stack at that moment. It unwraps to Value if that is an error.
type PanicError = recovered.PanicError

// A Result is a value or an error that is not there yet: gevent's AsyncResult, Python's Future, a promise. It is set once. The zero
// value has not been set. A Result must not be copied after first use.
//
// In the terms of the Go memory model, the Set or Fail that was first synchronizes before the return of each Get, before each callback,
// and before a receive from Done that succeeds.
//
// A channel of size one carries one value to one receiver. A Result is for any number of them, any number of times, and for
// callbacks; sync.OnceValues is for a value that its first user computes.
type Result[T any] struct {
	gate  park.Once
	taken atomic.Bool // goes to true once: by whoever is to set the Result

	// Written by whoever took the Result, before gate opens, and not changed after.
	value T
	err   error

	callbacks atomic.Pointer[callback.List] // nil until there is one
	source    lend.Source                   // immutable once the Result is known to others; nil: only its owner knows what sets it
}

// Set makes v the value, and reports whether it was first: a Result that has been set stays as it is. It then runs the callbacks.
func (r *Result[T]) Set(v T) bool { return r.complete(v, nil) }

// Fail makes err the error, and reports whether it was first: a Result that has been set stays as it is. It then runs the callbacks. It
// panics if err is nil.
func (r *Result[T]) Fail(err error) bool {
	if err == nil {
		panic("event.Result.Fail: nil error")
	}
	var none T
	return r.complete(none, err)
}

func (r *Result[T]) complete(v T, err error) bool {
	if !r.taken.CompareAndSwap(false, true) {
		return false
	}
	r.value, r.err = v, err
	r.gate.Open()
	// A callback that is added from here on finds the gate open, and runs in OnDone.
	if c := r.callbacks.Load(); c != nil {
		call(c)
	}
	return true
}

// Get waits until the Result has been set, and returns its value and error. If ctx ends first, it returns the cause.
//
//blocklint:cooperative
func (r *Result[T]) Get(ctx context.Context) (T, error) {
	if !park.Background(ctx) {
		if err := r.wait(ctx); err != nil {
			var none T
			return none, err
		}
	} else if !r.gate.IsOpen() {
		s := r.gate.Enter()
		s.Sleep()
		r.gate.Leave(s)
	}
	return r.value, r.err
}

func (r *Result[T]) wait(ctx context.Context) error {
	if r.source != nil && !r.gate.IsOpen() && ctx.Err() == nil {
		if back := lend.Place(ctx, r.source); back != nil {
			defer back()
		}
	}
	return r.gate.Wait(ctx, "event.Result.Get")
}

// Ready reports whether the Result has been set.
func (r *Result[T]) Ready() bool { return r.gate.IsOpen() }

// Done returns a channel that is closed when the Result has been set, for use in select.
func (r *Result[T]) Done() <-chan struct{} { return r.gate.Done() }

// OnDone makes fn be called once with the value and the error, when the Result has been set. Callbacks run one after the other, in the order
// in which they were added, on the goroutine, or in the task, that calls Set or Fail, which returns after them. One that is added
// later runs at once in OnDone itself, or if others run at that moment, after them.
//
// A callback must not wait: who sets the Result stands still. It may use the Result and add callbacks. If it panics, the
// others run all the same, and the panic is logged to [slog.Default].
//
// The function that OnDone returns takes the callback back, if it has not begun, even while others run.
func (r *Result[T]) OnDone(fn func(v T, err error)) (unlink func()) {
	if fn == nil {
		panic("event.Result.OnDone: nil function")
	}
	c := r.callbacks.Load()
	if c == nil {
		r.callbacks.CompareAndSwap(nil, new(callback.List))
		c = r.callbacks.Load()
	}
	unlink = c.Add(func() { fn(r.value, r.err) })
	if r.gate.IsOpen() {
		call(c) // whoever set it may have looked already for callbacks to run
	}
	return unlink
}

// call runs the callbacks.
func call(c *callback.List) {
	c.Run(func(p *recovered.PanicError) { slog.Error("event.Result: a callback panicked", "error", p) })
}
