package coro

import (
	"errors"
	"fmt"
)

var (
	// ErrExit is what Yield returns in a body that is being closed. A body that returns it, or an error that wraps it, has
	// ended well.
	ErrExit = errors.New("coro: generator is being closed")

	// ErrRunning is the answer of a generator that has been started and not ended: it runs, or stands at a Yield.
	ErrRunning = errors.New("coro: generator has not ended")

	// ErrNotStarted is the answer of a generator that has not been started.
	ErrNotStarted = errors.New("coro: generator has not started")

	// ErrIgnoredExit is what Close returns of a body that yielded again after ErrExit.
	ErrIgnoredExit = errors.New("coro: generator ignored ErrExit")

	// ErrGoexit is the error of a generator whose body called runtime.Goexit.
	ErrGoexit = errors.New("coro: generator ended by runtime.Goexit")
)

// A PanicError is a panic that was carried from one goroutine to another.
type PanicError struct {
	Value any    // what panic was called with
	Stack []byte // the stack on which it was called
}

// Error returns the value and the stack.
func (e *PanicError) Error() string { return fmt.Sprintf("panic: %v\n\n%s", e.Value, e.Stack) }

// Unwrap returns the value if it is an error.
func (e *PanicError) Unwrap() error {
	err, _ := e.Value.(error)
	return err
}
