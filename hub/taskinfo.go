package hub

import "time"

// TaskInfo is what is known of a task at one moment.
type TaskInfo struct {
	ID        uint64
	Parent    uint64 // ID of the task that started it; 0 if it was started from outside
	Name      string
	Daemon    bool
	State     string        // "ready", "running", "waiting" or "ended"
	WaitingOn string        // the call in which it waits, as "pkg.Type.Method"; empty in other states
	Since     time.Time     // when it began to wait, on the hub's clock; zero in other states
	For       time.Duration // how long it has waited, on that clock; 0 in other states, and where a task keeps a hub with a virtual clock
	At        string        // file:line of the code outside this module where it waits or goes on; empty if there is none yet
	Turns     uint64        // how often it has been given control; 0 if that is not known, see Hub.Tasks
}

// info describes t. The caller has control of the hub, if exact, or else holds it still; stacks has t's, if it has begun.
func (t *Task) info(exact bool, stacks map[int64]stack) TaskInfo {
	i := TaskInfo{ID: t.id, Parent: t.parent, Name: t.Name(), Daemon: t.daemon}
	// What the hub writes of a task is written before the task's state and read after it. A task that has control, which is active, can
	// write at any moment.
	state := t.state.Load()
	if state != unborn {
		i.At = stacks[t.goid].at
	}
	switch state {
	case unborn, ready:
		i.State = "ready"
	case parked:
		w := &t.worker.wait
		i.State, i.WaitingOn, i.Since = "waiting", w.what, t.hub.timers.start.Add(w.since)
		if !t.hub.virtual {
			i.For = time.Since(i.Since)
		} else if exact {
			i.For = t.hub.timers.now - w.since
		}
	case ended:
		i.State = "ended"
	default:
		i.State = "ready"
		if holder, _ := t.hub.current.glance(); holder == t {
			i.State = "running"
		}
	}
	if exact || state == parked { // one that is ready may have been given control, and not have said so yet
		i.Turns = t.turns
	}
	return i
}
