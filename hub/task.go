package hub

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"sync/atomic"
	"time"

	"github.com/seed6bcf1587/coop/internal/callback"
	"github.com/seed6bcf1587/coop/internal/errtree"
	"github.com/seed6bcf1587/coop/internal/held"
	"github.com/seed6bcf1587/coop/internal/park"
	"github.com/seed6bcf1587/coop/internal/recovered"
)

// A Task is a function that a hub runs, or has run. [Go] starts one.
type Task struct {
	// What a switch touches comes first, so that it shares a cache line or two.

	hub    *Hub    // immutable
	worker *worker // nil before the first step and after the end; used only with control of the hub
	goid   int64   // of its worker; set before the first step
	turns  uint64  // how often it has been given control; used only with control of the hub

	// state says who may make the task ready; see park and Unpark.
	state atomic.Int32
	told  int32 // how often it has been told that the hub is stopped; used only with control of the hub
	below *Task // link of Hub.inbox; owned by whoever made the task ready

	joiner *Task // see await; used only with control of the hub
	scope  scope // the task's context; used only with control of the hub

	// Immutable after the start.
	id     uint64
	parent uint64 // id of the task that called Go, or 0
	name   string
	fn     func(context.Context) error // nil after the end

	over park.Once // opens when the task has ended
	// Written before over opens, read after.
	err  error
	rank uint64 // it was the rank-th task of the hub to end

	callbacks atomic.Pointer[callback.List] // of OnDone; nil until needed

	// What is small comes together: a task takes 256 bytes.

	daemon   bool         // immutable after the start
	failed   bool         // err is more than the task's cancellation; written before over opens, read after
	admitted bool         // it is one of Hub.live, or was; used only with control of the hub
	place    int32        // in Hub.live; used only with control of the hub
	taken    atomic.Bool  // somebody has taken charge of err
	awaited  atomic.Int32 // number of those, joiner apart, who wait for the end, or have waited, and will take charge of err
}

// The values of Task.state. Only the task itself, having control, leaves and enters running and awake; whoever
// moves it from parked to ready must post it.
const (
	unborn int32 = iota // as ready, before the first step
	ready               // in the inbox or the ready queue, or about to be put there
	active              // it has control, or stands in the ready queue by its own wish
	awake               // as active, and a wake-up came: the next park returns at once
	parked              // it waits
	ended               // for good
)

// Go starts a task that runs fn in the hub of the calling task. The task's first step comes when its turn
// does, not now. The context that fn is given carries the new task, and is derived from ctx: it has ctx's values, and ends
// when ctx does.
//
// An error that fn returns goes to whoever joins the task; see [Task.Join]. A panic is such an error too, a
// *[PanicError], and so is a call of runtime.Goexit. The end of the task that called Go does not end the new one, unless ctx ends with
// it: a context that package context made of that task's does, if it can be cancelled.
//
// Go panics if ctx carries no task, or another one than the task that runs, and if fn is nil.
//
//blocklint:task fn
func Go(ctx context.Context, fn func(ctx context.Context) error, opts ...TaskOption) *Task {
	t := taskOf(ctx)
	if t == nil {
		panic("hub.Go: ctx carries no task: call it inside hub.Run")
	}
	if fn == nil {
		panic("hub.Go: nil function")
	}
	return t.hub.spawn(ctx, fn, opts)
}

// Go starts a task that runs fn in h, as the function [Go] does. Anybody may call it, from any goroutine. The task's context
// is derived from the one that Run was given. A task that is started before Run waits for it; one that is started when the hub
// has been told to stop, or later, is cancelled before its first step.
//
//blocklint:task fn
func (h *Hub) Go(fn func(ctx context.Context) error, opts ...TaskOption) *Task {
	if fn == nil {
		panic("hub.Hub.Go: nil function")
	}
	t := h.newTask(fn, opts)
	h.admission.Lock()
	defer h.admission.Unlock()
	if h.phase.Load() == over {
		t.scope.end.Store(&ending{context.Canceled, errOver})
		t.err = park.Cause(&t.scope)
		t.state.Store(ended)
		t.over.Open()
		return t
	}
	h.post(t)
	return t
}

func (h *Hub) newTask(fn func(ctx context.Context) error, opts []TaskOption) *Task {
	t := &Task{hub: h, id: h.lastID.Add(1), fn: fn}
	for _, o := range opts {
		o.applyTask(t)
	}
	t.scope.hub, t.scope.task, t.scope.limits = h, t, &unlimited
	return t
}

func (h *Hub) spawn(ctx context.Context, fn func(ctx context.Context) error, opts []TaskOption) *Task {
	t := h.newTask(fn, opts)
	t.setParent()
	h.collect() // who became ready before is first in line
	h.admit(t, ctx)
	h.ready.Push(t)
	return t
}

// setParent notes who starts t: the task that has control.
func (t *Task) setParent() {
	if by := t.hub.current.get(); by != nil {
		t.parent = by.id
	}
}

// admit makes t one of the tasks of h, with a context within ctx.
func (h *Hub) admit(t *Task, ctx context.Context) {
	t.admitted = true
	t.scope.open(ctx, time.Time{})
	t.count()
}

// run runs the task from its first step to its end.
func (t *Task) run() {
	h := t.hub
	t.goid, t.turns = t.worker.goid, 1
	h.current.set(t)
	t.state.Store(active)
	err, failed := errGoexit, true
	defer func() {
		if err == errGoexit {
			if v := recover(); v != nil {
				err = recovered.New(v)
			} else if t.told > 1 {
				err, failed = t.whyStopped(&t.scope), false // it has been unwound
			}
		}
		if !t.worker.locks.IsEmpty() { // asked here: one more call would make the stack grow of each task that has done without
			err, failed = errors.Join(err, t.forgotten("task", t.worker.locks)), true
		}
		t.end(err, failed)
	}()
	if t.scope.Err() != nil {
		err, failed = park.Cause(&t.scope), false // cancelled before its first step: it never runs
		return
	}
	if t.hub.observed != nil {
		t.hub.observed.started(t)
	}
	err = t.fn(&t.scope)
	failed = err != nil && !t.isCancellation(err)
}

// isCancellation reports whether err says nothing but that the task was cancelled, or, having been cancelled before, stopped with its hub.
func (t *Task) isCancellation(err error) bool {
	e := t.scope.end.Load()
	if e == nil {
		return false
	}
	said := []error{e.err, e.cause}
	if h := t.hub; h.stopped != nil {
		said = append(said, h.stoppedBy, h.stopped)
	}
	return errtree.Only(err, said...)
}

// forgotten returns an error that names the locks which who, the task or a callback, holds at its end.
func (t *Task) forgotten(who string, holds *held.Set) error {
	locks := holds.Abandon()
	if locks == nil {
		return nil
	}
	var errs []error
	for _, l := range locks {
		errs = append(errs, fmt.Errorf("hub: %s %q ended and still holds %v", who, t.Name(), l))
	}
	return errors.Join(errs...)
}

// end is the last that happens to a task. failed says whether err is more than the task's cancellation.
func (t *Task) end(err error, failed bool) {
	h, locks := t.hub, t.worker.locks
	t.state.Store(ended)
	t.err, t.failed, t.fn, t.worker = err, failed, nil, nil
	h.ended++
	t.rank = h.ended
	if h.observed != nil {
		h.observed.ended(t)
	}
	h.current.set(nil)
	t.scope.close()
	switch {
	case failed:
		h.noteFailure(t)
	case err != nil && h.stopped != nil && h.stopped != errOver && !t.daemon:
		h.cutShort = true
	}
	t.announce()
	defer t.discount() // also when a callback calls Goexit
	if t.callbacks.Load() != nil {
		h.callingBack.Store(t)
		defer func() {
			h.callingBack.Store(nil)
			if err := t.forgotten("a callback of task", locks); err != nil {
				h.strays.add(err)
			}
		}()
		t.callBack()
	}
}

// count notes that the task is one of the hub's.
func (t *Task) count() {
	h := t.hub
	if !t.daemon {
		h.foreground++
	}
	if h.observed != nil {
		h.observed.spawned(t)
	}
}

// discount ends the hub's work if the task, which has ended, was the last that it was there for.
func (t *Task) discount() {
	if h := t.hub; !t.daemon {
		h.foreground--
		if h.foreground == 0 {
			h.collect() // may admit one that was started from outside
		}
		if h.foreground == 0 {
			h.stop(context.Canceled, errOver)
		}
	}
}

// noteFailure notes the error of a task that has ended, for Run to return unless somebody joins the task.
func (h *Hub) noteFailure(t *Task) {
	if t.joiner == nil && t.awaited.Load() == 0 {
		h.logError("task failed and nobody waits for it", "task", t.Name(), "error", t.err)
	}
	// Those that have been joined need not be kept until the end. One that is waited for must: who waits may give up.
	if len(h.failed) == cap(h.failed) {
		h.failed = slices.DeleteFunc(h.failed, func(t *Task) bool { return t.taken.Load() })
	}
	h.failed = append(h.failed, t)
}

// Done returns a channel that is closed when the task has ended, for use in select. It does not take charge of the task's error.
func (t *Task) Done() <-chan struct{} { return t.over.Done() }

// Err returns nil while the task has not ended, and then what Join returns. It does not take charge of the task's error.
func (t *Task) Err() error {
	if !t.over.IsOpen() {
		return nil
	}
	return t.err
}

// Cancel ends the task's context with cause, or context.Canceled when cause is nil, and wakes the task from any wait. Errors
// of waits that fail because of it are cause, and errors.Is finds context.Canceled in them. A task
// that is cancelled before its first step never runs. Cancelling a task twice, or after its end, does nothing.
// Anybody may call Cancel, from any goroutine.
func (t *Task) Cancel(cause error) {
	if cause == nil {
		cause = context.Canceled
	}
	if !t.over.IsOpen() {
		t.scope.cancel(context.Canceled, cause)
	}
}

// ID returns the number of the task, which counts the tasks of its hub from 1.
func (t *Task) ID() uint64 { return t.id }

// Name returns the task's name: the one it was given, or "task-" and its number.
func (t *Task) Name() string {
	if t.name == "" {
		return "task-" + strconv.FormatUint(t.id, 10)
	}
	return t.name
}

// Current returns the task that ctx carries, or nil.
func Current(ctx context.Context) *Task {
	t, _ := ctx.Value(park.Key{}).(*Task)
	return t
}
