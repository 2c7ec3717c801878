package hub

import (
	"context"
	"fmt"
	"runtime"
	"strings"

	"github.com/seed6bcf1587/coop/internal/goid"
	"github.com/seed6bcf1587/coop/internal/park"
)

// This file is how a task waits: the methods that make it a park.Parker.

// taskOf returns the task that the calling goroutine runs for, if ctx carries one, and else nil.
func taskOf(ctx context.Context) *Task {
	if s, ok := ctx.(*scope); ok {
		if s.task.Here() {
			return s.task
		}
		return nil
	}
	t, _ := park.Of(ctx).(*Task)
	return t
}

// Here implements park.Parker. It panics when one task waits with the context of another.
func (t *Task) Here() bool {
	if g := goid.Get(); g != t.goid && g != t.body.Load() {
		switch kindOfCaller() {
		case plainGoroutine:
			return false
		case coroutineBody:
			// Such a body runs on a goroutine of its own, while the task that called for it stands still.
			t.body.Store(g)
		case workerGoroutine:
			t.refuseOther()
		}
	}
	if t.hub.current != t {
		t.refuseOther()
	}
	return true
}

func (t *Task) refuseOther() {
	panic(fmt.Sprintf("hub: ctx belongs to task %q, and another task waits with it: use the ctx that the task's own function was given", t.Name()))
}

type callerKind int

const (
	plainGoroutine  callerKind = iota // made by a go statement
	coroutineBody                     // the body of a generator, or of iter.Pull
	workerGoroutine                   // runs tasks
)

// kindOfCaller tells what the calling goroutine is by the functions at the bottom of its stack. It costs microseconds, so its
// answer is remembered where it is needed often.
func kindOfCaller() callerKind {
	pcs := make([]uintptr, 64)
	for {
		n := runtime.Callers(1, pcs)
		if n < len(pcs) {
			pcs = pcs[max(0, n-12):n] // the bottom of the stack suffices
			break
		}
		pcs = make([]uintptr, 2*len(pcs))
	}
	kind := plainGoroutine
	frames := runtime.CallersFrames(pcs)
	for {
		f, more := frames.Next()
		switch {
		case strings.HasSuffix(f.Function, "coop/hub.(*worker).serve"):
			return workerGoroutine
		case f.Function == "runtime.corostart":
			kind = coroutineBody
		}
		if !more {
			return kind
		}
	}
}

// Park implements park.Parker.
func (t *Task) Park(ctx context.Context, what string) error {
	h := t.hub
	if h.stopped == nil {
		callOff := t.watch(ctx)
		t.sleep(what)
		if callOff != nil {
			callOff()
		}
	}
	if h.stopped != nil {
		return park.Because(context.Canceled, h.stopped)
	}
	return nil
}

// Insist implements park.Parker. A task that must have a lock back waits for it even in a hub that has been stopped: who
// holds it is being unwound.
func (t *Task) Insist(what string) error {
	if t.hub.hopeless == nil {
		t.sleep(what)
	}
	return t.hub.hopeless
}

// sleep parks until Unpark, unless that was called since the task last ran, or became known to wait.
func (t *Task) sleep(what string) {
	t.waitingFor, t.since = what, t.hub.timers.now
	// A wake-up that came in between has changed active to awake, and must not be slept through.
	if t.state.CompareAndSwap(active, parked) {
		t.giveUp()
	}
	t.state.Store(active)
	t.waitingFor = ""
}

// giveUp passes control on, and returns when it is the task's turn again.
func (t *Task) giveUp() {
	h, me := t.hub, t.worker.co
	if next := h.next(); next != me {
		h.set.Transfer(me, next)
	}
	h.current = t
}

// watch sees to it that the end of a context that the hub does not own wakes t. The hub's own do so by themselves.
func (t *Task) watch(ctx context.Context) (callOff func()) {
	if _, own := ctx.(*scope); own {
		return nil
	}
	if done := ctx.Done(); done == nil || done == scopeOf(ctx).Done() {
		return nil // it never ends, or is a scope with values
	}
	h := t.hub
	t.waitingIn, t.foreignAt = ctx, len(h.foreign)
	h.foreign = append(h.foreign, t)
	stop := func() {}
	if !h.virtual {
		stop = h.whenDone(ctx, t.Unpark)
	}
	return func() {
		stop()
		last := len(h.foreign) - 1
		moved := h.foreign[last]
		h.foreign[t.foreignAt], moved.foreignAt = moved, t.foreignAt
		h.foreign[last] = nil
		h.foreign = h.foreign[:last]
		t.waitingIn = nil
	}
}

// Unpark implements park.Parker.
func (t *Task) Unpark() {
	for {
		switch t.state.Load() {
		case parked:
			if t.state.CompareAndSwap(parked, ready) {
				t.hub.post(t)
				return
			}
		case active:
			if t.state.CompareAndSwap(active, awake) {
				return
			}
		default:
			// Ready: it has not looked yet at what this call wants it to see. Awake: likewise. Ended: too late.
			return
		}
	}
}

// Refuse implements park.Parker.
func (t *Task) Refuse(err error) error {
	if t.hub.stopped != nil {
		if t.told {
			runtime.Goexit()
		}
		t.told = true
	}
	return err
}
