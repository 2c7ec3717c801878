package queue_test

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/seed6bcf1587/coop/hub"
	"github.com/seed6bcf1587/coop/queue"
)

// A producer fills a queue of two, and a consumer gives up when nothing comes for a second.
func ExampleQueue() {
	err := hub.Run(context.Background(), func(ctx context.Context) error {
		q := queue.NewFIFO[string](2)
		hub.Go(ctx, func(ctx context.Context) error {
			for _, v := range []string{"a", "b", "c", "d"} {
				if err := q.Put(ctx, v); err != nil {
					return err
				}
				fmt.Println("put", v)
			}
			return nil
		})
		for {
			short, cancel := hub.WithTimeout(ctx, time.Second)
			v, err := q.Get(short)
			cancel()
			if errors.Is(err, context.DeadlineExceeded) {
				fmt.Println("nothing for a second")
				return nil
			}
			if err != nil {
				return err
			}
			fmt.Println("got", v)
		}
	}, hub.WithVirtualClock(time.Unix(0, 0)))
	fmt.Println(err)
	// Output:
	// put a
	// put b
	// put c
	// got a
	// got b
	// got c
	// got d
	// put d
	// nothing for a second
	// <nil>
}
