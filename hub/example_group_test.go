package hub_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/seed6bcf1587/coop/hub"
)

// simulate runs main on a virtual clock.
func simulate(main func(ctx context.Context) error, opts ...hub.Option) {
	if err := hub.Run(context.Background(), main, append(opts, hub.WithVirtualClock(epoch))...); err != nil {
		fmt.Println("Run:", err)
	}
}

// The first failure cancels the others.
func ExampleGroup() {
	simulate(func(ctx context.Context) error {
		g := hub.NewGroup(ctx)
		for i := range 3 {
			g.Go(func(ctx context.Context) error {
				if err := hub.Sleep(ctx, time.Duration(i+1)*time.Minute); err != nil {
					fmt.Println("oven", i, "stops:", err)
					return err
				}
				if i == 1 {
					return errors.New("fire in oven 1")
				}
				fmt.Println("oven", i, "is done")
				return nil
			})
		}
		fmt.Println("group:", g.Wait(ctx))
		return nil
	})
	// Output:
	// oven 0 is done
	// oven 2 stops: fire in oven 1
	// group: fire in oven 1
}

// Three at a time, and the results in order.
func ExampleMap() {
	simulate(func(ctx context.Context) error {
		bake := func(ctx context.Context, bread string) (string, error) {
			return "baked " + bread, hub.Sleep(ctx, time.Minute)
		}
		breads := slices.Values([]string{"rye", "wheat", "spelt", "corn"})
		for bread, err := range hub.Map(ctx, 3, breads, bake) {
			if err != nil {
				return err
			}
			fmt.Println(hub.Now(ctx).Sub(epoch), bread)
		}
		return nil
	})
	// Output:
	// 1m0s baked rye
	// 1m0s baked wheat
	// 1m0s baked spelt
	// 2m0s baked corn
}

// A task that returns a value.
func ExampleSpawn() {
	simulate(func(ctx context.Context) error {
		loaves := hub.Spawn(ctx, func(ctx context.Context) (int, error) {
			return 42, hub.Sleep(ctx, time.Hour)
		})
		n, err := loaves.Get(ctx)
		fmt.Println(n, err)
		return nil
	})
	// Output: 42 <nil>
}

// The first of two tasks that ends.
func ExampleWaitAny() {
	simulate(func(ctx context.Context) error {
		ask := func(name string, d time.Duration) *hub.Task {
			return hub.Go(ctx, func(ctx context.Context) error { return hub.Sleep(ctx, d) }, hub.Name(name), hub.Daemon())
		}
		first, err := hub.WaitAny(ctx, ask("tortoise", 2*time.Hour), ask("hare", 3*time.Hour))
		if err != nil {
			return err
		}
		fmt.Println(first.Name())
		return nil
	})
	// Output: tortoise
}

// JoinAll waits for all, and returns what failed first in time.
func ExampleJoinAll() {
	simulate(func(ctx context.Context) error {
		var tasks []*hub.Task
		for _, minutes := range []time.Duration{3, 1, 2} {
			tasks = append(tasks, hub.Go(ctx, func(ctx context.Context) error {
				if err := hub.Sleep(ctx, minutes*time.Minute); err != nil {
					return err
				}
				return fmt.Errorf("failed after %v", minutes*time.Minute)
			}))
		}
		fmt.Println(hub.JoinAll(ctx, tasks...))
		fmt.Println(hub.Now(ctx).Sub(epoch), "have passed")
		return nil
	})
	// Output:
	// failed after 1m0s
	// 3m0s have passed
}
