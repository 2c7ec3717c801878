// Package directives tells the analyzer what it cannot infer.
package directives

import (
	"context"
	"time"

	"github.com/seed6bcf1587/coop/hub"
)

// poll runs on a loop.
//
//blocklint:nonblocking
func poll() {
	time.Sleep(1) // want `time\.Sleep blocks a loop \[sleep, definite\]: poll, nonblocking by a directive → directives/directives\.go:\d+ time\.Sleep$`
}

// start has no body that shows what becomes of fn.
//
//blocklint:task fn
func start(name string, fn func()) { _ = name }

func starts() {
	start("x", func() {
		time.Sleep(1) // want `time\.Sleep blocks the directives loop`
	})
}

type pool struct{ work chan func() }

// submit sends to a worker.
//
//blocklint:offload fn
func (p *pool) submit(fn func()) {
	if p == nil {
		fn()
	}
}

// Quiet: the directive overrides what the body looks like.
func offloads(ctx context.Context, p *pool) {
	hub.Go(ctx, func(ctx context.Context) error {
		p.submit(func() { time.Sleep(1) })
		return nil
	})
}

// park gives the loop back while it waits.
//
//blocklint:cooperative
func park(ch chan int) { <-ch }

// Quiet: so says the directive.
func parks(ctx context.Context, ch chan int) {
	hub.Go(ctx, func(ctx context.Context) error {
		park(ch)
		return nil
	})
}

// flock calls into the kernel by a way that nobody can see.
//
//blocklint:blocking file waits for other processes
func flock() {}

func locks(ctx context.Context) {
	hub.Go(ctx, func(ctx context.Context) error {
		flock() // want `flock blocks the hub \[file, definite\]`
		return nil
	})
}

// Quiet: each finding is accepted where it stands.
func ignored(ctx context.Context, ch chan int) {
	hub.Go(ctx, func(ctx context.Context) error {
		//blocklint:ignore sleep one microsecond, and nobody waits
		time.Sleep(time.Microsecond)
		<-ch          //blocklint:ignore chan the sender is never late
		time.Sleep(1) //nolint:blocklint
		//lint:ignore blocklint once at start
		time.Sleep(1)
		quietly()
		return nil
	})
}

func quietly() {
	//blocklint:ignore sleep accepted for all callers
	time.Sleep(1)
}

// An ignore speaks of its category only.
func wrongCategory(ctx context.Context) {
	hub.Go(ctx, func(ctx context.Context) error {
		/* want `unused directive: nothing here blocks in category chan` */ //blocklint:ignore chan the wrong one
		time.Sleep(1)                                                       // want `time\.Sleep blocks the hub`
		return nil
	})
}

//blocklint:ignore sleep // want `malformed directive: write //blocklint:ignore CATEGORY REASON, the category being one of sleep, chan`
func noReason() {}

//blocklint:ignore nap it is short // want `malformed directive: write //blocklint:ignore`
func noCategory() {}

//blocklint:noblock // want `unknown directive //blocklint:noblock: the directives are nonblocking, task, offload`
func unknownVerb() {}

//blocklint:task // want `malformed directive: write //blocklint:task PARAMETER`
func taskNothing(f func()) {}

//blocklint:task g // want `malformed directive: taskMissing has no parameter g of function type`
func taskMissing(f func()) {}

//blocklint:offload n // want `malformed directive: offloadInt has no parameter n of function type`
func offloadInt(n int) {}

//blocklint:cooperative really // want `malformed directive: //blocklint:cooperative takes no argument`
func cooperativeArg() {}

//blocklint:blocking net // want `malformed directive: write //blocklint:blocking CATEGORY REASON`
func blockingNoReason() {}

//blocklint:nonblocking // want `misplaced directive: //blocklint:nonblocking belongs directly above a function, an interface method or a func type`
type misplaced int

// Quiet: what stands above a function is about all of it.
//
//blocklint:ignore sleep all of it is short
//blocklint:nonblocking
func short() {
	time.Sleep(1)
	time.Sleep(2)
}
