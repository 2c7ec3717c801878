package hub

import (
	"fmt"

	"github.com/seed6bcf1587/coop/internal/behalf"
	"github.com/seed6bcf1587/coop/internal/callback"
	"github.com/seed6bcf1587/coop/internal/goid"
	"github.com/seed6bcf1587/coop/internal/recovered"
)

// OnDone makes fn be called once, with t, when t has ended. Callbacks run one after the other in the order in which they were added: in the
// hub, right after the task's last step and before the step of any other. If the task has ended already, fn runs at once in
// OnDone itself, or if others run at that moment, after them. Anybody may call OnDone, from any goroutine.
//
// A callback must not wait: the hub stands still, and there is no task that could. It may do all that does not wait, start tasks with [Hub.Go]
// included. It does not take charge of the task's error. If it panics, the others run all the same, and the panic is logged
// and joined into Run's error.
//
// The function that OnDone returns takes the callback back, if it has not begun, even while others run.
//
//blocklint:task fn
func (t *Task) OnDone(fn func(t *Task)) (unlink func()) {
	if fn == nil {
		panic("hub.Task.OnDone: nil function")
	}
	if t.callbacks.Load() == nil {
		t.callbacks.CompareAndSwap(nil, new(callback.List))
	}
	unlink = t.callbacks.Load().Add(func() { fn(t) })
	if t.over.IsOpen() {
		t.callBack() // the hub may have looked already for callbacks to run
	}
	return unlink
}

// callBack runs the callbacks of a task that has ended.
func (t *Task) callBack() {
	t.callbacks.Load().Run(func(p *recovered.PanicError) {
		err := fmt.Errorf("hub.Task.OnDone: a callback of task %q: %w", t.Name(), p)
		t.hub.logError("a callback panicked", "task", t.Name(), "error", p)
		t.hub.strays.add(err)
	})
}

// hasControl reports whether the caller runs in the hub: in a task, or in a callback.
func (h *Hub) hasControl() bool {
	g := behalf.Root(goid.Get())
	if t, _ := h.current.glance(); t != nil {
		return t.goid == g
	}
	t := h.callingBack.Load()
	return t != nil && t.goid == g
}

// seemsToHaveControl is hasControl that believes the body of an iter.Pull: of such a body nobody knows who called it. It is taken for one
// that the task in control has called.
func (h *Hub) seemsToHaveControl() bool {
	if h.hasControl() {
		return true
	}
	t, _ := h.current.glance()
	return t != nil && kindOfCaller() == coroutineBody
}
