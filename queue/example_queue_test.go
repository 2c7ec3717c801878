package queue_test

import (
	"context"
	"errors"
	"fmt"
	"sync/atomic"
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

// A producer and three consumers share a queue of ten; the program ends when all that was put is done, as with task_done and join in Python.
func ExampleQueue_Join() {
	q := queue.NewFIFO[int](10)
	ctx := context.Background()
	var sum atomic.Int64
	for range 3 {
		go func() {
			for v := range q.All(ctx) {
				sum.Add(int64(v))
				q.TaskDone()
			}
		}()
	}
	for i := range 100 {
		if err := q.Put(ctx, i); err != nil {
			fmt.Println(err)
		}
	}
	err := q.Join(ctx)
	q.Shutdown(false) // the consumers end
	fmt.Println(sum.Load(), err)
	// Output: 4950 <nil>
}

// Whoever waits for a value gives up after a second, as with get(timeout=1) in Python.
func ExampleQueue_Get() {
	err := hub.Run(context.Background(), func(ctx context.Context) error {
		q := queue.NewFIFO[string](0)
		short, cancel := hub.WithTimeout(ctx, time.Second)
		defer cancel()
		v, err := q.Get(short)
		fmt.Printf("%q %v\n", v, err)
		return nil
	}, hub.WithVirtualClock(time.Unix(0, 0)))
	fmt.Println(err)
	// Output:
	// "" context deadline exceeded
	// <nil>
}

// A shutdown lets the consumers take what is left, and then ends them.
func ExampleQueue_Shutdown() {
	q := queue.NewFIFO[int](0)
	for i := range 3 {
		_ = q.TryPut(i)
	}
	q.Shutdown(false)
	fmt.Println(q.TryPut(3))
	for {
		v, err := q.TryGet()
		if err != nil {
			fmt.Println(err)
			break
		}
		fmt.Println(v)
	}
	// Output:
	// queue: shut down
	// 0
	// 1
	// 2
	// queue: shut down
}
