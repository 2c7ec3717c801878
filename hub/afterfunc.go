package hub

import (
	"context"
	"errors"
	"time"
)

// A Timer is a task that is to start later. [AfterFunc] makes one. It is used by the tasks of its hub, and their callbacks, only.
//
// A [time.Timer] that AfterFunc made is the same for goroutines. A hub's costs no runtime timer, and fires on the hub's clock.
type Timer struct {
	_ noCopy

	// Immutable.
	ctx  context.Context
	hub  *Hub
	fn   func(context.Context) error
	opts []TaskOption

	// Used with control of the hub.
	entry timer // entry.start is the task, until it has started
}

// AfterFunc starts a task that runs fn, as [Go] does, when the hub's clock has advanced by d, not before. If ctx ends first, fn never runs.
//
// A timer does not keep the hub going: when all tasks but the daemons have ended, what it would start never starts.
// AfterFunc panics if ctx carries no task, or another one than the task that runs, and if fn is nil.
//
//blocklint:task fn
func AfterFunc(ctx context.Context, d time.Duration, fn func(ctx context.Context) error, opts ...TaskOption) *Timer {
	t := taskOf(ctx)
	if t == nil {
		panic("hub.AfterFunc: ctx carries no task: call it inside hub.Run")
	}
	if fn == nil {
		panic("hub.AfterFunc: nil function")
	}
	timer := &Timer{ctx: ctx, hub: t.hub, fn: fn, opts: opts}
	timer.set(d)
	return timer
}

func (t *Timer) set(d time.Duration) {
	// The task is there now, and its context open: the one that it is derived from may be closed by then, with the task that it belongs to.
	task := t.hub.newTask(t.fn, t.opts)
	task.setParent()
	task.scope.open(t.ctx, time.Time{})
	t.entry.start = task
	if task.scope.setTimed(true) {
		t.hub.timers.setAfter(&t.entry, max(d, 0))
	}
}

// Stop keeps the task from being started, and reports whether it did: false means that the task has started, or the timer had been stopped, or ctx
// has ended.
func (t *Timer) Stop() bool {
	t.check("Stop")
	return t.stop()
}

// Reset makes the timer start a new task when the hub's clock has advanced by d, as a new call of AfterFunc would. It reports whether the timer was still
// to start one; that one never starts.
func (t *Timer) Reset(d time.Duration) bool {
	t.check("Reset")
	was := t.stop()
	t.set(d)
	return was
}

// errStopped is why the context of a task ends that a timer was to start.
var errStopped = errors.New("hub: the timer has been stopped")

func (t *Timer) check(method string) {
	if !t.hub.seemsToHaveControl() {
		panic("hub.Timer." + method + ": called outside the timer's hub")
	}
}

func (t *Timer) stop() bool {
	task := t.entry.start
	if t.entry.number == 0 || task.scope.isOver() {
		return false
	}
	task.scope.cancel(context.Canceled, errStopped)
	return true
}

// startDelayed starts a task whose time has come.
func (t *Task) startDelayed() {
	h := t.hub
	if !t.scope.setTimed(false) {
		// It has been cancelled by somebody outside, right now, who took the setting for one that is still in the heap.
		h.timers.dead.Add(-1)
		return
	}
	t.admitted = true
	h.scopes.Lock()
	h.live.add(t)
	h.scopes.Unlock()
	t.count()
	h.ready.Push(t)
}

// setTimed notes whether one of the hub's timers is about the scope, unless it has ended: then it reports false.
func (s *scope) setTimed(timed bool) bool {
	s.hub.scopes.Lock()
	defer s.hub.scopes.Unlock()
	if s.end.Load() != nil {
		return false
	}
	if s.limits == &unlimited {
		s.limits = new(limits)
	}
	s.limits.timed = timed
	return true
}
