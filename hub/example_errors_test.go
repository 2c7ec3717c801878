package hub_test

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/seed6bcf1587/coop/hub"
	"github.com/seed6bcf1587/coop/sync2"
)

// Two tasks take two locks, each in another order.
func ExampleDeadlockError() {
	err := hub.Run(context.Background(), func(ctx context.Context) error {
		var fork, knife sync2.Mutex
		eat := func(first, second *sync2.Mutex) func(ctx context.Context) error {
			return func(ctx context.Context) error {
				if err := first.Lock(ctx); err != nil {
					return err
				}
				defer first.Unlock()
				if err := hub.Sleep(ctx, time.Second); err != nil {
					return err
				}
				if err := second.Lock(ctx); err != nil {
					return err
				}
				defer second.Unlock()
				return nil
			}
		}
		ada := hub.Go(ctx, eat(&fork, &knife), hub.Name("Ada"))
		bob := hub.Go(ctx, eat(&knife, &fork), hub.Name("Bob"))
		return hub.JoinAll(ctx, ada, bob)
	}, hub.WithVirtualClock(epoch))

	var dead *hub.DeadlockError
	if errors.As(err, &dead) {
		for _, t := range dead.Tasks {
			fmt.Println(t.Name, "waits in", t.WaitingOn, "for", t.For)
		}
	}
	// Output:
	// main waits in hub.JoinAll for 1s
	// Ada waits in sync2.Mutex.Lock for 0s
	// Bob waits in sync2.Mutex.Lock for 0s
}

// A task that panics has failed, and the others go on.
func ExamplePanicError() {
	simulate(func(ctx context.Context) error {
		var prices map[string]int
		task := hub.Go(ctx, func(ctx context.Context) error {
			prices["bread"] = 3
			return nil
		})
		err := task.Join(ctx)
		var p *hub.PanicError
		fmt.Println(errors.As(err, &p), p.Value)
		return nil
	})
	// Output:
	// true assignment to entry in nil map
}
