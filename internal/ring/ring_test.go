package ring_test

import (
	"slices"
	"testing"

	"github.com/seed6bcf1587/coop/internal/ring"
)

// FuzzRing compares a sequence of pushes and pops with a slice.
func FuzzRing(f *testing.F) {
	f.Add([]byte{200, 1, 201, 100})
	f.Add([]byte{255, 255, 0, 127, 127, 127, 1, 1, 130})
	f.Fuzz(func(t *testing.T, ops []byte) {
		var r ring.Ring[int]
		var ref []int
		next := 0
		for _, op := range ops {
			// The high bit says push or pop, the rest how often.
			for range op & 127 {
				if op&128 != 0 {
					r.Push(next)
					ref = append(ref, next)
					next++
				} else if len(ref) > 0 {
					if v := r.Pop(); v != ref[0] {
						t.Fatalf("Pop() = %d, want %d", v, ref[0])
					}
					ref = ref[1:]
				}
			}
			var got []int
			for i := range r.Len() {
				got = append(got, *r.At(i))
			}
			if !slices.Equal(got, ref) {
				t.Fatalf("holds %v, want %v", got, ref)
			}
		}
	})
}

func TestSteadyUseAllocatesNothing(t *testing.T) {
	var r ring.Ring[int]
	for range 40 {
		r.Push(1)
	}
	if n := testing.AllocsPerRun(1000, func() {
		r.Push(1)
		r.Pop()
	}); n != 0 {
		t.Errorf("%v allocations", n)
	}
}

func TestMemoryIsGivenBack(t *testing.T) {
	var r ring.Ring[int]
	for range 1 << 16 {
		r.Push(1)
	}
	for r.Len() > 100 {
		r.Pop()
	}
	if n := ring.Size(&r); n > 512 {
		t.Errorf("%d slots for 100 values", n)
	}
}

func TestMisuse(t *testing.T) {
	var r ring.Ring[int]
	r.Push(1)
	for want, f := range map[string]func(){
		"ring.Ring.At: index out of range": func() { r.At(1) },
		"ring.Ring.Pop: empty":             func() { r.Pop(); r.Pop() },
	} {
		func() {
			defer func() {
				if got := recover(); got != want {
					t.Errorf("panic %v, want %v", got, want)
				}
			}()
			f()
		}()
	}
}
