package hub_test

import (
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/seed6bcf1587/coop/hub"
)

// TestRoll adds and removes at random, in bursts and one by one, beside a plain slice.
func TestRoll(t *testing.T) {
	for seed := range uint64(20) {
		rng := rand.New(rand.NewPCG(seed, 4))
		var r hub.Roll
		var want []*hub.Task
		for range 100 {
			adds, removes := rng.IntN(4), rng.IntN(4)
			if rng.IntN(4) == 0 {
				adds *= 100
			}
			if rng.IntN(4) == 0 {
				removes *= 100
			}
			for range adds {
				task := new(hub.Task)
				r.Add(task)
				want = append(want, task)
			}
			for range min(removes, len(want)) {
				i := rng.IntN(len(want))
				switch rng.IntN(3) {
				case 0:
					i = 0
				case 1:
					i = len(want) - 1
				}
				r.Remove(want[i])
				want = slices.Delete(want, i, i+1)
			}
			if got := slices.Collect(r.All()); !slices.Equal(got, want) || r.Len() != len(want) {
				t.Fatalf("seed %d: %d tasks, or in another order; want %d", seed, r.Len(), len(want))
			}
			if slots := r.Slots(); slots > 64 && slots > 4*len(want)+4 {
				t.Fatalf("seed %d: %d slots for %d tasks", seed, slots, len(want))
			}
		}
	}
}

// TestTaskSize pins what a task takes beside its goroutine: it fills an allocation of the runtime, and one more word would cost another 32 bytes.
func TestTaskSize(t *testing.T) {
	if hub.TaskSize > 256 {
		t.Errorf("a Task takes %d bytes", hub.TaskSize)
	}
}
