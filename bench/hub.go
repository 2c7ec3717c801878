package bench

import (
	"context"
	"iter"
	"runtime"
	"sync"
	"time"

	"github.com/seed6bcf1587/coop/hub"
	"github.com/seed6bcf1587/coop/queue"
)

func hubRows() []Row {
	return []Row{
		{6, "hub.Yield, 2 tasks", "next of iter.Pull", 0.9, 0, yields(2), pull},
		{6, "hub.Yield, 2 tasks, stalls watched for", "hub.Yield, 2 tasks", 1.02, 0, yields(2, watched...), yields(2)},
		{7, "hub.Yield, 1,000 tasks", "runtime.Gosched, as many goroutines", 0.9, 100 * 1000, yields(1000), gosched(1000)},
		{7, "hub.Yield, 100,000 tasks", "runtime.Gosched, as many goroutines", 0.65, 20 * 100_000, yields(100_000), gosched(100_000)},
		{8, "hub.Go and Join", "go and sync.WaitGroup", 0.4, 0, goJoin, goWaitGroup},
		{10, "virtual sleep, 1,000 tasks", "goroutines, channels and a heap", 0.25, 100 * sleepers, virtualSleep, handOver},
		{18, "FIFO Put and Get between tasks", "unbuffered channel", 0.5, 0, queueBetweenTasks, channelBetweenGoroutines},
		{21, "hub.Offload of nothing", "go with a result channel", 1.3, 0, offload, goResult},
	}
}

// watched makes a hub watch for stalls, and look often enough to be measured. On a busy machine there may be some.
var watched = []hub.Option{hub.WithStallThreshold(20 * time.Millisecond), hub.OnStall(func(hub.Stall) {})}

// inHub runs main as the first task of a hub.
func inHub(main func(ctx context.Context) error, opts ...hub.Option) {
	if err := hub.Run(context.Background(), main, opts...); err != nil {
		panic(err)
	}
}

// yields does at least n yields, shared among tasks. Tasks are made once for many yields, and their making is not what counts.
func yields(tasks int, opts ...hub.Option) func(n int) {
	return func(n int) {
		inHub(func(ctx context.Context) error {
			for range tasks {
				hub.Go(ctx, func(ctx context.Context) error {
					for range rounds(n, tasks) {
						if err := hub.Yield(ctx); err != nil {
							return err
						}
					}
					return nil
				})
			}
			return nil
		}, opts...)
	}
}

// rounds is how often each of several parties does its part of n, but enough to outweigh that it is made.
func rounds(n, parties int) int { return n/parties + 1 }

func pull(n int) {
	next, stop := iter.Pull(func(yield func(struct{}) bool) {
		for yield(struct{}{}) {
		}
	})
	defer stop()
	for range n {
		next()
	}
}

func gosched(goroutines int) func(n int) {
	return func(n int) {
		defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
		var wg sync.WaitGroup
		for range goroutines {
			wg.Go(func() {
				for range rounds(n, goroutines) {
					runtime.Gosched()
				}
			})
		}
		wg.Wait()
	}
}

func goJoin(n int) {
	inHub(func(ctx context.Context) error {
		for range n {
			t := hub.Go(ctx, func(context.Context) error { return nil })
			if err := t.Join(ctx); err != nil {
				return err
			}
		}
		return nil
	})
}

func goWaitGroup(n int) {
	for range n {
		var wg sync.WaitGroup
		wg.Go(func() {})
		wg.Wait()
	}
}

// nap is how long party i sleeps the j-th time.
func nap(i, j int) time.Duration { return time.Duration(1+(i*7919+j*104729)%1000) * time.Millisecond }

const sleepers = 1000

func virtualSleep(n int) {
	inHub(func(ctx context.Context) error {
		for i := range sleepers {
			hub.Go(ctx, func(ctx context.Context) error {
				for j := range rounds(n, sleepers) {
					if err := hub.Sleep(ctx, nap(i, j)); err != nil {
						return err
					}
				}
				return nil
			})
		}
		return nil
	}, hub.WithVirtualClock(time.Unix(0, 0)))
}

func queueBetweenTasks(n int) {
	inHub(func(ctx context.Context) error {
		q := queue.NewFIFO[int](1)
		hub.Go(ctx, func(ctx context.Context) error {
			for i := range n {
				if err := q.Put(ctx, i); err != nil {
					return err
				}
			}
			return nil
		})
		for range n {
			if _, err := q.Get(ctx); err != nil {
				return err
			}
		}
		return nil
	})
}

func channelBetweenGoroutines(n int) {
	c := make(chan int)
	go func() {
		for i := range n {
			c <- i
		}
	}()
	for range n {
		<-c
	}
}

func offload(n int) {
	inHub(func(ctx context.Context) error {
		for range n {
			if _, err := hub.Offload(ctx, func(context.Context) (int, error) { return 0, nil }); err != nil {
				return err
			}
		}
		return nil
	})
}

func goResult(n int) {
	for range n {
		c := make(chan int, 1)
		go func() { c <- 0 }()
		<-c
	}
}
