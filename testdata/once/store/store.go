// Package store starts tasks that call what they are given.
package store

import (
	"context"

	"github.com/seed6bcf1587/coop/hub"
)

// A Saver saves.
type Saver interface{ Save() error }

// Start starts a task that calls s.
func Start(ctx context.Context, s Saver) {
	hub.Go(ctx, func(ctx context.Context) error { return s.Save() })
}

// Hooks are called by a task.
type Hooks struct{ Done func() }

// Run starts it.
func (h *Hooks) Run(ctx context.Context) {
	hub.Go(ctx, func(ctx context.Context) error {
		h.Done()
		return nil
	})
}
