package radix_test

import (
	"cmp"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/seed6bcf1587/coop/internal/radix"
)

// A pair is what the heap and the reference hold: the number says when it was pushed.
type pair struct {
	key    uint64
	number int
}

// TestAgainstSorting does random operations on a heap and on a slice that is sorted before each Pop.
func TestAgainstSorting(t *testing.T) {
	for seed := range uint64(300) {
		rng := rand.New(rand.NewPCG(seed, 0))
		spread := uint64(1) << rng.IntN(54)
		var h radix.Heap[int]
		var want []pair
		last := uint64(0)
		for i := range 500 {
			switch op := rng.IntN(10); {
			case op < 5:
				key := last + rng.Uint64N(spread)
				h.Push(key, i)
				want = append(want, pair{key, i})
			case op < 9:
				slices.SortStableFunc(want, func(a, b pair) int { return cmp.Compare(a.key, b.key) })
				limit := uint64(math.MaxUint64)
				if rng.IntN(3) == 0 {
					limit = last + rng.Uint64N(spread)
				}
				key, v, ok := h.Pop(limit)
				if len(want) == 0 || want[0].key > limit {
					if ok {
						t.Fatalf("seed %d: Pop(%d) = %d, %d, want none", seed, limit, key, v)
					}
					continue
				}
				if !ok || (pair{key, v}) != want[0] {
					t.Fatalf("seed %d: Pop(%d) = %d, %d, %t, want %v", seed, limit, key, v, ok, want[0])
				}
				want, last = want[1:], key
			default:
				odd := func(i int) bool { return i%7 == 0 }
				h.DeleteFunc(odd)
				want = slices.DeleteFunc(want, func(p pair) bool { return odd(p.number) })
			}
			if h.Len() != len(want) {
				t.Fatalf("seed %d: Len is %d, want %d", seed, h.Len(), len(want))
			}
			least, ok := h.Min()
			if ok != (len(want) > 0) || ok && least != slices.MinFunc(want, func(a, b pair) int { return cmp.Compare(a.key, b.key) }).key {
				t.Fatalf("seed %d: Min = %d, %t", seed, least, ok)
			}
		}
	}
}

// TestEmptyAcceptsAnyKey checks that only what is in the heap binds a Push.
func TestEmptyAcceptsAnyKey(t *testing.T) {
	var h radix.Heap[string]
	h.Push(100, "late")
	h.Pop(math.MaxUint64)
	h.Push(7, "early")
	if key, v, ok := h.Pop(math.MaxUint64); key != 7 || v != "early" || !ok {
		t.Errorf("Pop = %d, %q, %t", key, v, ok)
	}
	h.Push(100, "a")
	h.Push(200, "b")
	h.Pop(math.MaxUint64)
	defer func() {
		if recover() == nil {
			t.Error("Push of a key that is less than one popped does not panic")
		}
	}()
	h.Push(99, "c")
}

// TestSteadyHeapAllocatesNothing also checks that the memory of a burst is given back.
func TestSteadyHeapAllocatesNothing(t *testing.T) {
	var h radix.Heap[*int]
	rng := rand.New(rand.NewPCG(1, 0))
	for range 1000 {
		h.Push(rng.Uint64N(1<<30), nil)
	}
	turn := func() {
		key, v, _ := h.Pop(math.MaxUint64)
		h.Push(key+1+rng.Uint64N(1<<30), v)
	}
	for range 100_000 {
		turn()
	}
	if n := testing.AllocsPerRun(100_000, turn); n > 0 {
		t.Errorf("%v allocations a turn", n)
	}
}

// BenchmarkTurn is one Pop and one Push among a thousand.
func BenchmarkTurn(b *testing.B) {
	var h radix.Heap[*int]
	rng := rand.New(rand.NewPCG(1, 0))
	for range 1000 {
		h.Push(rng.Uint64N(1000)*1e6, nil)
	}
	for b.Loop() {
		key, v, _ := h.Pop(math.MaxUint64)
		h.Push(key+(1+rng.Uint64N(1000))*1e6, v)
	}
}
