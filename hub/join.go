package hub

import (
	"context"
	"fmt"

	"github.com/seed6bcf1587/coop/internal/park"
)

// Join waits until the task has ended, and returns its error: nil if its function returned nil, the cause if it was
// cancelled before its first step. Anybody may join a task, any number of times, from any goroutine; who does takes
// charge of its error.
//
// If ctx ends first, Join returns its cause, and the task goes on. The end of the task synchronizes before the return of Join.
// Join panics if a task joins itself.
//
//blocklint:cooperative
func (t *Task) Join(ctx context.Context) error {
	if err := t.await(ctx, "hub.Task.Join"); err != nil {
		return err
	}
	return t.take()
}

// await waits until the task has ended, for somebody who will then take its error.
//
// Most tasks are joined once, by a task of their own hub. That one is the task's joiner: who ends in the same hub can wake it without a lock. Whoever comes
// while there is a joiner, or others wait, goes in line.
//
//blocklint:cooperative
func (t *Task) await(ctx context.Context, what string) error {
	if ctx.Err() != nil {
		return park.Err(ctx)
	}
	if t.over.IsOpen() {
		return nil
	}
	me := taskOf(ctx)
	if me == t {
		t.joinsItself(what)
	}
	if me == nil || me.hub != t.hub || t.joiner != nil || t.over.HasLine() {
		return t.awaitInLine(ctx, what)
	}
	t.joiner = me
	for !t.over.IsOpen() {
		err := me.Park(ctx, what)
		if err == nil && ctx.Err() != nil {
			err = park.Cause(ctx)
		}
		if err != nil && !t.over.IsOpen() {
			t.joiner = nil
			return me.Refuse(err)
		}
	}
	return nil
}

// awaitInLine is await for those who cannot be the task's joiner.
//
//blocklint:cooperative
func (t *Task) awaitInLine(ctx context.Context, what string) error {
	t.awaited.Add(1)
	came := false
	defer func() {
		if !came {
			t.awaited.Add(-1) // also when the one who waits is unwound
		}
	}()
	err := t.over.Wait(ctx, what)
	came = err == nil
	return err
}

// announce wakes those who wait for the end of the task.
func (t *Task) announce() {
	t.hub.collect() // who became ready before is first in line
	t.over.Open()
	if j := t.joiner; j != nil {
		t.joiner = nil
		j.unparkHere()
	}
}

func (t *Task) joinsItself(what string) {
	panic(fmt.Sprintf("%s: task %q joins itself", what, t.Name()))
}

// take takes charge of the error of a task that has ended, and returns it.
func (t *Task) take() error {
	if t.failed && !t.taken.Load() {
		t.taken.Store(true)
	}
	return t.err
}
