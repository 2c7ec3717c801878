// Package values has the ways in which a function value travels before a
// task calls it.
package values

import (
	"context"
	"time"

	"github.com/seed6bcf1587/coop/hub"
)

func nap()   { time.Sleep(1) }
func quick() {}

type handler struct {
	fn   func()
	list []func()
	byID map[string]func()
	done chan int
}

type idle struct{ fn func() }

// A field set in a composite literal.
func field(ctx context.Context) {
	h := &handler{fn: nap}
	hub.Go(ctx, func(ctx context.Context) error {
		h.fn() // want `time\.Sleep blocks the hub \[sleep, probable\]`
		return nil
	})
}

// Quiet: a field that only ever holds what does not block.
func fieldQuick(ctx context.Context) {
	i := &idle{fn: quick}
	hub.Go(ctx, func(ctx context.Context) error {
		i.fn()
		return nil
	})
}

// The elements of a slice.
func slice(ctx context.Context) {
	fs := []func(){quick, nap}
	hub.Go(ctx, func(ctx context.Context) error {
		for _, f := range fs {
			f() // want `time\.Sleep blocks the hub \[sleep, probable\]`
		}
		return nil
	})
}

// Appended ones.
func appended(ctx context.Context) {
	var fs []func()
	fs = append(fs, nap)
	hub.Go(ctx, func(ctx context.Context) error {
		fs[0]() // want `time\.Sleep blocks the hub \[sleep, probable\]`
		return nil
	})
}

// The values of a map.
func mapped(ctx context.Context) {
	m := map[string]func(){"nap": nap}
	hub.Go(ctx, func(ctx context.Context) error {
		m["nap"]() // want `time\.Sleep blocks the hub \[sleep, probable\]`
		return nil
	})
}

// Found by range and by the form with two results.
func mappedRange(ctx context.Context, id string) {
	m := map[string]func(){}
	m["nap"] = nap
	hub.Go(ctx, func(ctx context.Context) error {
		for _, f := range m {
			f() // want `time\.Sleep blocks the hub \[sleep, probable\]`
		}
		if f, ok := m[id]; ok {
			f()
		}
		return nil
	})
}

// Quiet: a map of quick ones.
func mappedQuick(ctx context.Context, id string) {
	m := map[string]func(){"quick": quick}
	hub.Go(ctx, func(ctx context.Context) error {
		m[id]()
		return nil
	})
}

var hook = nap
var literalHook = func() { time.Sleep(1) }
var registry = map[string]func(){"nap": nap}

// A package variable.
func packageVariable(ctx context.Context) {
	hub.Go(ctx, func(ctx context.Context) error {
		hook() // want `time\.Sleep blocks the hub \[sleep, probable\]`
		return nil
	})
}

// One that holds a literal.
func packageLiteral(ctx context.Context) {
	hub.Go(ctx, func(ctx context.Context) error {
		literalHook() // want `time\.Sleep blocks the hub \[sleep, probable\]`
		return nil
	})
}

// One that holds a map.
func packageMap(ctx context.Context, id string) {
	hub.Go(ctx, func(ctx context.Context) error {
		registry[id]() // want `time\.Sleep blocks the hub \[sleep, probable\]`
		return nil
	})
}

var late func()

func init() { late = nap }

// One that is set at init.
func packageLate(ctx context.Context) {
	hub.Go(ctx, func(ctx context.Context) error {
		late() // want `time\.Sleep blocks the hub \[sleep, probable\]`
		return nil
	})
}

func choose(b bool) func() {
	if b {
		return nap
	}
	return quick
}

// A function that returns it.
func returned(ctx context.Context) {
	hub.Go(ctx, func(ctx context.Context) error {
		choose(true)() // want `time\.Sleep blocks the hub`
		return nil
	})
}

func wrapped(f func()) func() { return func() { f() } }

// A function that wraps what it is given.
func wrap(ctx context.Context) {
	hub.Go(ctx, func(ctx context.Context) error {
		wrapped(nap)() // want `time\.Sleep blocks the hub`
		return nil
	})
}

// Quiet: wrapped around a quick one.
func wrapQuick(ctx context.Context) {
	hub.Go(ctx, func(ctx context.Context) error {
		wrapped(quick)()
		return nil
	})
}

func task(d time.Duration) func(context.Context) error {
	return func(context.Context) error {
		time.Sleep(d) // want `func literal in task, a task started by hub\.Go`
		return nil
	}
}

// A factory that returns the task.
func factory(ctx context.Context) { hub.Go(ctx, task(time.Second)) }

type option func(*handler)

func withFn(f func()) option { return func(h *handler) { h.fn = f } }

func newHandler(opts ...option) *handler {
	h := new(handler)
	for _, o := range opts {
		o(h)
	}
	return h
}

// A functional option that sets a field.
func options(ctx context.Context) {
	h := newHandler(withFn(nap))
	hub.Go(ctx, func(ctx context.Context) error {
		h.fn() // want `time\.Sleep blocks the hub \[sleep, probable\]`
		return nil
	})
}

// Two branches of a condition.
func either(ctx context.Context, b bool) {
	f := quick
	if b {
		f = nap
	}
	hub.Go(ctx, func(ctx context.Context) error {
		f() // want `time\.Sleep blocks the hub`
		return nil
	})
}

// The table of tasks that a program starts in a loop.
func tableOfTasks(ctx context.Context) {
	for _, t := range []func(context.Context) error{tableA, tableB} {
		hub.Go(ctx, t)
	}
}

func tableA(context.Context) error { return nil }
func tableB(context.Context) error {
	nap() // want `: tableB, a task started by hub\.Go`
	return nil
}

// A channel that a constructor made without a buffer.
func newUnbuffered() *handler { return &handler{done: make(chan int)} }

// A send into the field that holds it.
func sendField(ctx context.Context, h *handler) {
	hub.Go(ctx, func(ctx context.Context) error {
		h.done <- 1 // want `channel send blocks the hub \[chan, probable\]`
		return nil
	})
}

type mailbox struct{ ch chan int }

func newMailbox() *mailbox { return &mailbox{ch: make(chan int, 16)} }

// Quiet: the constructor gave it a buffer.
func sendMailbox(ctx context.Context, m *mailbox) {
	hub.Go(ctx, func(ctx context.Context) error {
		m.ch <- 1
		return nil
	})
}
