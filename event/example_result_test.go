package event_test

import (
	"context"
	"fmt"
	"strconv"
	"time"

	"github.com/seed6bcf1587/coop/event"
	"github.com/seed6bcf1587/coop/hub"
)

// A task waits for a result that another one computes, by way of a conversion.
func ExampleResult() {
	err := hub.Run(context.Background(), func(ctx context.Context) error {
		var answer event.Result[string]
		number := event.Then(&answer, strconv.Atoi)
		hub.Go(ctx, func(ctx context.Context) error {
			err := hub.Sleep(ctx, time.Hour)
			answer.Set("42")
			return err
		})
		n, err := number.Get(ctx)
		fmt.Println(n, err)
		return nil
	}, hub.WithVirtualClock(time.Unix(0, 0)))
	fmt.Println(err)
	// Output:
	// 42 <nil>
	// <nil>
}
