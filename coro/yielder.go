package coro

// A Yielder is the body's end of a generator. It must only be used by the body, on the body's goroutine, while that runs and does not
// delegate.
type Yielder[Y, S any] struct {
	// yield is what Yield does: that of the lane, or, while the body delegates and after it has ended, a panic. That somebody else
	// calls Yield while the body stands at one is noticed by iter.Pull.
	yield func(Y) bool

	// What the next Yield is to return. Written by who asks, right before each switch.
	value S
	err   error

	lane *lane[Y, S] // where the body runs; nil before and after
}

// Yield hands v to whoever asked for a value, and waits until the next is asked for. It returns what was sent with that, or the error that
// was thrown: ErrExit when the generator is being closed, and then the body must return. If it yields instead, that Yield
// does not return: the body is unwound, and its deferred functions run.
// Yield panics if the body does not run, or delegates to another generator at this moment.
func (y *Yielder[Y, S]) Yield(v Y) (S, error) {
	// After a switch the processor mispredicts each return. This is small enough to have no stack frame.
	y.yield(v)
	return y.value, y.err
}
