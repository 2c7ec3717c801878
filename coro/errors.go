package coro

import (
	"errors"

	"github.com/seed6bcf1587/coop/internal/recovered"
)

var (
	// ErrExit is what Yield returns in a body that is being closed. A body that returns it, or an error that wraps it, has
	// ended well. So has a greenlet that it is thrown to and that lets it through.
	ErrExit = errors.New("coro: told to end")

	// ErrRunning is the answer of a generator that has been started and not ended: it runs, or stands at a Yield.
	ErrRunning = errors.New("coro: generator has not ended")

	// ErrNotStarted is the answer of a generator that has not been started.
	ErrNotStarted = errors.New("coro: generator has not started")

	// ErrIgnoredExit is what Close returns of a body that yielded again after ErrExit.
	ErrIgnoredExit = errors.New("coro: generator ignored ErrExit")

	// ErrGoexit is the error of a generator whose body called runtime.Goexit, and of such a greenlet.
	ErrGoexit = errors.New("coro: ended by runtime.Goexit")
)

// A PanicError is what Next, Send, Throw and Close panic with when the body panicked, and what the parent of a greenlet gets.
// Value is what the body's panic was called with, and Stack the body's own stack at that moment. It unwraps to Value if that
// is an error.
type PanicError = recovered.PanicError
