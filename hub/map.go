package hub

import (
	"context"
	"iter"
	"time"

	"github.com/seed6bcf1587/coop/internal/park"
)

// Map calls fn for each value of in, in a task for each, and yields what it returns, in the order of in. At most limit values are read from in
// whose results have not been yielded; so many tasks run at the same time. in is read, and yield called, in the calling task; while in waits for a
// value, results wait too.
//
// An error is yielded in the place of its value, and the others go on. That of a panic is a *[PanicError]. The tasks' contexts are derived
// from ctx. If that ends, its cause is yielded, and that is the last. When the loop over Map ends, by itself, by break or by a panic, the tasks that are left
// are cancelled, and it waits for them; a failure that is not yielded for that reason is logged.
//
// Map panics if limit is less than 1, if in or fn is nil, and when the loop begins, if ctx carries no task, or another one than the task that runs.
//
//blocklint:task fn
func Map[T, U any](ctx context.Context, limit int, in iter.Seq[T], fn func(ctx context.Context, v T) (U, error)) iter.Seq2[U, error] {
	checkMap("hub.Map", limit, in == nil || fn == nil)
	return func(yield func(U, error) bool) {
		m := newMapping("hub.Map", ctx, fn)
		defer m.close()
		// handOut yields the oldest results that are there, and waits for more of them until less than max are missing.
		handOut := func(max int) bool {
			for len(m.slots) > 0 && (len(m.slots) >= max || m.slots[0].task.over.IsOpen()) {
				first := m.slots[0]
				if err := first.task.await(ctx, "hub.Map"); err != nil {
					return m.last(yield, err)
				}
				if m.slots = m.slots[1:]; !yield(first.value, first.task.take()) {
					return false
				}
			}
			return true
		}
		m.run(in, limit, handOut, yield)
	}
}

// MapUnordered is [Map] that yields results in the order in which they come.
//
//blocklint:task fn
func MapUnordered[T, U any](ctx context.Context, limit int, in iter.Seq[T], fn func(ctx context.Context, v T) (U, error)) iter.Seq2[U, error] {
	checkMap("hub.MapUnordered", limit, in == nil || fn == nil)
	return func(yield func(U, error) bool) {
		m := newMapping("hub.MapUnordered", ctx, fn)
		defer m.close()
		var came park.Gate // open if done has grown
		var done []*slot[U]
		m.started = func(s *slot[U]) {
			s.task.OnDone(func(*Task) {
				done = append(done, s)
				came.Open()
			})
		}
		handOut := func(max int) bool {
			for len(done) > 0 || len(m.slots) > 0 && len(m.slots) >= max {
				if len(done) == 0 {
					came.Close()
					if err := came.Wait(ctx, "hub.MapUnordered"); err != nil {
						return m.last(yield, err)
					}
				}
				first := done[0]
				done = done[1:]
				m.forget(first)
				if !yield(first.value, first.task.take()) {
					return false
				}
			}
			return true
		}
		m.run(in, limit, handOut, yield)
	}
}

func checkMap(name string, limit int, isNil bool) {
	if limit < 1 {
		panic(name + ": limit less than 1")
	}
	if isNil {
		panic(name + ": nil function")
	}
}

// A mapping is a loop over Map or MapUnordered.
type mapping[T, U any] struct {
	ctx     context.Context
	task    *Task // the one that loops
	within  *scope
	fn      func(ctx context.Context, v T) (U, error)
	slots   []*slot[U] // values read whose results have not been yielded, in order
	started func(*slot[U])
}

// A slot is a value on its way.
type slot[U any] struct {
	task  *Task
	value U
	at    int // index in mapping.slots, for MapUnordered
}

func newMapping[T, U any](name string, ctx context.Context, fn func(ctx context.Context, v T) (U, error)) *mapping[T, U] {
	t := taskOf(ctx)
	if t == nil {
		panic(name + ": ctx carries no task: call it inside hub.Run")
	}
	m := &mapping[T, U]{ctx: ctx, task: t, fn: fn, within: &scope{hub: t.hub, task: t}, started: func(*slot[U]) {}}
	m.within.open(ctx, time.Time{})
	return m
}

// run reads in and hands out what comes of it.
func (m *mapping[T, U]) run(in iter.Seq[T], limit int, handOut func(max int) bool, yield func(U, error) bool) {
	for v := range in {
		if m.ctx.Err() != nil {
			m.last(yield, park.Err(m.ctx))
			return
		}
		m.start(v)
		if !handOut(limit) {
			return
		}
	}
	handOut(1)
}

func (m *mapping[T, U]) start(v T) {
	s := &slot[U]{at: len(m.slots)}
	s.task = m.task.hub.spawn(m.within, func(ctx context.Context) (err error) {
		s.value, err = m.fn(ctx, v)
		return err
	}, nil)
	s.task.awaited.Add(1)
	m.slots = append(m.slots, s)
	m.started(s)
}

// forget takes s out of the slots, whose order does not matter.
func (m *mapping[T, U]) forget(s *slot[U]) {
	last := len(m.slots) - 1
	moved := m.slots[last]
	m.slots[s.at], moved.at = moved, s.at
	m.slots[last] = nil
	m.slots = m.slots[:last]
}

// last yields the error that ends the loop.
func (m *mapping[T, U]) last(yield func(U, error) bool, err error) bool {
	var none U
	yield(none, err)
	return false
}

// close cancels the tasks that are left, and waits for them.
func (m *mapping[T, U]) close() {
	m.within.cancel(context.Canceled, context.Canceled)
	ctx := context.WithoutCancel(&m.task.scope) // they have been told to end, and will
	for _, s := range m.slots {
		if err := s.task.await(ctx, "hub.Map"); err != nil {
			return // the hub has been stopped; Run waits for them
		}
		if s.task.failed && !s.task.taken.Load() {
			_ = s.task.take()
			m.task.hub.logError("a task of hub.Map failed after the loop had ended", "task", s.task.Name(), "error", s.task.err)
		}
	}
}
