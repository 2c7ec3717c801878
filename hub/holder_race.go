//go:build race

package hub

import "sync/atomic"

// A holder does what the one in holder.go does, by atomic operations.
type holder struct {
	task atomic.Pointer[Task]
	step atomic.Uint32
}

func (h *holder) set(t *Task) {
	h.task.Store(t)
	h.step.Add(1)
}

func (h *holder) get() *Task { return h.task.Load() }

func (h *holder) glance() (*Task, uint32) {
	step := h.step.Load()
	return h.task.Load(), step
}
