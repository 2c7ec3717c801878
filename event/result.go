package event

import (
	"context"
	"log/slog"
	"sync"

	"github.com/seed6bcf1587/coop/internal/callback"
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
	gate park.Gate

	mu sync.Mutex
	// Guarded by mu. value and err are written before gate opens, and can be read without mu after.
	set   bool
	value T
	err   error

	callbacks callback.List
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
	r.mu.Lock()
	if r.set {
		r.mu.Unlock()
		return false
	}
	r.set, r.value, r.err = true, v, err
	r.mu.Unlock()
	r.gate.Open()
	r.call()
	return true
}

// Get waits until the Result has been set, and returns its value and error. If ctx ends first, it returns the cause.
//
//blocklint:cooperative
func (r *Result[T]) Get(ctx context.Context) (T, error) {
	if err := r.gate.Wait(ctx, "event.Result.Get"); err != nil {
		var none T
		return none, err
	}
	return r.value, r.err
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
	unlink = r.callbacks.Add(func() { fn(r.value, r.err) })
	if r.gate.IsOpen() {
		r.call() // whoever set it may have looked already for callbacks to run
	}
	return unlink
}

// call runs the callbacks.
func (r *Result[T]) call() {
	r.callbacks.Run(func(p *recovered.PanicError) { slog.Error("event.Result: a callback panicked", "error", p) })
}
