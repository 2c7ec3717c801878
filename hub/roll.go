package hub

import "iter"

// A roll is tasks in the order in which they were added. It is a slice with gaps, in which each task knows its place: that takes a third of the memory
// of a linked list. Adding and removing take amortized constant time. The slice is never longer than four times what it holds, or minRoll.
type roll struct {
	tasks []*Task // nil where one has been removed; the last is not
	n     int     // how many are not nil
}

// minRoll is the size of a slice that is not worth to be given back.
const minRoll = 64

func (r *roll) add(t *Task) {
	if len(r.tasks) == cap(r.tasks) && r.n <= len(r.tasks)/2 {
		r.closeUp(r.tasks)
	}
	t.place = int32(len(r.tasks))
	r.tasks = append(r.tasks, t)
	r.n++
}

func (r *roll) remove(t *Task) {
	r.tasks[t.place] = nil
	r.n--
	if c := cap(r.tasks); c > minRoll && r.n <= c/4 {
		r.closeUp(make([]*Task, 0, c/2))
	}
	last := len(r.tasks)
	for last > 0 && r.tasks[last-1] == nil {
		last--
	}
	r.tasks = r.tasks[:last]
}

// closeUp moves the tasks to the beginning of to, which may be the slice itself.
func (r *roll) closeUp(to []*Task) {
	old := r.tasks
	r.tasks = to[:0]
	for _, t := range old {
		if t != nil {
			t.place = int32(len(r.tasks))
			r.tasks = append(r.tasks, t)
		}
	}
	clear(old[len(r.tasks):]) // if it is the same, what has moved is still there
}

func (r *roll) all() iter.Seq[*Task] {
	return func(yield func(*Task) bool) {
		for _, t := range r.tasks {
			if t != nil && !yield(t) {
				return
			}
		}
	}
}
