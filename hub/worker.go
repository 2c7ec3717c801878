package hub

import (
	"context"
	"time"

	"github.com/seed6bcf1587/coop/internal/coroutine"
	"github.com/seed6bcf1587/coop/internal/goid"
	"github.com/seed6bcf1587/coop/internal/held"
)

// A worker is a coroutine that runs tasks, one after the other: starting the next task on a goroutine that is there
// costs a quarter of a new one, and its stack has grown already.
type worker struct {
	hub   *Hub
	co    coroutine.Coroutine
	goid  int64
	locks *held.Set
	task  *Task // nil: none, rest, or when woken without one, end

	wait    wait     // of task
	spare   any      // see Task.Spare
	call    any      // of Offload, for the next time, or nil
	outside *outside // the last that task offloaded with, or nil
}

// A wait is what the hub knows of how a task waits. It is used with control of the hub.
type wait struct {
	what      string          // the call, as "pkg.Type.Method"; empty while the task does not wait
	since     time.Duration   // by the hub's clock
	foreign   context.Context // the context it waits in, if the hub does not own that, else nil
	foreignAt int             // index in Hub.foreign
	alarm     timer           // of Sleep
}

// hire makes a worker for t, which has not started. It is called by the owner: on the stack of a task it would be what
// makes that grow beyond 2 KB.
func (h *Hub) hire(t *Task) *coroutine.Coroutine {
	w := &worker{hub: h}
	h.set.Init(&w.co, w.serve)
	w.take(t)
	return &w.co
}

func (w *worker) take(t *Task) {
	w.task, t.worker, w.wait.alarm.wake, w.outside = t, w, t, nil
}

// serve is the body of a worker's coroutine.
func (w *worker) serve() {
	h := w.hub
	defer func() {
		// A task that calls Goexit takes the worker's goroutine with it: its deferred functions have run, the task has
		// ended, and this is the last that the worker does.
		if w.task != nil {
			w.task = nil
			next := h.next()
			if next == nil {
				next = &h.owner
			}
			h.set.Exit(next)
		}
	}()
	w.goid = goid.Get()
	w.locks = held.Track(w.goid)
	defer held.Untrack(w.goid)
	for {
		w.task.run()
		// The next task in line, if it is new, runs right here: no switch at all.
		t := h.nextTask()
		if t != nil && t.worker == nil {
			w.take(t)
			continue
		}
		w.task = nil
		h.resting = append(h.resting, w)
		next := &h.owner
		if t != nil {
			next = &t.worker.co
		}
		if o, inside := w.co.Enter(next); inside { // Transfer, by hand
			o.Yield(struct{}{})
		} else {
			o.Next()
		}
		if h.set.Astray() {
			h.set.SendOn(&w.co)
		}
		if w.task == nil {
			h.set.Exit(h.dismisser)
			return
		}
	}
}
