// Package hooked sets two hooks of package store, in one function.
package hooked

import (
	"context"
	"time"

	"github.com/seed6bcf1587/coop/testdata/once/store"
)

// Main wires.
func Main(ctx context.Context) {
	first, second := new(store.Hooks), new(store.Hooks)
	first.Done = func() { time.Sleep(1) }  // want `time\.Sleep blocks the hub .* hooked/hooked\.go:14 time\.Sleep$`
	second.Done = func() { time.Sleep(2) } // want `time\.Sleep blocks the hub .* hooked/hooked\.go:15 time\.Sleep$`
	first.Run(ctx)
	second.Run(ctx)
}
