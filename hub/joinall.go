package hub

import (
	"context"
	"sync/atomic"

	"github.com/seed6bcf1587/coop/internal/park"
)

// JoinAll waits until all tasks have ended, and returns the error of the one that failed first in time; or if none failed, that of the one
// whose cancellation was its error first in time; or nil. It takes charge of all their errors: each task's [Task.Err] has its own.
// Of tasks of several hubs, the first failure is that of the hub whose failure comes first among the arguments. A task may be
// named twice.
//
// If ctx ends first, JoinAll returns its cause, takes charge of nothing, and the tasks go on. It panics if a task joins itself.
//
//blocklint:cooperative
func JoinAll(ctx context.Context, tasks ...*Task) error {
	if err := park.Err(ctx); err != nil {
		return err
	}
	me := taskOf(ctx)
	for _, t := range tasks {
		if t == me {
			t.joinsItself("hub.JoinAll")
		}
	}
	for _, t := range tasks {
		t.awaited.Add(1) // now, not when it is its turn: one that fails in between is not unheeded
	}
	all := false
	defer func() {
		if !all {
			for _, t := range tasks {
				t.awaited.Add(-1)
			}
		}
	}()
	for _, t := range tasks {
		if err := t.await(ctx, "hub.JoinAll"); err != nil {
			return err
		}
	}
	all = true
	var first *Task
	for _, t := range tasks {
		if t.take() != nil && (first == nil || t.precedes(first)) {
			first = t
		}
	}
	if first == nil {
		return nil
	}
	return first.err
}

// precedes reports whether t, which has ended with an error, is to be named before o, which has too.
func (t *Task) precedes(o *Task) bool {
	if t.failed != o.failed {
		return t.failed
	}
	return t.hub == o.hub && t.rank < o.rank
}

// WaitAny waits until one of the tasks has ended, and returns the one that ended first; of several that had ended before, the first in
// time, or with several hubs, the first of the first hub among the arguments. It does not take charge of the task's error: join it. But while it
// waits, a failure is not logged as one that nobody waits for. A task may be named twice.
//
// If ctx ends first, WaitAny returns its cause, and the tasks go on. WaitAny panics if there are no tasks.
//
//blocklint:cooperative
func WaitAny(ctx context.Context, tasks ...*Task) (*Task, error) {
	if len(tasks) == 0 {
		panic("hub.WaitAny: no tasks")
	}
	if err := park.Err(ctx); err != nil {
		return nil, err
	}
	var first *Task
	for _, t := range tasks {
		if t.over.IsOpen() && (first == nil || t.hub == first.hub && t.rank < first.rank) {
			first = t
		}
	}
	if first != nil {
		return first, nil
	}
	var winner atomic.Pointer[Task]
	var gate park.Gate
	for _, t := range tasks {
		t.awaited.Add(1) // as long as this lasts
		defer t.awaited.Add(-1)
		defer t.OnDone(func(t *Task) {
			if winner.CompareAndSwap(nil, t) {
				gate.Open()
			}
		})()
	}
	if err := gate.Wait(ctx, "hub.WaitAny"); err != nil {
		return nil, err
	}
	return winner.Load(), nil
}
