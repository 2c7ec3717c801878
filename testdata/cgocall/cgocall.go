// Package cgocall calls C. What is not known to wait only possibly does, so
// that nothing is reported for it by default.
package cgocall

// #include <stdlib.h>
// #include <unistd.h>
//
// static int nap(int n) { return n; }
// static int rest(int n) { if (n > 0) { usleep(n); } return n; }
import "C"

import (
	"context"
	"time"

	"github.com/seed6bcf1587/coop/hub"
)

func calls(ctx context.Context) {
	hub.Go(ctx, func(ctx context.Context) error {
		C.nap(1)
		C.free(nil)
		C.sleep(1)    // want `C\.sleep blocks the hub \[cgo, definite\]`
		C.rest(1)     // want `C\.rest blocks the hub \[cgo, probable\]`
		time.Sleep(1) // want `time\.Sleep blocks the hub \[sleep, definite\]`
		return nil
	})
}
