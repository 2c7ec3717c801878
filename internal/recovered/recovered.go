// Package recovered carries panics from one goroutine to another.
package recovered

import (
	"fmt"
	"runtime/debug"
)

// A PanicError is a panic as an error. The public packages that hand it out have an alias for it.
type PanicError struct {
	Value any    // what panic was called with
	Stack []byte // the stack on which it was called
}

// New returns v, which the calling deferred function has just recovered, as an error. A panic that was carried already
// keeps the stack on which it began.
func New(v any) *PanicError {
	if p, ok := v.(*PanicError); ok {
		return p
	}
	return &PanicError{Value: v, Stack: debug.Stack()}
}

// Error returns the value and the stack.
func (e *PanicError) Error() string { return fmt.Sprintf("panic: %v\n\n%s", e.Value, e.Stack) }

// Unwrap returns the value if it is an error.
func (e *PanicError) Unwrap() error {
	err, _ := e.Value.(error)
	return err
}
