package hub

// A taskList is a doubly linked list of tasks, linked by next and prev.
type taskList struct{ head, tail *Task }

func (l *taskList) add(t *Task) {
	t.prev = l.tail
	if l.tail == nil {
		l.head = t
	} else {
		l.tail.next = t
	}
	l.tail = t
}

func (l *taskList) remove(t *Task) {
	if t.prev == nil {
		l.head = t.next
	} else {
		t.prev.next = t.next
	}
	if t.next == nil {
		l.tail = t.prev
	} else {
		t.next.prev = t.prev
	}
	t.next, t.prev = nil, nil
}
