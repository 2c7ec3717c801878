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

// All waits for the last, First for none but the first.
func ExampleAll() {
	err := hub.Run(context.Background(), func(ctx context.Context) error {
		var ada, bob event.Result[int]
		all, first := event.All(&ada, &bob), event.First(&ada, &bob)
		bob.Set(2)
		fmt.Println(all.Ready(), first.Ready())
		ada.Set(1)
		fmt.Println(all.Get(ctx))
		fmt.Println(first.Get(ctx))
		return nil
	})
	fmt.Println(err)
	// Output:
	// false true
	// [1 2] <nil>
	// 2 <nil>
	// <nil>
}

// An error passes by Then, to the next Catch.
func ExampleCatch() {
	var answer event.Result[string]
	number := event.Then(&answer, strconv.Atoi)
	double := event.Then(number, func(n int) (int, error) { return 2 * n, nil })
	safe := event.Catch(double, func(err error) (int, error) {
		fmt.Println(err)
		return -1, nil
	})
	answer.Set("many")
	fmt.Println(safe.Get(context.Background()))
	// Output:
	// strconv.Atoi: parsing "many": invalid syntax
	// -1 <nil>
}
