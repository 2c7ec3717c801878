package semaphore_test

import (
	"context"
	"fmt"
	"time"

	"github.com/seed6bcf1587/coop/hub"
	"github.com/seed6bcf1587/coop/semaphore"
)

// A gate lets visitors in by the busload: who opens it is not who waits.
func ExampleSemaphore() {
	err := hub.Run(context.Background(), func(ctx context.Context) error {
		gate := semaphore.New(0)
		for _, bus := range []int64{3, 1, 2} {
			hub.Go(ctx, func(ctx context.Context) error {
				err := gate.Acquire(ctx, bus)
				fmt.Println("a bus of", bus, "is in")
				return err
			})
		}
		for range 6 {
			if err := hub.Sleep(ctx, time.Minute); err != nil {
				return err
			}
			fmt.Println("one more place")
			gate.Release(1)
		}
		return nil
	}, hub.WithVirtualClock(time.Unix(0, 0)))
	fmt.Println(err)
	// Output:
	// one more place
	// one more place
	// one more place
	// a bus of 3 is in
	// one more place
	// a bus of 1 is in
	// one more place
	// one more place
	// a bus of 2 is in
	// <nil>
}
