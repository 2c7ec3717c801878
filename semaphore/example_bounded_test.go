package semaphore_test

import (
	"context"
	"fmt"
	"time"

	"github.com/seed6bcf1587/coop/hub"
	"github.com/seed6bcf1587/coop/semaphore"
)

// Three guests share two chairs, in the order in which they come.
func ExampleBounded() {
	err := hub.Run(context.Background(), func(ctx context.Context) error {
		chairs := semaphore.NewBounded(2)
		start := hub.Now(ctx)
		for _, guest := range []string{"Ada", "Bob", "Cyd"} {
			hub.Go(ctx, func(ctx context.Context) error {
				if err := chairs.Acquire(ctx, 1); err != nil {
					return err
				}
				defer chairs.Release(1)
				fmt.Println(guest, "sits down after", hub.Now(ctx).Sub(start))
				return hub.Sleep(ctx, 10*time.Minute)
			})
		}
		return nil
	}, hub.WithVirtualClock(time.Unix(0, 0)))
	fmt.Println(err)
	// Output:
	// Ada sits down after 0s
	// Bob sits down after 0s
	// Cyd sits down after 10m0s
	// <nil>
}
