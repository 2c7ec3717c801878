// Package lend is what a pool and a Result know of one another: how a job of a pool that waits for other jobs of it gives them its place, so that
// they can begin, and how a task of a hub that waits for a job is known to wait for something outside of the hub.
package lend

import (
	"context"
	"iter"

	"github.com/seed6bcf1587/coop/internal/park"
)

// A Source is where the value of a Result comes from: jobs, of any pools.
type Source interface {
	Jobs() iter.Seq[Job]
}

// A Job is something that a pool runs. The pool knows its own.
type Job any

// A Lender is found in the context of a job: the pool that runs it.
type Lender interface {
	// Lend begins those of the jobs that are the lender's own and have not begun, one at a time, in the place of the job that
	// calls it. It returns what is to be called when that job goes on, or nil if there is none to begin.
	Lend(jobs Source) (back func())
}

type key struct{}

// Key is the context key under which the context of a job carries its Lender.
var Key any = key{}

// Attach tells a *event.Result, which nobody else knows yet, where its value comes from. Package event has put it here: the
// method must not be seen by those who use the package.
var Attach func(result any, s Source)

// Place is called by whoever is about to wait with ctx for what comes from s. What it returns, unless that is nil, is to be called
// after the wait, whatever ends it.
func Place(ctx context.Context, s Source) (back func()) {
	over := park.Outside(ctx) // first, for it may panic
	if l, ok := ctx.Value(Key).(Lender); ok {
		back = l.Lend(s)
	}
	switch {
	case over == nil:
		return back
	case back == nil:
		return over
	}
	return both(over, back)
}

func both(over, back func()) func() {
	return func() {
		over()
		back()
	}
}
