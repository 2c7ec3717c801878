package coro

import (
	"runtime"
	"sync/atomic"
)

// A Yielder is the body's end of a generator. It must only be used by the body, while that runs.
type Yielder[Y, S any] struct {
	yield   func(Y) bool
	state   *atomic.Int32 // the machine's
	value   S             // what Yield is to return
	err     error         // likewise
	exit    bool          // the generator is being closed
	ignored bool          // and the body yielded again
}

// Yield hands v to whoever asked for a value, and waits until the next is asked for. It returns what was sent with that, or the error that
// was thrown: ErrExit when the generator is being closed, and then the body must return. If it yields instead, that Yield
// does not return: the body is unwound, and its deferred functions run.
// Yield panics if the body does not run.
func (y *Yielder[Y, S]) Yield(v Y) (S, error) {
	if y.state.Load() != active {
		panic("coro.Yielder.Yield: called outside the running body")
	}
	if y.exit {
		y.ignored = true
		runtime.Goexit()
	}
	y.yield(v)
	s, err := y.value, y.err
	y.value, y.err = zero[S](), nil
	return s, err
}
