package queue_test

import (
	"context"
	"math/bits"
	"runtime"
	"testing"
	"testing/synctest"
	"weak"

	"github.com/seed6bcf1587/coop/internal/worlds"
	"github.com/seed6bcf1587/coop/queue"
)

type large [1 << 10]int

func queuesOf() map[string]*queue.Queue[*large] {
	return map[string]*queue.Queue[*large]{
		"FIFO":       queue.NewFIFO[*large](0),
		"LIFO":       queue.NewLIFO[*large](0),
		"priority":   queue.NewPriority(0, func(a, b *large) bool { return a[0] < b[0] }),
		"rendezvous": queue.NewRendezvous[*large](),
	}
}

// TestNothingIsRetained checks that a queue keeps no reference to a value that has left it, in whatever way.
func TestNothingIsRetained(t *testing.T) {
	for name, q := range queuesOf() {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				var refs []weak.Pointer[large]
				fresh := func() *large {
					v := &large{len(refs)}
					refs = append(refs, weak.Make(v))
					return v
				}
				ctx := t.Context()
				go func() { _ = q.Put(ctx, fresh()) }() // to a getter that comes, or into the queue
				synctest.Wait()
				_, _ = q.Get(ctx)
				go func() { _, _ = q.Get(ctx) }() // to a getter that waits
				synctest.Wait()
				_ = q.Put(ctx, fresh())
				for range 10 {
					_ = q.TryPut(fresh())
				}
				for range 5 {
					_, _ = q.TryGet()
				}
				q.Shutdown(true)
				synctest.Wait()
				runtime.GC()
				for i, r := range refs {
					if r.Value() != nil {
						t.Errorf("value %d of %d is still there", i, len(refs))
					}
				}
			})
			runtime.KeepAlive(q)
		})
	}
}

// TestMemoryIsGivenBack lets a queue hold very many values once, and then few.
func TestMemoryIsGivenBack(t *testing.T) {
	for name, d := range disciplines {
		if name == "rendezvous" {
			continue
		}
		t.Run(name, func(t *testing.T) {
			q := d.make(0)
			const many, few = 1 << 20, 10
			for i := range many {
				_ = q.TryPut(i)
			}
			full := heapInUse()
			for range many - few {
				_, _ = q.TryGet()
			}
			if freed := full - heapInUse(); freed < (bits.UintSize/8-1)*many {
				t.Errorf("%d bytes were given back", freed)
			}
			if q.Len() != few {
				t.Errorf("%d values are left", q.Len())
			}
		})
	}
}

func heapInUse() int {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int(m.HeapAlloc)
}

// TestBulkDrain takes at once what many putters wait to put, and all of them finish.
func TestBulkDrain(t *testing.T) {
	for name, d := range disciplines {
		t.Run(name, func(t *testing.T) {
			worlds.Each(t, func(t *testing.T, w *worlds.World) {
				q := d.make(2)
				const putters = 20
				var finished worlds.Log[error]
				for i := range putters {
					w.Go(func(ctx context.Context) { finished.Add(q.Put(ctx, i)) })
				}
				w.Settle()
				vs, err := q.GetN(w.Ctx, putters)
				if err != nil || len(vs) != putters {
					t.Errorf("GetN: %v, %v", vs, err)
				}
				w.Settle()
				for _, err := range finished.Take() {
					if err != nil {
						t.Error(err)
					}
				}
				if q.Len() != 0 {
					t.Errorf("%d values are left", q.Len())
				}
			})
		})
	}
}

// TestSlotsAreCleared takes values out one by one, from few and from many, and checks that the slots in which they were do not keep them.
func TestSlotsAreCleared(t *testing.T) {
	for name, q := range queuesOf() {
		if name == "rendezvous" {
			continue
		}
		for _, n := range []int{3, 40} {
			var refs []weak.Pointer[large]
			for i := range n {
				v := &large{i}
				refs = append(refs, weak.Make(v))
				_ = q.TryPut(v)
			}
			for taken := 1; taken <= n; taken++ {
				_, _ = q.TryGet()
				runtime.GC()
				kept := 0
				for _, r := range refs {
					if r.Value() != nil {
						kept++
					}
				}
				if kept != n-taken {
					t.Errorf("%s: %d of %d taken, and %d are still there", name, taken, n, kept)
					break
				}
			}
		}
		runtime.KeepAlive(q)
	}
}
