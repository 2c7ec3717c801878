package hub

import (
	"iter"
	"unsafe"
)

// SetMaxDump sets up to how many goroutines the stack of a stalled task is looked for among the stacks of all, until restore is called.
func SetMaxDump(n int) (restore func()) {
	was := maxDump
	maxDump = n
	return func() { maxDump = was }
}

// OwnPart is what is shown of a task's stack.
func OwnPart(stack string) string { return string(ownPart([]byte(stack))) }

// A Roll is the roll of the tasks that live.
type Roll struct{ roll }

func (r *Roll) Add(t *Task)          { r.add(t) }
func (r *Roll) Remove(t *Task)       { r.remove(t) }
func (r *Roll) All() iter.Seq[*Task] { return r.all() }
func (r *Roll) Len() int             { return r.n }
func (r *Roll) Slots() int           { return cap(r.tasks) }

// TaskSize is the size of a Task in bytes.
const TaskSize = unsafe.Sizeof(Task{})
