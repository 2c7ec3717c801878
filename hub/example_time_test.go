package hub_test

import (
	"context"
	"fmt"
	"os"
	"time"

	"github.com/seed6bcf1587/coop/event"
	"github.com/seed6bcf1587/coop/hub"
)

// Closing time comes unless somebody stops it.
func ExampleTimer() {
	simulate(func(ctx context.Context) error {
		closing := hub.AfterFunc(ctx, 8*time.Hour, func(ctx context.Context) error {
			fmt.Println("closed after", hub.Now(ctx).Sub(epoch))
			return nil
		})
		if err := hub.Sleep(ctx, 7*time.Hour); err != nil {
			return err
		}
		fmt.Println("one hour more:", closing.Reset(2*time.Hour))
		return hub.Sleep(ctx, 24*time.Hour)
	})
	// Output:
	// one hour more: true
	// closed after 9h0m0s
}

// Who comes late gets one tick at once, and has missed the others.
func ExampleTicker() {
	simulate(func(ctx context.Context) error {
		ticker := hub.NewTicker(ctx, time.Second)
		for _, work := range []time.Duration{0, 3500 * time.Millisecond, 0, 0} {
			if err := hub.Sleep(ctx, work); err != nil {
				return err
			}
			tick, err := ticker.Wait(ctx)
			if err != nil {
				return err
			}
			fmt.Println(tick.Sub(epoch), "at", hub.Now(ctx).Sub(epoch))
		}
		return nil
	})
	// Output:
	// 1s at 1s
	// 2s at 4.5s
	// 5s at 5s
	// 6s at 6s
}

// What each task is about.
func ExampleHub_Tasks() {
	h := hub.New(hub.WithVirtualClock(epoch))
	err := h.Run(context.Background(), func(ctx context.Context) error {
		var flour event.Event
		hub.Go(ctx, flour.Wait, hub.Name("baker"), hub.Daemon())
		hub.Go(ctx, func(ctx context.Context) error { return hub.Sleep(ctx, time.Hour) }, hub.Name("oven"))
		if err := hub.Yield(ctx); err != nil {
			return err
		}
		for _, t := range h.Tasks() {
			fmt.Printf("%d %s is %s, on %q\n", t.ID, t.Name, t.State, t.WaitingOn)
		}
		return nil
	})
	fmt.Println(err)
	// Output:
	// 1 main is running, on ""
	// 2 baker is waiting, on "event.Event.Wait"
	// 3 oven is waiting, on "hub.Sleep"
	// <nil>
}

// The schedule of a run, which is the same each time.
func ExampleWithEventLog() {
	simulate(func(ctx context.Context) error {
		baker := hub.Go(ctx, func(ctx context.Context) error { return hub.Sleep(ctx, time.Hour) }, hub.Name("baker"))
		return baker.Join(ctx)
	}, hub.WithEventLog(os.Stdout))
	// Output:
	// 0s           task 1 "main" is started from outside
	// 0s           task 2 "baker" is started by task 1
	// 0s           task 1 "main" waits in hub.Task.Join
	// 0s           task 2 "baker" waits in hub.Sleep
	// 1h0m0s       task 2 "baker" ends
	// 1h0m0s       task 1 "main" ends
}

// The whole meal has an hour, each course half of that.
func ExampleWithTimeout() {
	simulate(func(ctx context.Context) error {
		meal, stop := hub.WithTimeout(ctx, time.Hour)
		defer stop()
		for _, course := range []time.Duration{20 * time.Minute, 40 * time.Minute, 25 * time.Minute} {
			ctx, stop := hub.WithTimeout(meal, 30*time.Minute)
			err := hub.Sleep(ctx, course)
			stop()
			switch {
			case err == nil:
				fmt.Println("eaten")
			case meal.Err() == nil:
				fmt.Println("the course is over:", err)
			default:
				fmt.Println("the meal is over:", err)
			}
		}
		return nil
	})
	// Output:
	// eaten
	// the course is over: context deadline exceeded
	// the meal is over: context deadline exceeded
}

// Another seed is another order, and the same seed the same.
func ExampleWithSeed() {
	for _, seed := range []uint64{1, 1, 2} {
		err := hub.Run(context.Background(), func(ctx context.Context) error {
			for _, name := range []string{"Ada", "Bob", "Cyd", "Dan"} {
				hub.Go(ctx, func(ctx context.Context) error { fmt.Print(name, " "); return nil })
			}
			return nil
		}, hub.WithSeed(seed))
		fmt.Println(err)
	}
	// Output:
	// Dan Bob Cyd Ada <nil>
	// Dan Bob Cyd Ada <nil>
	// Dan Ada Cyd Bob <nil>
}
