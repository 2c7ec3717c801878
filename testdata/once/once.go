// Package once has operations that are found in two ways, and are one
// finding each.
package once

import (
	"context"
	"time"

	"github.com/seed6bcf1587/coop/hub"
	"github.com/seed6bcf1587/coop/testdata/once/store"
)

type saver interface{ save() }

type disk struct{}

func (disk) save() {
	time.Sleep(1) // want `\[sleep, definite\]: \(disk\)\.save, a task started by start →`
}

func start(ctx context.Context, s saver) {
	hub.Go(ctx, func(ctx context.Context) error {
		s.save()
		return nil
	})
}

// The caller knows what the task calls.
func here(ctx context.Context) { start(ctx, disk{}) }

type far struct{}

func (far) Save() error {
	time.Sleep(2) // want `\[sleep, definite\]: \(far\)\.Save, a task started by store\.Start →`
	return nil
}

// The task is started in another package.
func there(ctx context.Context) { store.Start(ctx, far{}) }

type both struct{}

func (both) save() {
	time.Sleep(3) // want `\[sleep, definite\]: \(both\)\.save, a task started by start →`
}

func stored(ctx context.Context) {
	var s saver = both{}
	start(ctx, s)
}

type walker interface{ walk(f func()) }

type steps struct{}

func (steps) walk(f func()) { f() }

func startWalk(ctx context.Context, w walker) {
	hub.Go(ctx, func(ctx context.Context) error {
		w.walk(func() { time.Sleep(4) }) // want `func literal in startWalk, a task started by hub\.Go → .* func literal in startWalk as f →`
		return nil
	})
}

// What is started is innocent, what it is given is not.
func walks(ctx context.Context) { startWalk(ctx, steps{}) }
