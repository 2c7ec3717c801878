package hub_test

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/seed6bcf1587/coop/event"
	"github.com/seed6bcf1587/coop/hub"
)

// Two tasks take turns.
func ExampleRun() {
	err := hub.Run(context.Background(), func(ctx context.Context) error {
		for _, name := range []string{"1", "2"} {
			hub.Go(ctx, func(ctx context.Context) error {
				fmt.Println(name + "A")
				if err := hub.Yield(ctx); err != nil {
					return err
				}
				fmt.Println(name + "B")
				return nil
			})
		}
		return nil
	})
	fmt.Println(err)
	// Output:
	// 1A
	// 2A
	// 1B
	// 2B
	// <nil>
}

// A task is joined for its error, another is cancelled.
func ExampleTask() {
	err := hub.Run(context.Background(), func(ctx context.Context) error {
		fails := hub.Go(ctx, func(ctx context.Context) error {
			return errors.New("out of flour")
		}, hub.Name("baker"))
		fmt.Println(fails.Name(), "says:", fails.Join(ctx))

		waits := hub.Go(ctx, func(ctx context.Context) error {
			return hub.Sleep(ctx, 24*time.Hour)
		})
		if err := hub.Sleep(ctx, time.Second); err != nil {
			return err
		}
		waits.Cancel(errors.New("closing time"))
		fmt.Println(waits.Join(ctx))
		return nil
	}, hub.WithVirtualClock(time.Unix(0, 0)))
	fmt.Println(err)
	// Output:
	// baker says: out of flour
	// closing time
	// <nil>
}

// A hub that goroutines hand work to.
func ExampleHub() {
	h := hub.New()
	var quit event.Event
	done := make(chan error)
	go func() { done <- h.Run(context.Background(), quit.Wait) }()

	balance := 0 // used by tasks of the hub alone, which needs no lock
	for range 3 {
		deposit := h.Go(func(context.Context) error {
			balance += 10
			return nil
		})
		if err := deposit.Join(context.Background()); err != nil {
			fmt.Println(err)
		}
	}
	quit.Set()
	fmt.Println(<-done, balance)
	// Output: <nil> 30
}

// A call that blocks runs elsewhere, and the other tasks go on.
func ExampleOffload() {
	err := hub.Run(context.Background(), func(ctx context.Context) error {
		n, err := hub.Offload(ctx, func(context.Context) (int, error) {
			return len("what a slow call returned"), nil
		})
		fmt.Println(n)
		return err
	})
	fmt.Println(err)
	// Output:
	// 25
	// <nil>
}

// A task that keeps the hub is reported while it does.
func ExampleOnStall() {
	found := make(chan string)
	err := hub.Run(context.Background(), func(ctx context.Context) error {
		return hub.Go(ctx, func(context.Context) error {
			fmt.Println("found:", <-found) //blocklint:ignore chan it is to stall the hub
			return nil
		}, hub.Name("forgot Offload")).Join(ctx)
	}, hub.WithStallThreshold(20*time.Millisecond), hub.OnStall(func(s hub.Stall) {
		if s.Task.Name != "main" { // on a busy machine that may seem to be stuck, too
			found <- s.Task.Name
		}
	}))
	fmt.Println(err)
	// Output:
	// found: forgot Offload
	// <nil>
}

// loud is an Observer that is told of waits and nothing else.
type loud struct{ hub.NoObserver }

func (loud) Waits(t *hub.Task, what string) { fmt.Println(t.Name(), "waits in", what) }

func (loud) Waited(t *hub.Task, what string, _ time.Duration) {
	fmt.Println(t.Name(), "is back from", what)
}

func ExampleObserver() {
	err := hub.Run(context.Background(), func(ctx context.Context) error {
		baker := hub.Go(ctx, func(ctx context.Context) error { return hub.Sleep(ctx, time.Hour) }, hub.Name("baker"))
		return baker.Join(ctx)
	}, hub.WithVirtualClock(epoch), hub.WithObserver(loud{}))
	fmt.Println(err)
	// Output:
	// main waits in hub.Task.Join
	// baker waits in hub.Sleep
	// baker is back from hub.Sleep
	// main is back from hub.Task.Join
	// <nil>
}
