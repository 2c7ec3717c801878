package sync2_test

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/seed6bcf1587/coop/hub"
	"github.com/seed6bcf1587/coop/sync2"
)

// simulate runs main on a virtual clock and prints how it ended.
func simulate(main func(ctx context.Context) error) {
	fmt.Println(hub.Run(context.Background(), main, hub.WithVirtualClock(time.Unix(0, 0))))
}

// A task holds a mutex while it waits for something else, which a sync.Mutex is not made for.
func ExampleMutex() {
	simulate(func(ctx context.Context) error {
		var oven sync2.Mutex
		for _, bread := range []string{"rye", "wheat"} {
			hub.Go(ctx, func(ctx context.Context) error {
				if err := oven.Lock(ctx); err != nil {
					return err
				}
				defer oven.Unlock()
				fmt.Println(bread, "goes in")
				err := hub.Sleep(ctx, 40*time.Minute)
				fmt.Println(bread, "comes out")
				return err
			})
		}
		short, cancel := hub.WithTimeout(ctx, time.Hour)
		defer cancel()
		_ = hub.Yield(ctx)
		err := oven.Lock(short)
		fmt.Println("pizza does not wait:", errors.Is(err, context.DeadlineExceeded))
		return nil
	})
	// Output:
	// rye goes in
	// rye comes out
	// wheat goes in
	// pizza does not wait: true
	// wheat comes out
	// <nil>
}

// A method that locks calls another one that does.
func ExampleRLock() {
	var account struct {
		lock    sync2.RLock
		balance int
	}
	ctx := context.Background()
	add := func(n int) {
		if err := account.lock.Lock(ctx); err != nil {
			return
		}
		defer account.lock.Unlock()
		account.balance += n
	}
	if err := account.lock.Lock(ctx); err != nil {
		fmt.Println(err)
		return
	}
	add(10)
	add(-3)
	fmt.Println(account.balance, account.lock.Depth())
	account.lock.Unlock()
	// Output: 7 1
}

// Two tasks hand a ball to and fro.
func ExampleCond() {
	simulate(func(ctx context.Context) error {
		var m sync2.Mutex
		turn := sync2.NewCond(&m)
		ball := "ping"
		play := func(mine, other string) func(ctx context.Context) error {
			return func(ctx context.Context) error {
				if err := m.Lock(ctx); err != nil {
					return err
				}
				defer m.Unlock()
				for range 2 {
					if err := turn.WaitFor(ctx, func() bool { return ball == mine }); err != nil {
						return err
					}
					fmt.Println(mine)
					ball = other
					turn.Notify(1)
				}
				return nil
			}
		}
		hub.Go(ctx, play("ping", "pong"))
		hub.Go(ctx, play("pong", "ping"))
		return nil
	})
	// Output:
	// ping
	// pong
	// ping
	// pong
	// <nil>
}

// Three walkers of different speed meet at each hut.
func ExampleBarrier() {
	simulate(func(ctx context.Context) error {
		start, hut := hub.Now(ctx), 0
		meet := sync2.NewBarrier(3, func() error {
			hut++
			fmt.Println("all at hut", hut)
			return nil
		})
		for speed := range 3 {
			hub.Go(ctx, func(ctx context.Context) error {
				for range 2 {
					if err := hub.Sleep(ctx, time.Duration(2+speed)*time.Hour); err != nil {
						return err
					}
					i, err := meet.Wait(ctx)
					if err != nil {
						return err
					}
					if i == 2 {
						fmt.Println("the last came after", hub.Now(ctx).Sub(start))
					}
				}
				return nil
			})
		}
		return nil
	})
	// Output:
	// all at hut 1
	// the last came after 4h0m0s
	// all at hut 2
	// the last came after 8h0m0s
	// <nil>
}

// A starter waits until all three are ready.
func ExampleLatch() {
	simulate(func(ctx context.Context) error {
		start := hub.Now(ctx)
		ready := sync2.NewLatch(3)
		for i := range 3 {
			hub.Go(ctx, func(ctx context.Context) error {
				if err := hub.Sleep(ctx, time.Duration(i+1)*time.Minute); err != nil {
					return err
				}
				ready.CountDown()
				return nil
			})
		}
		err := ready.Wait(ctx)
		fmt.Println("go, after", hub.Now(ctx).Sub(start))
		return err
	})
	// Output:
	// go, after 3m0s
	// <nil>
}
