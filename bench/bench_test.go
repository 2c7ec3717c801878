package bench

import (
	"fmt"
	"iter"
	"runtime"
	"testing"

	"github.com/seed6bcf1587/coop/coro"
)

// BenchmarkRows prints the raw figures of all rows.
func BenchmarkRows(b *testing.B) {
	for _, r := range Rows() {
		b.Run(fmt.Sprintf("%02d/%s/ours", r.Number, r.Work), func(b *testing.B) {
			b.ReportAllocs()
			r.Ours(b.N)
		})
		b.Run(fmt.Sprintf("%02d/%s/%s", r.Number, r.Work, r.Peer), func(b *testing.B) {
			b.ReportAllocs()
			r.Theirs(b.N)
		})
	}
}

// TestRows runs all work once, so that what is measured is known to work.
func TestRows(t *testing.T) {
	for _, r := range Rows() {
		if m := r.Measure(1); m.Ours <= 0 || m.Theirs <= 0 || m.Ratio <= 0 {
			t.Errorf("%s: %+v", r.Work, m)
		}
	}
}

// BenchmarkSuspended prints the memory that one generator holds which stands at a yield, its stack included.
func BenchmarkSuspended(b *testing.B) {
	for name, start := range map[string]func() (end func()){
		"Generator": func() func() {
			g := coro.New(forever)
			g.Next()
			return func() { _, _ = g.Close() }
		},
		"Greenlet": func() func() {
			main := coro.Current[int]()
			g := coro.NewGreenlet(func(v int) int { return main.Switch(v) })
			g.Switch(1)
			return func() { _, _ = g.Throw(coro.ErrExit) }
		},
		"iter.Pull": func() func() {
			next, stop := iter.Pull(ints)
			next()
			return stop
		},
		"goroutine with two channels": func() func() {
			ask, answer := make(chan struct{}), make(chan int)
			go func() {
				for i := 0; ; i++ {
					if _, more := <-ask; !more {
						return
					}
					answer <- i
				}
			}()
			ask <- struct{}{}
			<-answer
			return func() { close(ask) }
		},
	} {
		b.Run(name, func(b *testing.B) {
			const many = 20_000
			ends := make([]func(), many)
			for b.Loop() {
				before := bytesHeld()
				for i := range ends {
					ends[i] = start()
				}
				b.ReportMetric(float64(bytesHeld()-before)/many, "B/generator")
				for _, end := range ends {
					end()
				}
				clear(ends)
			}
		})
	}
}

// bytesHeld returns how many bytes of heap and stacks are in use.
func bytesHeld() uint64 {
	runtime.GC()
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc + m.StackInuse
}
