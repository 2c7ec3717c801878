// Package top starts tasks that block in package low, which it does not
// import, by way of package mid.
package top

import (
	"context"
	"time"

	"github.com/seed6bcf1587/coop/hub"
	"github.com/seed6bcf1587/coop/testdata/mid"
)

func quick() {}

// A function of a package that is imported only by an import.
func indirect(ctx context.Context) {
	hub.Go(ctx, func(ctx context.Context) error {
		mid.Sleep() // want `time\.Sleep blocks the hub \[sleep, definite\]: func literal in indirect, a task started by hub\.Go → top/top\.go:\d+ mid\.Sleep → mid/mid\.go:\d+ low\.Sleep → low/low\.go:\d+ time\.Sleep$`
		return nil
	})
}

// An unexported function of that package.
func hidden(ctx context.Context) {
	hub.Go(ctx, func(ctx context.Context) error {
		mid.Hidden() // want `→ mid/mid\.go:\d+ low\.Hidden → low/low\.go:\d+ hidden → low/low\.go:\d+ time\.Sleep$`
		return nil
	})
}

// A method that leads there.
func method(ctx context.Context, s mid.Service) {
	hub.Go(ctx, func(ctx context.Context) error {
		return s.Save() // want `\(\*sql\.DB\)\.Exec blocks the hub \[db, definite\]`
	})
}

// A method promoted from a struct of the package that is not imported.
func promoted(ctx context.Context, s mid.Service) {
	hub.Go(ctx, func(ctx context.Context) error {
		_ = s.Len()
		return s.Store.Save() // want `\(\*sql\.DB\)\.Exec blocks the hub \[db, definite\]`
	})
}

// A method of a type of the package that is not imported.
func handedOut(ctx context.Context) {
	hub.Go(ctx, func(ctx context.Context) error {
		mid.Dial().Recv() // want `→ top/top\.go:\d+ \(\*low\.Conn\)\.Recv → low/low\.go:\d+ channel receive$`
		return nil
	})
}

// Helpers of another package.
func helpers(ctx context.Context) {
	hub.Go(ctx, func(ctx context.Context) error {
		mid.Call(quick)
		mid.Start(func() { time.Sleep(1) })
		mid.Call(func() { time.Sleep(2) }) // want `→ top/top\.go:\d+ mid\.Call → mid/mid\.go:\d+ low\.Call → low/low\.go:\d+ func literal in helpers as f → top/top\.go:\d+ time\.Sleep$`
		return nil
	})
}

// A wrapper that makes its argument a task, two packages deep.
func wrapper(ctx context.Context) {
	mid.Spawn(ctx, func() {
		time.Sleep(1) // want `func literal in wrapper, a task started by mid\.Spawn → top/top\.go:\d+ time\.Sleep$`
	})
	mid.Spawn(ctx, quick)
}

// A function of another package as the task.
func foreignTask(ctx context.Context) {
	mid.Spawn(ctx, mid.Sleep) // want `mid\.Sleep, a task started by mid\.Spawn`
}

// A function that another package wraps.
func logged(ctx context.Context) {
	f := mid.Logged(func() { time.Sleep(1) })
	hub.Go(ctx, func(ctx context.Context) error {
		f() // want `time\.Sleep blocks the hub`
		mid.Logged(quick)()
		return nil
	})
}

// Wrappers of this package around wrappers of others.
func mySpawn(ctx context.Context, f func()) { mid.Spawn(ctx, func() { f() }) }

func myWrapper(ctx context.Context) {
	mySpawn(ctx, func() {
		mid.Sleep() // want `a task started by mySpawn`
	})
}
