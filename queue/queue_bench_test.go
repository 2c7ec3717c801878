package queue_test

import (
	"testing"

	"github.com/seed6bcf1587/coop/queue"
)

// BenchmarkTryPutTryGet is one value in and out of a bounded FIFO.
func BenchmarkTryPutTryGet(b *testing.B) {
	q := queue.NewFIFO[int](16)
	b.ReportAllocs()
	for b.Loop() {
		_ = q.TryPut(1)
		_, _ = q.TryGet()
	}
}

// BenchmarkChannel is the twin of BenchmarkTryPutTryGet.
func BenchmarkChannel(b *testing.B) {
	c := make(chan int, 16)
	for b.Loop() {
		c <- 1
		<-c
	}
}
