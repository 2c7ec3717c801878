// Package park is the one place that knows how anything waits.
//
// A primitive keeps its waiters in a [List], guarded by the primitive's own mutex. Whoever makes the wait come true grants it
// under that mutex, by direct hand-over: the permit, lock or item belongs to the waiter from that moment on, before it
// runs. A goroutine waits on a sync.Cond, or if its context can end, on a channel made for that one wait: testing/synctest sees both. A task
// waits by giving control to its hub. Which of the two it is, the context says.
//
// A grant and a cancellation can meet. The mutex decides: a waiter whose context ends takes the mutex and leaves the
// list; if it is no longer there, it has been granted, and the grant wins. So a grant is never lost, and a
// waiter that left can swallow none.
package park

import (
	"context"
	"errors"
)

// A Parker waits in place of a goroutine. The tasks of a hub implement it.
type Parker interface {
	// Here reports whether the calling goroutine is the one that Park would stop. A context that carries a Parker
	// may have been handed to a goroutine that is none.
	Here() bool

	// Park gives up control until Unpark is called or ctx ends, and may return earlier: the caller checks what it waits
	// for, and parks again. what names the wait for people, as "pkg.Type.Method". An error means that this
	// party must not wait any longer, whatever ctx says.
	Park(ctx context.Context, what string) error

	// Insist is Park whatever ends: it fails only if nothing can ever wake this party.
	Insist(what string) error

	// Unpark makes a Park that runs, or the next one, return. Anybody may call it, from any goroutine.
	Unpark()

	// Spare returns where this party keeps a waiter between its waits. It is called, and what it returns is used, by the party itself.
	Spare() *any
	// Refuse is told each time that a wait of this party ends with err instead of what it waited for, after it has left
	// nothing behind. It returns the error to hand out, or does not return and unwinds the party's stack.
	Refuse(err error) error

	// Outside is told before this party waits for something that is sure to come from outside, and on which a clock must wait that
	// moves when nobody can run. It returns what this party is to call after that wait, or nil.
	Outside() (over func())
}

// Key is the context key under which a context carries its Parker.
type Key struct{}

// Of returns the Parker that the calling goroutine is to wait with, or nil when it waits itself.
func Of(ctx context.Context) Parker {
	if p, ok := ctx.Value(Key{}).(Parker); ok && p.Here() {
		return p
	}
	return nil
}

// Outside tells the Parker that the calling goroutine is about to wait with, if there is one, that something outside is sure to end the wait. What
// it returns, unless that is nil, is to be called after the wait.
func Outside(ctx context.Context) (over func()) {
	if p := Of(ctx); p != nil {
		return p.Outside()
	}
	return nil
}

// Err returns nil while ctx has not ended, and then the error that a wait with ctx fails with. Every blocking call
// begins with it: a context that has ended fails the call before anything else.
func Err(ctx context.Context) error {
	if ctx.Err() == nil {
		return nil
	}
	return Refuse(ctx, Cause(ctx))
}

// Refuse returns err, with which a wait with ctx has failed, unless the one who waited is to be unwound: then it does not return.
func Refuse(ctx context.Context, err error) error {
	if p := Of(ctx); p != nil {
		return p.Refuse(err)
	}
	return err
}

// Cause returns [context.Cause] of an ended context, in a form for which errors.Is also finds ctx.Err(), whatever
// the cause is.
func Cause(ctx context.Context) error {
	err := ctx.Err()
	cause := context.Cause(ctx)
	if cause == nil || cause == err {
		return err
	}
	return Because(err, cause)
}

// Because returns an error that says cause and is both cause and err, one of context.Canceled and DeadlineExceeded.
func Because(err, cause error) error {
	if errors.Is(cause, err) {
		return cause
	}
	return &ended{err, cause}
}

type ended struct{ err, cause error }

func (e *ended) Error() string   { return e.cause.Error() }
func (e *ended) Unwrap() []error { return []error{e.cause, e.err} }
