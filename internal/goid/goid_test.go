package goid

import (
	"sync"
	"testing"
)

// TestGet checks that goroutines are told apart, the fast way and the slow one.
func TestGet(t *testing.T) {
	if !trusted {
		t.Error("the fast way is not trusted with this release of Go")
	}
	for _, way := range []bool{true, false} {
		trusted = way
		var mu sync.Mutex
		var wg sync.WaitGroup
		seen := map[int64]bool{}
		for range 100 {
			wg.Go(func() {
				id := Get()
				if id != Get() || id != slow() {
					t.Errorf("trusted %v: Get() = %d, then %d; runtime.Stack says %d", way, id, Get(), slow())
				}
				if quick := Quick(); way && quick != id || !way && quick != Unknown {
					t.Errorf("trusted %v: Quick() = %d, and Get() = %d", way, quick, id)
				}
				mu.Lock()
				defer mu.Unlock()
				if seen[id] {
					t.Errorf("trusted %v: two goroutines with number %d", way, id)
				}
				seen[id] = true
			})
		}
		wg.Wait()
	}
	trusted = true
}

func BenchmarkGet(b *testing.B) {
	for b.Loop() {
		Get()
	}
}

func BenchmarkQuick(b *testing.B) {
	for b.Loop() {
		Quick()
	}
}
