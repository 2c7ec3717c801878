// Package escapes has what leaves the loop, and what only seems to.
package escapes

import (
	"context"
	"slices"
	"sort"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/seed6bcf1587/coop/hub"
)

func nap()                { time.Sleep(1) }
func get(ch chan int) int { return <-ch }
func use(int)             {}

// Quiet: the body of a go statement runs elsewhere.
func goLiteral(ctx context.Context) {
	hub.Go(ctx, func(ctx context.Context) error {
		go func() { time.Sleep(1) }()
		go nap()
		return nil
	})
}

// Quiet: a literal in a variable, started later.
func goVariable(ctx context.Context) {
	hub.Go(ctx, func(ctx context.Context) error {
		f := func() { time.Sleep(1) }
		go f()
		return nil
	})
}

// Blocking: the operands of a go statement are evaluated here.
func goOperand(ctx context.Context, ch chan int) {
	hub.Go(ctx, func(ctx context.Context) error {
		go use(<-ch)    // want `channel receive blocks the hub`
		go use(get(ch)) // want `→ escapes/escapes\.go:\d+ get → `
		return nil
	})
}

func starter() func() { time.Sleep(1); return func() {} }

// Blocking: so is the function of a go statement.
func goFunction(ctx context.Context) {
	hub.Go(ctx, func(ctx context.Context) error {
		go starter()() // want `time\.Sleep blocks the hub`
		return nil
	})
}

func background(f func()) { go f() }

// Quiet: a helper that starts its argument.
func helperStarts(ctx context.Context) {
	hub.Go(ctx, func(ctx context.Context) error {
		background(nap)
		background(func() { time.Sleep(1) })
		return nil
	})
}

func retry(f func() error) error {
	for range 3 {
		if f() == nil {
			return nil
		}
	}
	return nil
}

// Blocking: a helper that calls its argument.
func helperCalls(ctx context.Context) {
	hub.Go(ctx, func(ctx context.Context) error {
		return retry(func() error { // want `time\.Sleep blocks the hub \[sleep, definite\]: func literal in helperCalls, a task started by hub\.Go → escapes/escapes\.go:\d+ retry → escapes/escapes\.go:\d+ func literal in helperCalls as f → escapes/escapes\.go:\d+ time\.Sleep`
			time.Sleep(1)
			return nil
		})
	})
}

// Quiet: that helper with a function that does not block.
func helperCallsQuick(ctx context.Context) {
	hub.Go(ctx, func(ctx context.Context) error { return retry(func() error { return nil }) })
}

func twice(f func() error) error { return retry(func() error { return f() }) }

// Blocking: through two helpers and a literal between them.
func helperTwice(ctx context.Context) {
	hub.Go(ctx, func(ctx context.Context) error {
		return twice(func() error { time.Sleep(1); return nil }) // want `time\.Sleep blocks the hub`
	})
}

var kept []func()

func keep(f func()) { kept = append(kept, f) }

// Quiet: a helper that only stores its argument.
func helperStores(ctx context.Context) {
	hub.Go(ctx, func(ctx context.Context) error {
		keep(nap)
		return nil
	})
}

// Blocking: what is stored is called there.
func callsKept(ctx context.Context) {
	hub.Go(ctx, func(ctx context.Context) error {
		for _, f := range kept {
			f() // want `time\.Sleep blocks the hub \[sleep, probable\]`
		}
		return nil
	})
}

// Blocking: functions of the standard library that call their argument.
func stdCalls(ctx context.Context, xs []int, once *sync.Once, m *sync.Map) {
	hub.Go(ctx, func(ctx context.Context) error {
		once.Do(nap)                                                        // want `→ escapes/escapes\.go:\d+ \(\*sync\.Once\)\.Do → escapes/escapes\.go:\d+ time\.Sleep$`
		sort.Slice(xs, func(i, j int) bool { time.Sleep(2); return i < j }) // want `sort\.Slice`
		slices.SortFunc(xs, func(a, b int) int { time.Sleep(3); return 0 }) // want `slices\.SortFunc`
		m.Range(func(k, v any) bool { time.Sleep(4); return true })         // want `\(\*sync\.Map\)\.Range`
		return nil
	})
}

// Blocking: a function that the standard library returns.
func stdReturns(ctx context.Context) {
	f := sync.OnceFunc(func() { time.Sleep(5) })
	hub.Go(ctx, func(ctx context.Context) error {
		f() // want `func returned by sync\.OnceFunc`
		return nil
	})
}

// Quiet: a sort with a quick comparison.
func stdQuick(ctx context.Context, xs []int) {
	hub.Go(ctx, func(ctx context.Context) error {
		sort.Slice(xs, func(i, j int) bool { return xs[i] < xs[j] })
		return nil
	})
}

// Quiet: functions of the standard library that run it on a goroutine.
func stdEscapes(ctx context.Context, wg *sync.WaitGroup) {
	hub.Go(ctx, func(ctx context.Context) error {
		wg.Go(nap)
		time.AfterFunc(time.Second, nap)
		context.AfterFunc(ctx, nap)
		return nil
	})
}

// An errgroup starts goroutines; only waiting for them blocks.
func group(ctx context.Context) {
	hub.Go(ctx, func(ctx context.Context) error {
		g, _ := errgroup.WithContext(ctx)
		g.Go(func() error { nap(); return nil })
		return g.Wait() // want `\(\*sync\.WaitGroup\)\.Wait blocks the hub \[wait, definite\]: func literal in group, a task started by hub\.Go → escapes/escapes\.go:\d+ \(\*errgroup\.Group\)\.Wait → errgroup/errgroup\.go:\d+ \(\*sync\.WaitGroup\)\.Wait`
	})
}

// Blocking: a hub started on a goroutine has tasks all the same.
func hubOnGoroutine(ctx context.Context) {
	go func() {
		_ = hub.Run(ctx, func(ctx context.Context) error {
			time.Sleep(1) // want `a task started by hub\.Run`
			return nil
		})
	}()
}
