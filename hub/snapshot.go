package hub

import (
	"cmp"
	"slices"
	"time"
)

// Tasks describes the tasks that have not ended, in the order of their ids. Anybody may call it, from any goroutine and from
// tasks. After Run there are none.
//
// The hub stands still between two steps while Tasks looks at it. If a task keeps the hub for more than 10 milliseconds, Tasks does
// not wait for it, and all is as true, but for this: the Turns of tasks that are running or ready are not known then.
//
// To find where the tasks are, Tasks stops the program as [runtime.Stack] does, for some microseconds for each goroutine there is. It
// is meant for people who look, not for loops.
func (h *Hub) Tasks() []TaskInfo {
	if h.phase.Load() == over {
		return nil
	}
	if h.hasControl() {
		h.collect() // a viewer who waits for this step to end need not, and holds no lock that this one would wait for
		return h.look(nil, true)
	}
	h.view.Lock()
	defer h.view.Unlock()
	v := &viewer{came: make(chan struct{}), seen: make(chan struct{})}
	h.viewer.Store(v)
	defer h.viewer.Store(nil)
	defer close(v.seen)
	h.post(&v.marker)
	return h.look(v.marker.below, v.waitFor())
}

// A viewer is a call of Hub.Tasks. It puts a task that is none into the inbox. When the hub finds that, it waits until the viewer
// has seen what it wants. The hub looks into the inbox before each change to what is looked at, but one: the task in control may
// park, or end, which its state and Hub.scopes make safe. So no switch between tasks pays for being looked at.
type viewer struct {
	marker Task          // has no hub
	came   chan struct{} // closed by the hub when it has come to the marker
	seen   chan struct{} // closed by the viewer
}

// patience is how long a viewer waits for the end of a step.
const patience = 10 * time.Millisecond

// waitFor reports whether the hub has come to the marker.
func (v *viewer) waitFor() bool {
	enough := time.NewTimer(patience)
	defer enough.Stop()
	//blocklint:ignore select a task of the hub does not come here, one of another waits 10 milliseconds at most
	select {
	case <-v.came:
		return true
	case <-enough.C:
		return false
	}
}

// holdStill is called by the hub when it finds marker.
func (h *Hub) holdStill(marker *Task) {
	if v := h.viewer.Load(); v != nil && marker == &v.marker { // else it has gone
		close(v.came)
		<-v.seen //blocklint:ignore chan the viewer looks, and waits for nothing
	}
}

// look describes the tasks that live, and those of the inbox from the given one on that are still to be admitted. The caller has
// control of the hub, if exact, or else holds it still.
func (h *Hub) look(inbox *Task, exact bool) []TaskInfo {
	var tasks []*Task
	h.scopes.Lock()
	tasks = slices.AppendSeq(tasks, h.live.all())
	h.scopes.Unlock()
	for t := inbox; t != nil; t = t.below {
		if t.hub != nil && !t.admitted {
			tasks = append(tasks, t)
		}
	}
	stacks := make(map[int64]stack)
	for _, t := range tasks {
		if t.state.Load() != unborn {
			stacks[t.goid] = stack{}
		}
	}
	findStacks(stacks)
	infos := make([]TaskInfo, len(tasks))
	for i, t := range tasks {
		infos[i] = t.info(exact, stacks)
	}
	slices.SortFunc(infos, func(a, b TaskInfo) int { return cmp.Compare(a.ID, b.ID) })
	return infos
}
