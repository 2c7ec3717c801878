package bench

import (
	"context"
	"runtime"
	"sync"
	"time"

	"github.com/seed6bcf1587/coop/hub"
)

// MemoryRows are the comparisons of what is held in memory. Their work makes Least pieces, calls atRest, and lets go of them.
func MemoryRows() []Row {
	return []Row{
		{9, "a task in hub.Sleep", "a goroutine in time.Sleep", 1.05, 100_000, tasksAsleep, goroutinesAsleep},
	}
}

// MeasureBytes is Measure for a row of MemoryRows.
func (r Row) MeasureBytes(pairs int) Measurement { return r.measure(pairs, r.Least, heldBytes) }

// held is the memory that atRest found in use last. Rows are measured one at a time.
var held float64

// atRest is called by the work of a row while it holds what is to be measured.
func atRest() { held = inUse() }

// heldBytes returns how much more memory is in use when work calls atRest than before.
func heldBytes(work func(n int), n int) float64 {
	before := inUse()
	work(n)
	return held - before
}

// inUse returns the bytes of heap and stacks in use, after a collection of garbage.
func inUse() float64 {
	runtime.GC()
	runtime.GC() // what the first one found to have a finalizer or a cleanup
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return float64(m.HeapInuse + m.StackInuse)
}

func tasksAsleep(n int) {
	inHub(func(ctx context.Context) error {
		for range n {
			hub.Go(ctx, func(ctx context.Context) error { return hub.Sleep(ctx, time.Hour) }, hub.Daemon())
		}
		if err := hub.Yield(ctx); err != nil { // the others come first
			return err
		}
		atRest()
		return nil // which ends the daemons
	})
}

// goroutinesAsleep cannot wake its goroutines: they sleep for some seconds, and it waits for them.
func goroutinesAsleep(n int) {
	var begun, ended sync.WaitGroup
	begun.Add(n)
	for range n {
		ended.Go(func() {
			begun.Done()
			time.Sleep(5 * time.Second)
		})
	}
	begun.Wait()
	atRest()
	ended.Wait()
}
