package queue_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/seed6bcf1587/coop/internal/worlds"
	"github.com/seed6bcf1587/coop/queue"
)

func TestFIFOOrder(t *testing.T) {
	for _, capacity := range []int{-1, 0, 1, 3} {
		worlds.Each(t, func(t *testing.T, w *worlds.World) {
			q := queue.NewFIFO[int](capacity)
			w.Go(func(ctx context.Context) {
				for i := range 10 {
					if err := q.Put(ctx, i); err != nil {
						t.Error(err)
					}
				}
			})
			w.Settle()
			want := 10
			if capacity > 0 {
				want = capacity
			}
			if n := q.Len(); n != want || capacity > 0 && q.Cap() != capacity {
				t.Errorf("capacity %d: Len() = %d, want %d; Cap() = %d", capacity, n, want, q.Cap())
			}
			for i := range 10 {
				if v, err := q.Get(w.Ctx); v != i || err != nil {
					t.Errorf("got %d, %v, want %d", v, err, i)
				}
			}
		})
	}
}

func TestTryPutTryGet(t *testing.T) {
	q := queue.NewFIFO[string](1)
	if v, err := q.TryGet(); v != "" || !errors.Is(err, queue.ErrEmpty) {
		t.Errorf("got %q, %v", v, err)
	}
	if err := q.TryPut("a"); err != nil {
		t.Error(err)
	}
	if err := q.TryPut("b"); !errors.Is(err, queue.ErrFull) {
		t.Errorf("got %v", err)
	}
	if v, err := q.TryGet(); v != "a" || err != nil {
		t.Errorf("got %q, %v", v, err)
	}
}

// TestHandOver checks that values go to those who wait longest, and that nobody can come in between.
func TestHandOver(t *testing.T) {
	worlds.Each(t, func(t *testing.T, w *worlds.World) {
		q := queue.NewFIFO[int](0)
		var got worlds.Log[int]
		for i := range 3 {
			w.Go(func(ctx context.Context) {
				v, err := q.Get(ctx)
				if err != nil {
					t.Error(err)
				}
				got.Add(10*i + v)
			})
			w.Settle()
		}
		for i := range 3 {
			if err := q.TryPut(i); err != nil {
				t.Error(err)
			}
			if _, err := q.TryGet(); !errors.Is(err, queue.ErrEmpty) {
				t.Error("a value for a waiting getter was snatched")
			}
			w.Settle()
		}
		if vs := got.Take(); !slices.Equal(vs, []int{0, 11, 22}) {
			t.Errorf("got %v", vs)
		}
	})
}

func TestCancelledGetTakesNothing(t *testing.T) {
	worlds.Each(t, func(t *testing.T, w *worlds.World) {
		q := queue.NewFIFO[int](0)
		ctx, cancel := w.Timeout(w.Ctx, time.Second)
		defer cancel()
		if v, err := q.Get(ctx); v != 0 || !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("got %d, %v", v, err)
		}
		if err := q.TryPut(7); err != nil {
			t.Error(err)
		}
		if v, err := q.Get(ctx); v != 0 || !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("with an ended context: got %d, %v", v, err)
		}
		if v, err := q.TryGet(); v != 7 || err != nil {
			t.Errorf("got %d, %v", v, err)
		}
	})
}

func TestCancelledPutLeavesNothing(t *testing.T) {
	worlds.Each(t, func(t *testing.T, w *worlds.World) {
		q := queue.NewFIFO[int](1)
		if err := q.Put(w.Ctx, 1); err != nil {
			t.Error(err)
		}
		ctx, cancel := w.Timeout(w.Ctx, time.Second)
		defer cancel()
		if err := q.Put(ctx, 2); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("got %v", err)
		}
		if v, err := q.TryGet(); v != 1 || err != nil {
			t.Errorf("got %d, %v", v, err)
		}
		if v, err := q.TryGet(); err == nil {
			t.Errorf("got %d from a Put that failed", v)
		}
	})
}

// TestExactlyOnce lets impatient producers and consumers hammer small queues. The witness is the list of all that was got: each
// value once if its Put succeeded, never if it failed, and each producer's values in their order.
func TestExactlyOnce(t *testing.T) {
	for _, capacity := range []int{0, 1, 4} {
		t.Run(fmt.Sprint("FIFO", capacity), func(t *testing.T) {
			exactlyOnce(t, true, func() *queue.Queue[item] { return queue.NewFIFO[item](capacity) })
		})
		t.Run(fmt.Sprint("LIFO", capacity), func(t *testing.T) {
			exactlyOnce(t, false, func() *queue.Queue[item] { return queue.NewLIFO[item](capacity) })
		})
		t.Run(fmt.Sprint("priority", capacity), func(t *testing.T) {
			exactlyOnce(t, false, func() *queue.Queue[item] {
				return queue.NewPriority(capacity, func(a, b item) bool { return a.number%7 < b.number%7 })
			})
		})
	}
	t.Run("rendezvous", func(t *testing.T) { exactlyOnce(t, true, queue.NewRendezvous[item]) })
}

type item struct{ producer, number int }

// exactlyOnce also checks, if inOrder, that each producer's values come in their order.
func exactlyOnce(t *testing.T, inOrder bool, make func() *queue.Queue[item]) {
	worlds.Hammer(t, 24, func(t *testing.T) (func(context.Context, *rand.Rand), func()) {
		q := make()
		var mu sync.Mutex
		put, got := map[item]bool{}, map[item]int{}
		parties := 0
		party := func(ctx context.Context, rng *rand.Rand) {
			mu.Lock()
			me := parties
			parties++
			mu.Unlock()
			last := map[int]int{}
			for i := range worlds.Rounds(50) {
				c, cancel := worlds.Hasty(ctx, rng)
				if me%2 == 0 {
					if v := (item{me, i}); q.Put(c, v) == nil {
						mu.Lock()
						put[v] = true
						mu.Unlock()
					}
				} else if v, err := q.Get(c); err == nil {
					mu.Lock()
					got[v]++
					mu.Unlock()
					if before, ok := last[v.producer]; inOrder && ok && before >= v.number {
						t.Errorf("value %d of producer %d came after %d", v.number, v.producer, before)
					}
					last[v.producer] = v.number
				}
				cancel()
			}
		}
		return party, func() {
			for v, err := q.TryGet(); err == nil; v, err = q.TryGet() {
				got[v]++
			}
			if len(got) == 0 {
				t.Error("nothing was ever put")
			}
			for v, n := range got {
				if n != 1 || !put[v] {
					t.Errorf("%v was got %d times, put: %v", v, n, put[v])
				}
			}
			for v := range put {
				if got[v] != 1 {
					t.Errorf("%v was put and got %d times", v, got[v])
				}
			}
		}
	})
}

// FuzzQueue compares a sequence of TryPut, TryGet, Peek, GetN and TaskDone with a slice, for all kinds of queues that hold something.
func FuzzQueue(f *testing.F) {
	f.Add(uint8(0), uint8(0), []byte{1, 1, 0, 1, 0, 0, 0})
	f.Add(uint8(1), uint8(3), []byte{1, 31, 41, 11, 0, 21, 0, 0, 2, 0})
	f.Add(uint8(2), uint8(0), slices.Repeat([]byte{1, 71, 31, 0, 23, 94}, 60))
	f.Fuzz(func(t *testing.T, kind, capacity uint8, ops []byte) {
		d := disciplines[[]string{"FIFO", "LIFO", "priority"}[kind%3]]
		q := d.make(int(capacity))
		var ref []int
		next := func() int {
			i := d.next(ref)
			v := ref[i]
			ref = slices.Delete(ref, i, i+1)
			return v
		}
		for i, op := range ops {
			switch {
			case op%4 == 1:
				v := 1000*int(op/4) + i%1000 // lessPriority takes the last digit off
				full := capacity > 0 && len(ref) >= int(capacity)
				if err := q.TryPut(v); errors.Is(err, queue.ErrFull) != full {
					t.Fatalf("TryPut: %v with %d of %d", err, len(ref), capacity)
				}
				if !full {
					ref = append(ref, v)
				}
			case op%4 == 2 && len(ref) > 0:
				vs, err := q.GetN(context.Background(), 1+int(op/4)%5)
				if err != nil || len(vs) != min(1+int(op/4)%5, len(ref)) {
					t.Fatalf("GetN: %v, %v with %d", vs, err, len(ref))
				}
				for _, v := range vs {
					if want := next(); v != want {
						t.Fatalf("GetN: %d, want %d", v, want)
					}
				}
			case op%4 == 3:
				if v, ok := q.Peek(); ok != (len(ref) > 0) || ok && v != ref[d.next(ref)] {
					t.Fatalf("Peek: %d, %v", v, ok)
				}
			default:
				v, err := q.TryGet()
				if len(ref) == 0 {
					if !errors.Is(err, queue.ErrEmpty) {
						t.Fatalf("TryGet of an empty queue: %d, %v", v, err)
					}
				} else if want := next(); err != nil || v != want {
					t.Fatalf("TryGet: %d, %v, want %d", v, err, want)
				}
			}
		}
		if q.Len() != len(ref) {
			t.Fatalf("Len() = %d, want %d", q.Len(), len(ref))
		}
	})
}

func TestTryPutTryGetAllocateNothing(t *testing.T) {
	q := queue.NewFIFO[int](0)
	for range 100 {
		_ = q.TryPut(1)
	}
	if n := testing.AllocsPerRun(100, func() {
		_ = q.TryPut(1)
		_, _ = q.TryGet()
	}); n != 0 {
		t.Errorf("%v allocations", n)
	}
}
