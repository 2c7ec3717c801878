package bench

import (
	"container/heap"
	"sync"
	"time"
)

// handOver is a simulation as one writes it with goroutines: a clock keeps a heap of who sleeps until when, and hands
// control over by unbuffered channels, to one at a time.
func handOver(n int) {
	var alarms alarmHeap
	var wg sync.WaitGroup
	back := make(chan struct{}) // control comes back to the clock
	now := time.Duration(0)
	for i := range sleepers {
		wake := make(chan struct{})
		wg.Go(func() {
			<-wake
			for j := range rounds(n, sleepers) {
				heap.Push(&alarms, alarm{now + nap(i, j), wake})
				back <- struct{}{}
				<-wake
			}
			back <- struct{}{}
		})
		wake <- struct{}{}
		<-back
	}
	for len(alarms) > 0 {
		a := heap.Pop(&alarms).(alarm)
		now = a.at
		a.wake <- struct{}{}
		<-back
	}
	wg.Wait()
}

type alarm struct {
	at   time.Duration
	wake chan struct{}
}

type alarmHeap []alarm

func (h alarmHeap) Len() int           { return len(h) }
func (h alarmHeap) Less(i, j int) bool { return h[i].at < h[j].at }
func (h alarmHeap) Swap(i, j int)      { h[i], h[j] = h[j], h[i] }
func (h *alarmHeap) Push(x any)        { *h = append(*h, x.(alarm)) }

func (h *alarmHeap) Pop() any {
	old := *h
	a := old[len(old)-1]
	*h = old[:len(old)-1]
	return a
}
