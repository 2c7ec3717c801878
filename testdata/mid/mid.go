// Package mid passes on what package low has.
package mid

import (
	"context"

	"github.com/seed6bcf1587/coop/testdata/low"
)

// Sleep blocks in low.
func Sleep() { low.Sleep() }

// Hidden blocks in low.
func Hidden() { low.Hidden() }

// A Service embeds what blocks.
type Service struct{ *low.Store }

// Save blocks in low.
func (s Service) Save() error { return s.Store.Save() }

// Dial hands out a connection of low.
func Dial() *low.Conn { return low.Open() }

// Call calls f on the spot.
func Call(f func()) { low.Call(f) }

// Start runs f elsewhere.
func Start(f func()) { low.Start(f) }

// Spawn makes f a task.
func Spawn(ctx context.Context, f func()) {
	low.Task(ctx, func(ctx context.Context) error {
		low.Call(f)
		return nil
	})
}

// Logged returns a function that calls f.
func Logged(f func()) func() { return low.Logged(f) }
