package bench

import (
	"context"
	"iter"
	"runtime"
	"sync/atomic"
	"time"

	"github.com/seed6bcf1587/coop/coro"
	"github.com/seed6bcf1587/coop/hub"
)

// MemoryRows are the comparisons of what is held in memory. Their work makes Least pieces, calls atRest or atPeak, and lets go of them.
func MemoryRows() []Row {
	return []Row{
		{0, "a Generator at a yield", "iter.Pull at a yield", 0, 20_000, hold(suspendedGenerator), hold(suspendedPull)},
		{0, "a Generator at a yield", "a goroutine with two channels", 0, 20_000, hold(suspendedGenerator), hold(suspendedGoroutine)},
		{0, "a Greenlet that has switched", "iter.Pull at a yield", 0, 20_000, hold(suspendedGreenlet), hold(suspendedPull)},
		{0, "peak, 10,000,000 values into a FIFO", "append to a slice", 0, 10_000_000, fifoBurst, sliceBurst},
		{9, "a task in hub.Sleep", "a goroutine in time.Sleep", 1.05, 100_000, tasksAsleep, goroutinesAsleep},
	}
}

// HeldBytes returns how much more memory is in use when work, which is Ours or Theirs of the row, calls atRest than before. It
// wants a process of its own: the runtime keeps what goroutines leave behind, and gives new ones stacks as large as those before have needed.
func (r Row) HeldBytes(work func(n int)) float64 {
	before := inUse()
	work(r.Least)
	return (held - before) / float64(r.Least)
}

// held is the memory that atRest or atPeak found last.
var held float64

// atPeak is atRest for the most that there was at a time, garbage included.
func atPeak() {
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	held = float64(m.HeapSys + m.StackSys) // neither ever shrinks
}

// atRest is called by the work of a row while it holds what is to be measured.
func atRest() { held = inUse() }

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
	before := runtime.NumGoroutine()
	var begun atomic.Int64
	for range n {
		go func() { // not WaitGroup.Go, below which the stacks would have to grow
			begun.Add(1)
			time.Sleep(5 * time.Second)
		}()
	}
	for begun.Load() < int64(n) {
		runtime.Gosched()
	}
	atRest()
	for runtime.NumGoroutine() > before {
		time.Sleep(100 * time.Millisecond)
	}
}

// hold makes pieces with one function, and ends each with what that returned.
func hold(start func() (end func())) func(n int) {
	return func(n int) {
		ends := make([]func(), n)
		for i := range ends {
			ends[i] = start()
		}
		atRest()
		for _, end := range ends {
			end()
		}
	}
}

func suspendedGenerator() (end func()) {
	g := coro.New(forever)
	g.Next()
	return func() { _, _ = g.Close() }
}

func suspendedGreenlet() (end func()) {
	main := coro.Current[int]()
	g := coro.NewGreenlet(func(v int) int { return main.Switch(v) })
	g.Switch(1)
	return func() { _, _ = g.Throw(coro.ErrExit) }
}

func suspendedPull() (end func()) {
	next, stop := iter.Pull(ints)
	next()
	return stop
}

func suspendedGoroutine() (end func()) {
	ask, answer := make(chan struct{}), make(chan int)
	go answerWhenAsked(ask, answer)
	ask <- struct{}{}
	<-answer
	return func() { close(ask) }
}
