package hub

import (
	"context"
	"slices"
	"time"

	"github.com/seed6bcf1587/coop/internal/coroutine"
)

// minTurn is how many steps a turn has at least, unless nothing is left to run or the steps are long. At the end of a turn the clock
// is read, which costs more than a switch does.
const minTurn = 16

// next returns whom the caller, who has control and is about to give it up, must give it to: the next task in line, or nil
// when no task can run.
func (h *Hub) next() *coroutine.Coroutine {
	if t := h.nextTask(); t != nil {
		return h.coroutineOf(t)
	}
	return nil
}

// coroutineOf returns whom control must be given to for t to go on: t's worker, or the owner, who will find one.
func (h *Hub) coroutineOf(t *Task) *coroutine.Coroutine {
	if t.worker == nil {
		if len(h.resting) == 0 {
			h.newcomer = t
			return &h.owner
		}
		h.takeResting().take(t)
	}
	return &t.worker.co
}

// oversee is called by the owner to give control to next. It returns when no task has it.
func (h *Hub) oversee(next *coroutine.Coroutine) {
	for {
		if next != &h.owner {
			h.set.Transfer(&h.owner, next)
			h.current.set(nil)
		}
		t := h.newcomer
		if t == nil {
			return
		}
		h.newcomer = nil
		next = h.hire(t)
	}
}

func (h *Hub) nextTask() *Task {
	h.collect()
	if h.turn == 0 || h.ready.Len() == 0 {
		h.endTurn()
		if h.ready.Len() == 0 {
			return nil
		}
	}
	h.turn--
	if h.pick != nil && h.ready.Len() > 1 {
		h.putFirst(h.choose(h.ready.Len()))
	}
	return h.ready.Pop()
}

// endTurn looks at everything but the ready tasks: the context of Run, timers that are due, contexts that the hub
// does not own. On a virtual clock it lets time pass when nothing can run.
func (h *Hub) endTurn() {
	if h.virtual {
		h.endVirtualTurn()
		return
	}
	if h.stopped == nil && h.interrupted.Load() {
		h.stopWith(h.root.values)
	}
	h.turn = max(minTurn, h.ready.Len())
	if h.timers.any() {
		h.turn = h.timers.fire(h.turn)
		h.collect()
	}
}

func (h *Hub) endVirtualTurn() {
	for {
		// Not by h.interrupted: that is set by a goroutine, sooner or later.
		if h.stopped == nil && h.root.values.Err() != nil {
			h.stopWith(h.root.values)
			h.collect()
		}
		if h.turn == 0 || h.ready.Len() == 0 {
			h.lookAround()
			h.collect()
		}
		if h.ready.Len() > 0 {
			h.turn = max(minTurn, h.ready.Len(), len(h.foreign)+len(h.watched)) // as many steps as there was to look at
			return
		}
		// Read before the inbox is emptied: what ends in between has made its task ready, and time must not pass.
		h.pending = h.offloaded.Load() > 0
		h.collect()
		if h.ready.Len() == 0 && (h.pending || !h.timers.jump()) {
			return
		}
		h.collect()
	}
}

// lookAround finds out which contexts have ended that the hub does not own, on a virtual clock. They could call back when
// they end, but do so on a goroutine of their own: between the end and the call real time passes, virtual
// time must not, and the schedule would depend on which comes first. Looked at at the end of a turn, they end at the same step
// each time.
func (h *Hub) lookAround() {
	for _, t := range h.foreign {
		if t.worker.wait.foreign.Err() != nil {
			t.Unpark()
		}
	}
	if len(h.watched) > 0 {
		h.watched = slices.DeleteFunc(h.watched, func(s *scope) bool {
			return s.Err() != nil // which ends it if its outer context has ended
		})
	}
}

// collect moves the tasks of the inbox to the ready queue, in the order in which they came.
func (h *Hub) collect() {
	if h.inbox.Load() != nil {
		h.emptyInbox()
	}
}

// emptyInbox is apart so that collect can be inlined.
func (h *Hub) emptyInbox() {
	var oldest *Task
	for t := h.inbox.Swap(nil); t != nil; {
		if t.hub == nil {
			h.holdStill(t)
			t = t.below
			continue
		}
		t.below, oldest, t = oldest, t, t.below
	}
	for t := oldest; t != nil; {
		if !t.admitted {
			h.admit(t, &h.root)
		}
		h.ready.Push(t)
		t, t.below = t.below, nil
	}
}

// post makes t, which is ready from now on, known to the hub. Anybody may call it.
func (h *Hub) post(t *Task) {
	for {
		t.below = h.inbox.Load()
		if h.inbox.CompareAndSwap(t.below, t) {
			break
		}
	}
	// The owner says that it sleeps and then looks at the inbox; here the inbox is filled and then looked
	// whether it sleeps. So one of the two sees the other.
	if h.asleep.Load() {
		h.ring()
	}
}

// ring wakes the owner if it sleeps.
func (h *Hub) ring() {
	select {
	case h.wake <- struct{}{}:
	default: // it has been woken already and will look at everything
	}
}

// idle is called by a task that has just parked, when no task can run: it does what the owner would do, without the switch to it and back,
// until there is somebody to give control to.
//
//blocklint:cooperative
func (h *Hub) idle(me *coroutine.Coroutine) *coroutine.Coroutine {
	h.current.set(nil)
	for {
		h.rest(me)
		if next := h.next(); next != nil {
			return next
		}
	}
}

// rest is called by the owner, or a task that has just parked, when no task can run: it waits for a timer or for somebody outside.
func (h *Hub) rest(me *coroutine.Coroutine) {
	h.dismiss(me, max(0, len(h.resting)-h.live.n-spareWorkers+7)/8)
	h.asleep.Store(true)
	if h.inbox.Load() == nil && (h.stopped != nil || !h.interrupted.Load()) {
		if h.virtual {
			h.restVirtually()
		} else {
			h.restReally()
		}
	}
	h.asleep.Store(false)
	h.watch.wakeUp()
	if h.observed != nil {
		h.observed.since = time.Now()
	}
}

func (h *Hub) restReally() {
	after, set := h.timers.next()
	if !set {
		if h.isForsaken() {
			h.stopDeadlocked()
			return
		}
		<-h.wake
		return
	}
	alarm := h.timers.alarm(after)
	select {
	case <-h.wake:
		alarm.Stop()
	case <-alarm.C:
	}
}

// isForsaken reports whether nothing can wake a task any more, on the real clock.
func (h *Hub) isForsaken() bool {
	if !h.isolated || h.offloaded.Load() > 0 || h.root.limits.deadline != (time.Time{}) {
		return false
	}
	for _, t := range h.foreign {
		if callsBack(t.worker.wait.foreign) {
			return false
		}
	}
	if slices.ContainsFunc(h.outers(), callsBack) {
		return false
	}
	// The last to be looked at: what was offloaded, and a scope that was still there a moment ago, have made their tasks ready before they were gone.
	return h.inbox.Load() == nil && (h.stopped != nil || h.root.values.Err() == nil)
}

// callsBack reports whether ctx, which the hub does not own, wakes somebody though no task runs: by a runtime timer, or because it has ended
// and the goroutine that says so is on its way.
func callsBack(ctx context.Context) bool {
	_, timed := ctx.Deadline()
	return timed || ctx.Err() != nil
}

// outers returns the contexts around scopes that the hub does not own.
func (h *Hub) outers() (all []context.Context) {
	h.scopes.Lock()
	defer h.scopes.Unlock()
	for s := range h.root.children() { // where all of those scopes are: see scope.open
		if outer := s.limits.outer; outer != nil {
			all = append(all, outer)
		}
	}
	return all
}

// restVirtually waits for what was offloaded, or gives up on tasks that nothing can wake any more.
func (h *Hub) restVirtually() {
	if !h.pending {
		h.stopDeadlocked()
		return
	}
	if h.offloaded.Load() == 0 {
		return // what was pending has ended since: see job.settle
	}
	// Contexts that the hub does not own are looked at in between; real time passes here in any case.
	for _, t := range h.foreign {
		defer h.whenDone(t.worker.wait.foreign, h.ring)()
	}
	for _, s := range h.watched {
		defer h.whenDone(s.limits.outer, h.ring)()
	}
	<-h.wake
}

// stop ends all waiting: each task is cancelled, and woken to see it.
func (h *Hub) stop(err, cause error) {
	if h.stopped != nil {
		return
	}
	h.stopped, h.stoppedBy = cause, err
	h.root.cancel(err, cause)
	h.wakeAll() // also those that wait in a context that outlives the task's own
}

func (h *Hub) wakeAll() {
	for t := range h.live.all() {
		t.Unpark()
	}
}

// stopWith stops the hub because ctx has ended.
func (h *Hub) stopWith(ctx context.Context) { h.stop(ctx.Err(), context.Cause(ctx)) }

// stopDeadlocked gives up on tasks that nothing can wake any more.
func (h *Hub) stopDeadlocked() {
	dead := &DeadlockError{Tasks: h.look(nil, true)}
	if slices.ContainsFunc(dead.Tasks, func(t TaskInfo) bool { return t.State != "waiting" }) {
		return // somebody outside, whom nobody waits for, has woken one in the last moment
	}
	if h.stopped == nil {
		h.stop(context.Canceled, dead)
		return
	}
	// They insist on a lock that nobody will give them.
	h.hopeless = dead
	h.wakeAll()
}

// spareWorkers is how many workers may rest for good beyond one for each task. Of those beyond that, an idle hub dismisses an eighth each time, so
// that what a burst of tasks needed is given back, and bursts that follow each other find it.
const spareWorkers = 64

// dismiss ends the goroutines of n workers, which rest.
func (h *Hub) dismiss(me *coroutine.Coroutine, n int) {
	h.dismisser = me
	for range n {
		w := h.takeResting()
		h.set.Transfer(me, &w.co) // without a task: it ends
	}
}

func (h *Hub) takeResting() *worker {
	last := len(h.resting) - 1
	w := h.resting[last]
	h.resting[last] = nil
	h.resting = h.resting[:last]
	return w
}
