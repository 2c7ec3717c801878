package bench

import (
	"context"
	"sync"

	"github.com/seed6bcf1587/coop/queue"
)

const size = 128

func queueRows() []Row {
	return []Row{
		{17, "FIFO TryPut and TryGet, alone", "buffered channel", 1.1, 0, tryPutTryGet, sendReceive},
		{17, "FIFO, 1 to 1", "buffered channel", 1, 0, fifo(1), channel(1)},
		{17, "FIFO, 2 to 2", "buffered channel", 1, 0, fifo(2), channel(2)},
	}
}

func tryPutTryGet(n int) {
	q := queue.NewFIFO[int](size)
	for i := range n {
		_ = q.TryPut(i)
		_, _ = q.TryGet()
	}
}

func sendReceive(n int) {
	c := make(chan int, size)
	for i := range n {
		c <- i
		<-c
	}
}

// fifo passes n values from as many producers to as many consumers.
func fifo(pairs int) func(n int) {
	return func(n int) {
		q := queue.NewFIFO[int](size)
		ctx := context.Background()
		var wg sync.WaitGroup
		for range pairs {
			wg.Go(func() {
				for i := range n / pairs {
					_ = q.Put(ctx, i)
				}
			})
			wg.Go(func() {
				for range n / pairs {
					_, _ = q.Get(ctx)
				}
			})
		}
		wg.Wait()
	}
}

// channel is fifo with a channel.
func channel(pairs int) func(n int) {
	return func(n int) {
		c := make(chan int, size)
		var wg sync.WaitGroup
		for range pairs {
			wg.Go(func() {
				for i := range n / pairs {
					c <- i
				}
			})
			wg.Go(func() {
				for range n / pairs {
					<-c
				}
			})
		}
		wg.Wait()
	}
}
