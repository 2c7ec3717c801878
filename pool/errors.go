package pool

import (
	"errors"

	"github.com/seed6bcf1587/coop/internal/recovered"
)

var (
	// ErrFull is what Submit and Go answer when there is no room in the backlog.
	ErrFull = errors.New("pool: full")

	// ErrClosed is what a pool answers that has been closed.
	ErrClosed = errors.New("pool: closed")

	// ErrTerminated is what a pool answers that has been terminated, the error of jobs that it dropped, and the cause of the end of the context of
	// those that ran.
	ErrTerminated = errors.New("pool: terminated")

	// errGoexit is the error of a job that called runtime.Goexit.
	errGoexit = errors.New("pool: job ended by runtime.Goexit")

	// errOver is why the jobs of a Map are cancelled when nobody wants their results.
	errOver = errors.New("pool: the loop over the results has ended")
)

// A PanicError is the error of a job that panicked. Value is what panic was called with, and Stack the job's own stack at that moment. It
// unwraps to Value if that is an error.
type PanicError = recovered.PanicError
