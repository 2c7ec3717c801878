package hub

import (
	"context"
	"sync/atomic"

	"github.com/seed6bcf1587/coop/internal/park"
)

// AfterDone starts a task that runs fn, as [Go] does, when other has ended, at once if it has already. It is for contexts that know nothing of hubs, such as
// that of an HTTP request: [context.AfterFunc] is the same for goroutines. If ctx ends first, fn never runs.
//
// Calling the function that it returns ends that arrangement, and reports whether it did: false means that the task has been started, or that the
// arrangement was ended before. Anybody may call it, from any goroutine.
//
// The arrangement is a daemon, see [Daemon], and does not keep the hub going. Nor does it keep a hub on a virtual clock, or an isolated one, from being
// deadlocked; such a hub looks whether other has ended after some steps, and when nothing can run. AfterDone panics if ctx carries no task, or another one than the task that
// runs, and if other or fn is nil.
//
//blocklint:task fn
func AfterDone(ctx, other context.Context, fn func(ctx context.Context) error, opts ...TaskOption) (stop func() bool) {
	switch {
	case taskOf(ctx) == nil:
		panic("hub.AfterDone: ctx carries no task: call it inside hub.Run")
	case other == nil:
		panic("hub.AfterDone: nil context")
	case fn == nil:
		panic("hub.AfterDone: nil function")
	}
	var settled atomic.Bool // set by what comes first: the end of other, stop, the end of ctx
	waiter := Go(ctx, func(ctx context.Context) error {
		if err := Current(ctx).awaitEnd(ctx, other); err != nil {
			return err
		}
		if settled.CompareAndSwap(false, true) {
			Go(ctx, fn, opts...)
		}
		return nil
	}, Daemon(), Name("hub.AfterDone"))
	waiter.OnDone(func(*Task) { settled.Store(true) }) // also when its own context has ended
	return func() bool {
		if !settled.CompareAndSwap(false, true) {
			return false
		}
		waiter.Cancel(nil)
		return true
	}
}

// awaitEnd waits until other has ended. ctx is the task's own context.
func (t *Task) awaitEnd(ctx, other context.Context) error {
	defer t.watchForeign(other)()
	for other.Err() == nil {
		err := t.Park(ctx, "hub.AfterDone")
		if err == nil && ctx.Err() != nil {
			err = park.Cause(ctx)
		}
		if err != nil {
			return t.Refuse(err)
		}
	}
	return nil
}
