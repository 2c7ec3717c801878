package coro

import (
	"iter"
	"runtime"
)

// A Generator is a function, its body, that is run piece by piece: up to the next value that it yields, each time that
// somebody asks for one. It yields values of type Y, is sent values of type S, and in the end returns an R. [New] makes
// one; the zero value does not work. A Generator must not be copied.
//
// A generator may be used from different goroutines one after the other, and by its own body not at all: while the body runs,
// or another generator delegates to it, Next, Send and Throw return false and do nothing, and Close and Result return ErrRunning. What its users and its body do
// is ordered as if one goroutine did it all.
//
// A generator that is dropped before it has ended is closed after the garbage collector finds it, so that its deferred functions
// run and its goroutine ends. That comes late or never: never if the body itself holds its generator. It also comes on another thread: a generator
// that was made with the thread locked, see runtime.LockOSThread, must be closed and not dropped, for the runtime ends a program in which a coroutine changes between a
// locked thread and others. The same goes for one that was made in a bubble of testing/synctest: the runtime loses count of the bubble's
// goroutines when one is ended from outside. Call Close.
//
// An [iter.Seq] is simpler where values only come out and the consumer is a loop; [iter.Pull] where it asks for one
// value after the other. A Generator adds what goes in: values sent, errors thrown, a result, and an orderly end. A step
// costs about the same as that of iter.Pull, and making one about twice as much.
type Generator[Y, S, R any] struct {
	*machine[Y, S, R]
}

// New returns a generator that runs body. No code of the body runs before the first value is asked for.
//
// The body runs on a goroutine of its own, but never at the same time as who asked. In a task of a hub it may wait as
// the task could, with the task's context: the task waits.
func New[Y, S, R any](body func(y *Yielder[Y, S]) (R, error)) *Generator[Y, S, R] {
	if body == nil {
		panic("coro.New: nil function")
	}
	return &Generator[Y, S, R]{&machine[Y, S, R]{body: body}}
}

// Next runs the body up to its next Yield and returns the value that it yields. It returns false when the body has ended
// instead; then Result tells how. If the body panics, Next panics with a *[PanicError].
func (g *Generator[Y, S, R]) Next() (Y, bool) {
	var none S
	return g.resume(none, nil, false)
}

// Send is Next, and lets the Yield at which the body stands return s. A generator that has not started has no Yield to return
// it: then Send of anything but the zero value does nothing and returns false, and the generator can still be used.
func (g *Generator[Y, S, R]) Send(s S) (Y, bool) {
	return g.resume(s, nil, true)
}

// Throw is Next, and lets the Yield at which the body stands return err. If the body has not started, it never runs, and
// the generator has ended with err. [ErrExit] is here an error like any other: a body may catch it and go on. Throw panics if
// err is nil.
func (g *Generator[Y, S, R]) Throw(err error) (Y, bool) {
	if err == nil {
		panic("coro.Generator.Throw: nil error")
	}
	if g.state.CompareAndSwap(fresh, active) {
		g.finish(zero[R](), err)
		return zero[Y](), false
	}
	var none S
	return g.resume(none, err, true)
}

// Close ends the generator: the Yield at which the body stands returns [ErrExit], and the body is to return. Close returns what the
// body returned, and no error if that is ErrExit; it returns [ErrIgnoredExit] if the body yielded again. A generator that has not
// started ends without running any of the body. Of one that has ended already, Close returns the result.
func (g *Generator[Y, S, R]) Close() (R, error) {
	switch {
	case g.state.CompareAndSwap(fresh, active):
		g.finish(zero[R](), nil)
	case g.state.CompareAndSwap(suspended, active):
		l := g.leaf
		l.close()
		l.top.value, l.top.err = zero[S](), ErrExit
		g.step()
		runtime.KeepAlive(g)
	}
	return g.Result()
}

// Result returns what the body returned. It returns [ErrNotStarted] or [ErrRunning] while there is no result yet.
func (g *Generator[Y, S, R]) Result() (R, error) {
	switch g.state.Load() {
	case fresh:
		return zero[R](), ErrNotStarted
	case finished:
		return g.result, g.err
	}
	return zero[R](), ErrRunning
}

// Running reports whether the body runs at this moment, or another generator delegates to it.
func (g *Generator[Y, S, R]) Running() bool { return g.state.Load() == active }

// All returns an iterator over the values that are still to come. Leaving the loop early does not close the
// generator, which can go on from there.
func (g *Generator[Y, S, R]) All() iter.Seq[Y] {
	return func(yield func(Y) bool) {
		for {
			if v, ok := g.Next(); !ok || !yield(v) {
				return
			}
		}
	}
}
