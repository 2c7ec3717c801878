// Package wrap has functions and methods that make their arguments tasks.
package wrap

import (
	"context"
	"time"

	"github.com/seed6bcf1587/coop/hub"
	"github.com/seed6bcf1587/coop/testdata/low"
)

func nap(context.Context) error {
	time.Sleep(1) // want `: nap, a task started by spawn →`
	return nil
}

func spawn(ctx context.Context, f func(context.Context) error) { hub.Go(ctx, f) }

// A wrapper in this package.
func direct(ctx context.Context) { spawn(ctx, nap) }

func spawnLit(ctx context.Context, f func()) {
	hub.Go(ctx, func(ctx context.Context) error { f(); return nil })
}

// A wrapper that wraps its argument in a literal.
func inLiteral(ctx context.Context) {
	spawnLit(ctx, func() {
		time.Sleep(1) // want `func literal in inLiteral, a task started by spawnLit`
	})
}

func spawnSafe(ctx context.Context, f func()) {
	guard := func() {
		defer func() { _ = recover() }()
		f()
	}
	spawnLit(ctx, func() { guard() })
}

// Literals nested in literals.
func nestedLiterals(ctx context.Context) {
	spawnSafe(ctx, func() {
		time.Sleep(1) // want `a task started by spawnSafe`
	})
}

func starter(ctx context.Context) func(func()) {
	return func(f func()) { spawnLit(ctx, f) }
}

// A function that returns the wrapper.
func returnedWrapper(ctx context.Context) {
	start := starter(ctx)
	start(func() {
		time.Sleep(1) // want `time\.Sleep blocks the hub`
	})
}

func spawnLater(ctx context.Context, f func()) {
	go func() {
		_ = hub.Run(ctx, func(ctx context.Context) error { f(); return nil })
	}()
}

// A wrapper that starts a hub on a goroutine.
func later(ctx context.Context) {
	spawnLater(ctx, func() {
		time.Sleep(1) // want `a task started by spawnLater`
	})
}

// Wrappers of another package.
func imported(ctx context.Context, p *low.Pool) {
	low.Task(ctx, func(context.Context) error {
		time.Sleep(1) // want `a task started by low\.Task`
		return nil
	})
	low.TaskFunc(ctx, func() {
		time.Sleep(1) // want `a task started by low\.TaskFunc`
	})
	p.Submit(func() {
		time.Sleep(1) // want `a task started by \(\*low\.Pool\)\.Submit`
	})
	low.TaskAll(ctx,
		func(context.Context) error { return nil },
		func(context.Context) error {
			time.Sleep(1) // want `a task started by low\.TaskAll`
			return nil
		})
}

// A task that another package declares: reported where it is started.
func foreign(ctx context.Context) {
	hub.Go(ctx, low.Loop) // want `time\.Sleep blocks the hub \[sleep, definite\]: low\.Loop, a task started by hub\.Go → low/low\.go:\d+ time\.Sleep$`
}

// Functions that another package returns.
func results(ctx context.Context) {
	low.TaskFunc(ctx, low.Sleeper(time.Second)) // want `func returned by low\.Sleeper, a task started by low\.TaskFunc`
	hub.Go(ctx, func(ctx context.Context) error {
		low.Sleeper(1)()                       // want `func returned by low\.Sleeper → low/low\.go:\d+ time\.Sleep$`
		low.Logged(func() { time.Sleep(2) })() // want `time\.Sleep blocks the hub`
		low.Logged(func() {})()
		low.Napper()(1) // want `time\.Sleep blocks the hub \[sleep, definite\].* func returned by low\.Napper → low/low\.go:\d+ time\.Sleep$`
		return nil
	})
}

// A generic helper of another package.
func genericHelper(ctx context.Context, xs []int) {
	hub.Go(ctx, func(ctx context.Context) error {
		low.Map(xs, func(x int) int { return x + 1 })
		low.Map(xs, func(x int) int { time.Sleep(1); return x }) // want `→ wrap/wrap\.go:\d+ low\.Map → low/low\.go:\d+ func literal in genericHelper as f → wrap/wrap\.go:\d+ time\.Sleep$`
		return nil
	})
}

// Quiet: stored and started elsewhere.
func quiet(ctx context.Context) {
	hub.Go(ctx, func(ctx context.Context) error {
		low.Keep(func() { time.Sleep(1) })
		low.Start(low.Sleep)
		return nil
	})
}
