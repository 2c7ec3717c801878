// Package cgocall calls C, which is only possibly slow, so that nothing is
// reported for it by default.
package cgocall

// static int nap(int n) { return n; }
import "C"

import (
	"context"
	"time"

	"github.com/seed6bcf1587/coop/hub"
)

func calls(ctx context.Context) {
	hub.Go(ctx, func(ctx context.Context) error {
		C.nap(1)
		time.Sleep(1) // want `time\.Sleep blocks the hub \[sleep, definite\]`
		return nil
	})
}
