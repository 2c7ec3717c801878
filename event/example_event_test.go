package event_test

import (
	"context"
	"fmt"
	"time"

	"github.com/seed6bcf1587/coop/event"
	"github.com/seed6bcf1587/coop/hub"
)

// A task waits for an event that another sets, on a clock that takes no time.
func ExampleEvent() {
	start := time.Date(2026, 1, 1, 9, 0, 0, 0, time.UTC)
	err := hub.Run(context.Background(), func(ctx context.Context) error {
		var open event.Event
		hub.Go(ctx, func(ctx context.Context) error {
			if err := open.Wait(ctx); err != nil {
				return err
			}
			fmt.Println("in at", hub.Now(ctx).Format(time.TimeOnly))
			return nil
		})
		fmt.Println("waiting outside")
		if err := hub.Sleep(ctx, 15*time.Minute); err != nil {
			return err
		}
		open.Set()
		return nil
	}, hub.WithVirtualClock(start))
	fmt.Println(err)
	// Output:
	// waiting outside
	// in at 09:15:00
	// <nil>
}
