package hub

import (
	"context"
	"fmt"
	"runtime"
	"strings"

	"github.com/seed6bcf1587/coop/internal/behalf"
	"github.com/seed6bcf1587/coop/internal/goid"
	"github.com/seed6bcf1587/coop/internal/held"
	"github.com/seed6bcf1587/coop/internal/park"
)

// This file is how a task waits: the methods that make it a park.Parker.

// taskOf returns the task that the calling goroutine runs for, if ctx carries one, and else nil.
func taskOf(ctx context.Context) *Task {
	if s, ok := ctx.(*scope); ok {
		if t := s.task; t.goid == goid.Quick() && t.hub.current.get() == t || t.Here() { // first what Here finds as a rule, without a call
			return t
		}
		return nil
	}
	t, _ := park.Of(ctx).(*Task)
	return t
}

// Here implements park.Parker. It panics when one task waits with the context of another.
func (t *Task) Here() bool {
	g := goid.Get()
	if g != t.goid {
		// The body of a generator runs on a goroutine of its own, while whoever called it stands still.
		caller := behalf.Root(g)
		if caller != t.goid && !t.isBodyOfPull(g, caller) {
			return false
		}
	}
	if t.hub.current.get() != t {
		t.refuseOther()
	}
	return true
}

// isBodyOfPull reports whether goroutine number g, which runs on behalf of another than the task's, is the body of an iter.Pull. Of such a
// body nobody knows who called it. It is taken for the task's if the task has control.
func (t *Task) isBodyOfPull(g, caller int64) bool {
	if g != caller {
		if held.Tracks(caller) {
			t.refuseOther()
		}
		return false
	}
	switch kindOfCaller() {
	case workerGoroutine:
		t.refuseOther()
	case coroutineBody:
		return true
	}
	return false
}

func (t *Task) refuseOther() {
	state := ""
	if t.over.IsOpen() {
		state = ", which has ended"
	}
	panic(fmt.Sprintf("hub: ctx belongs to task %q%s, and another task waits with it: use the ctx that the task's own function was given", t.Name(), state))
}

type callerKind int

const (
	plainGoroutine  callerKind = iota // made by a go statement
	coroutineBody                     // the body of a generator, or of iter.Pull
	workerGoroutine                   // runs tasks
)

// serveFunction is how the name of the function ends that runs tasks.
const serveFunction = "coop/hub.(*worker).serve"

// kindOfCaller tells what the calling goroutine is by the functions on its stack. It costs microseconds, and is for what is rare.
func kindOfCaller() callerKind {
	kind := plainGoroutine
	eachFrame(func(function string) bool {
		switch {
		case strings.HasSuffix(function, serveFunction):
			kind = workerGoroutine
			return false
		case function == "runtime.corostart":
			kind = coroutineBody
		}
		return true
	})
	return kind
}

// eachFrame calls fn with the functions on the calling goroutine's stack, innermost first, until it returns false.
func eachFrame(fn func(function string) bool) {
	pcs := make([]uintptr, 64)
	n := runtime.Callers(2, pcs)
	for n == len(pcs) {
		pcs = make([]uintptr, 2*len(pcs))
		n = runtime.Callers(2, pcs)
	}
	frames := runtime.CallersFrames(pcs[:n])
	for {
		f, more := frames.Next()
		if !fn(f.Function) || !more {
			return
		}
	}
}

// Park implements park.Parker.
func (t *Task) Park(ctx context.Context, what string) error {
	h := t.hub
	if h.stopped != nil {
		return t.whyStopped(ctx)
	}
	callOff := t.watch(ctx)
	if !t.beginWait(what) {
		// It does not wait.
	} else if h.observed != nil {
		t.giveUpObserved(what)
	} else {
		next := h.next() // giveUp, by hand: no frame between here and the switch that can be avoided
		me := &t.worker.co
		if next == nil {
			next = h.idle(me)
		}
		if next != me {
			if o, inside := me.Enter(next); inside { // Transfer, by hand
				o.Yield(struct{}{})
			} else {
				o.Next()
			}
			if h.set.Astray() {
				h.set.SendOn(me)
			}
		}
		h.current.set(t)
		t.turns++
	}
	t.endWait()
	if callOff != nil {
		callOff()
	}
	if h.stopped == nil {
		return nil
	}
	return t.whyStopped(ctx)
}

// whyStopped returns the error of a wait that fails because the hub has been stopped.
func (t *Task) whyStopped(ctx context.Context) error {
	if ctx.Err() != nil {
		return park.Cause(ctx)
	}
	return park.Because(t.hub.stoppedBy, t.hub.stopped)
}

// Insist implements park.Parker. A task that must have a lock back waits for it even in a hub that has been stopped: who
// holds it is being unwound.
func (t *Task) Insist(what string) error {
	if t.hub.hopeless == nil {
		if t.beginWait(what) {
			t.giveUpObserved(what)
		}
		t.endWait()
	}
	return t.hub.hopeless
}

// beginWait makes it known that the task waits, and reports true, unless Unpark was called since the task last ran: then there is
// nothing to wait for.
func (t *Task) beginWait(what string) bool {
	w := &t.worker.wait
	w.what, w.since = what, t.hub.timers.now
	// A wake-up that came in between has changed active to awake, and must not be slept through.
	return t.state.CompareAndSwap(active, parked)
}

func (t *Task) endWait() {
	t.worker.wait.what = ""
	t.state.Store(active) // the last: who sees it leaves alone what describes a wait, see Task.info
}

// giveUp passes control on, and returns when it is the task's turn again.
func (t *Task) giveUp() {
	h, me := t.hub, &t.worker.co
	if h.observed != nil {
		h.observed.turn(t)
	}
	next := h.next()
	if next == nil {
		next = h.idle(me)
	}
	if next != me {
		h.set.Transfer(me, next)
	}
	h.current.set(t)
	t.turns++
}

// giveUpObserved is giveUp for a task that waits.
func (t *Task) giveUpObserved(what string) {
	if t.hub.observed == nil {
		t.giveUp()
		return
	}
	since := t.hub.observed.waits(t, what)
	t.giveUp()
	t.hub.observed.waited(t, what, since)
}

// watch sees to it that the end of a context that the hub does not own wakes t. The hub's own do so by themselves.
func (t *Task) watch(ctx context.Context) (callOff func()) {
	if _, own := ctx.(*scope); own {
		return nil
	}
	if done := ctx.Done(); done == nil || done == scopeOf(ctx).Done() {
		return nil // it never ends, or is a scope with values
	}
	return t.watchForeign(ctx)
}

// watchForeign is watch for a context that the hub does not own.
func (t *Task) watchForeign(ctx context.Context) (callOff func()) {
	h := t.hub
	w := &t.worker.wait
	w.foreign, w.foreignAt = ctx, len(h.foreign)
	h.foreign = append(h.foreign, t)
	stop := func() {}
	if !h.virtual {
		stop = h.whenDone(ctx, t.Unpark)
	}
	return func() {
		stop()
		last := len(h.foreign) - 1
		moved := h.foreign[last]
		h.foreign[w.foreignAt], moved.worker.wait.foreignAt = moved, w.foreignAt
		h.foreign[last] = nil
		h.foreign = h.foreign[:last]
		w.foreign = nil
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

// unparkHere is Unpark for those who have control of the hub.
func (t *Task) unparkHere() {
	if t.state.CompareAndSwap(parked, ready) {
		t.hub.ready.Push(t)
	} else {
		t.Unpark()
	}
}

// Outside implements park.Parker: until the wait is over, time stands still on a virtual clock, and an isolated hub is not forsaken.
func (t *Task) Outside() (over func()) {
	h := t.hub
	if !h.isolated {
		return nil
	}
	h.offloaded.Add(1)
	return func() { h.offloaded.Add(-1) } // by the task, which has control
}

// Spare implements park.Parker.
func (t *Task) Spare() *any { return &t.worker.spare }

// Refuse implements park.Parker.
func (t *Task) Refuse(err error) error {
	if h := t.hub; h.stopped == nil && h.root.isOver() {
		h.stopWith(h.root.values) // the turn is not over, and if this task only asks again and again never will be
	}
	if t.hub.stopped != nil {
		t.told++
		// A Goexit in a deferred function would make the panic disappear that the function runs for. But there is an end to patience.
		if t.told > 1 && (t.told > maxTold || !panicking()) {
			runtime.Goexit()
		}
	}
	return err
}

// maxTold is how often a task that panics is told in its deferred functions that it must not wait.
const maxTold = 100

// panicking reports whether the caller runs in a deferred function on behalf of a panic.
func panicking() bool {
	found := false
	eachFrame(func(function string) bool {
		found = function == "runtime.gopanic"
		return !found
	})
	return found
}
