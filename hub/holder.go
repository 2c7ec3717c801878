//go:build !race

package hub

// A holder says which task has control. It belongs to the goroutine that has control; the watch for stalls looks at it from
// another goroutine.
//
// That is a data race, and wanted: atomic stores at each switch cost some nanoseconds, 5 percent of a switch, plain ones nothing. What
// may come of it is harmless: a word is read as a whole, as it is or was, and the watch draws conclusions only from a step that it
// has found unchanged several times, milliseconds apart. Under the race detector, which is right to object, see
// holder_race.go.
type holder struct {
	task *Task  // nil: the owner, or a task that is at its end
	step uint32 // counts the changes of task; wraps around
}

func (h *holder) set(t *Task) {
	h.task = t
	h.step++
}

func (h *holder) get() *Task { return h.task }

// glance is get for those who have no control, and says also which step it is.
//
//go:noinline
func (h *holder) glance() (*Task, uint32) {
	step := h.step
	return h.task, step
}
