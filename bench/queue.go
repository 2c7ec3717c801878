package bench

import (
	"container/heap"
	"context"
	"runtime"
	"sync"

	"github.com/puzpuzpuz/xsync/v4"

	"github.com/seed6bcf1587/coop/queue"
)

const size = 128

func queueRows() []Row {
	return []Row{
		{17, "FIFO TryPut and TryGet, alone", "buffered channel", 1.1, 0, tryPutTryGet, sendReceive},
		{17, "FIFO, 1 to 1", "buffered channel", 1, 0, fifo(1), channel(1)},
		{17, "FIFO, 2 to 2", "buffered channel", 1, 0, fifo(2), channel(2)},
		{19, "Priority put and get among 1,000", "sync.Mutex and container/heap", 0.5, 0, priority, mutexHeap},
		{0, "FIFO TryPut and TryGet, alone", "xsync MPMCQueue", 0, 0, tryPutTryGet, xsyncAlone},
		{0, "FIFO, 1 to 1", "xsync MPMCQueue and Gosched", 0, 0, fifo(1), xsyncQueue(1)},
		{0, "FIFO, 2 to 2", "xsync MPMCQueue and Gosched", 0, 0, fifo(2), xsyncQueue(2)},
		{0, "FIFO, 8 to 8", "xsync MPMCQueue and Gosched", 0, 0, fifo(8), xsyncQueue(8)},
		{0, "FIFO, 64 to 64", "xsync MPMCQueue and Gosched", 0, 0, fifo(64), xsyncQueue(64)},
		{0, "FIFO, 8 to 8", "buffered channel", 0, 0, fifo(8), channel(8)},
		{0, "FIFO, 64 to 64", "buffered channel", 0, 0, fifo(64), channel(64)},
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

// xsyncQueue is fifo with a queue that does not wait: who finds it full or empty lets others run.
func xsyncQueue(pairs int) func(n int) {
	return func(n int) {
		q := xsync.NewMPMCQueue[int](size)
		var wg sync.WaitGroup
		for range pairs {
			wg.Go(func() {
				for i := range n / pairs {
					for !q.TryEnqueue(i) {
						runtime.Gosched()
					}
				}
			})
			wg.Go(func() {
				for range n / pairs {
					for _, ok := q.TryDequeue(); !ok; _, ok = q.TryDequeue() {
						runtime.Gosched()
					}
				}
			})
		}
		wg.Wait()
	}
}

func xsyncAlone(n int) {
	q := xsync.NewMPMCQueue[int](size)
	for i := range n {
		q.TryEnqueue(i)
		q.TryDequeue()
	}
}

// among1000 is how many values a priority queue holds while it is measured.
const among1000 = 1000

// rank is by how much the i-th value comes later than the one that was got last, as with timers: the hold model, see Jones (1986).
func rank(i int) int { return i * 7919 % 104729 }

func priority(n int) {
	q := queue.NewPriority(0, func(a, b int) bool { return a < b })
	ctx := context.Background()
	for i := range among1000 {
		_ = q.TryPut(rank(i))
	}
	for i := range n {
		v, err := q.Get(ctx)
		if err != nil {
			panic("bench: Get failed")
		}
		if q.Put(ctx, v+rank(i)) != nil {
			panic("bench: Put failed")
		}
	}
}

// mutexHeap is priority as one writes it with the standard library.
func mutexHeap(n int) {
	var mu sync.Mutex
	var h intHeap
	for i := range among1000 {
		heap.Push(&h, rank(i))
	}
	for i := range n {
		mu.Lock()
		v := heap.Pop(&h).(int)
		mu.Unlock()
		mu.Lock()
		heap.Push(&h, v+rank(i))
		mu.Unlock()
	}
}

type intHeap []int

func (h intHeap) Len() int           { return len(h) }
func (h intHeap) Less(i, j int) bool { return h[i] < h[j] }
func (h intHeap) Swap(i, j int)      { h[i], h[j] = h[j], h[i] }
func (h *intHeap) Push(x any)        { *h = append(*h, x.(int)) }

func (h *intHeap) Pop() any {
	old := *h
	v := old[len(old)-1]
	*h = old[:len(old)-1]
	return v
}

// fifoBurst puts n values at once, and sliceBurst appends them to a slice.
func fifoBurst(n int) {
	q := queue.NewFIFO[int](0)
	for i := range n {
		_ = q.TryPut(i)
	}
	atPeak()
	if q.Len() != n {
		panic("bench: values are missing")
	}
}

func sliceBurst(n int) {
	var s []int
	for i := range n {
		s = append(s, i)
	}
	atPeak()
	if len(s) != n {
		panic("bench: values are missing")
	}
}
