package hub

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"github.com/seed6bcf1587/coop/internal/park"
	"github.com/seed6bcf1587/coop/internal/recovered"
)

// Offload runs fn on a goroutine of its own, where it may block, and parks the task until fn has returned. It returns what fn
// returns; if fn panics, Offload panics with a *[PanicError] that has fn's stack.
//
// If ctx ends first, Offload returns its cause at once. The context that fn is given ends too; what fn returns after that is
// dropped. Run waits for fn all the same before it returns. On a virtual clock time stands still while fn runs.
//
// fn's context carries no task: what fn waits for stops its goroutine. Everything before the call synchronizes
// before fn, and fn before the return of Offload. Without a task in ctx, Offload calls fn in place.
//
//blocklint:offload fn
//blocklint:cooperative
func Offload[T any](ctx context.Context, fn func(ctx context.Context) (T, error)) (T, error) {
	var zero T
	if fn == nil {
		panic("hub.Offload: nil function")
	}
	if ctx.Err() != nil {
		return zero, park.Err(ctx)
	}
	t := taskOf(ctx)
	if t == nil {
		return fn(ctx)
	}
	var (
		done    park.Gate
		result  T
		err     = errors.New("hub.Offload: function ended by runtime.Goexit")
		caught  *PanicError
		settled atomic.Bool // whoever comes first: the function that ends, or the task that gives it up
	)
	h := t.hub
	h.offloaded.Add(1)
	h.callbacks.Go(func() {
		defer func() {
			if v := recover(); v != nil {
				caught = recovered.New(v)
				if !settled.CompareAndSwap(false, true) {
					h.strays.add(fmt.Errorf("hub.Offload, given up by task %q: %w", t.Name(), caught))
				}
			}
			done.Open()
			// Only now: on a virtual clock time may pass as soon as nothing is pending and nobody is ready.
			h.offloaded.Add(-1)
			h.ring()
		}()
		result, err = fn(withoutTask(ctx))
	})
	if err := done.Wait(ctx, "hub.Offload"); err != nil && settled.CompareAndSwap(false, true) {
		return zero, err
	}
	if caught != nil {
		panic(caught)
	}
	return result, err
}

// strays are errors that belong to no task any more. Run returns them.
type strays struct {
	mu   sync.Mutex
	errs []error // guarded by mu
}

func (s *strays) add(err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.errs = append(s.errs, err)
}

// withoutTask returns ctx without the task that it may carry, for a goroutine that is none. A deadline on a virtual clock
// would mean something else there, and is left out; when it passes, the context ends all the same.
func withoutTask(ctx context.Context) context.Context {
	s := scopeOf(ctx)
	if s == nil {
		return ctx
	}
	return outside{ctx, s.hub.virtual}
}

// outside is a task's context without the task.
type outside struct {
	context.Context
	virtual bool
}

func (o outside) Deadline() (time.Time, bool) {
	if o.virtual {
		return time.Time{}, false
	}
	return o.Context.Deadline()
}

func (o outside) Value(key any) any {
	if key == park.Key || key == any(scopeKey{}) {
		return nil
	}
	return o.Context.Value(key)
}
