package hub_test

import (
	"context"
	"iter"
	"runtime"
	"sync"
	"testing"
	"time"

	"github.com/seed6bcf1587/coop/hub"
)

// The benchmarks come in twins: ours, and the plain Go way to the same end.

// BenchmarkYield is one hub.Yield while as many tasks as named take turns.
func BenchmarkYield(b *testing.B) {
	for _, tasks := range []int{2, 1000, 100_000} {
		b.Run(name(tasks), func(b *testing.B) {
			b.ReportAllocs()
			err := hub.Run(b.Context(), func(ctx context.Context) error {
				started := 0
				for range tasks {
					hub.Go(ctx, func(ctx context.Context) error {
						if started++; started == tasks {
							b.ResetTimer()
						}
						for range b.N/tasks + 1 {
							if err := hub.Yield(ctx); err != nil {
								return err
							}
						}
						return nil
					})
				}
				return nil
			})
			if err != nil {
				b.Fatal(err)
			}
		})
	}
}

// BenchmarkGosched is the twin of BenchmarkYield.
func BenchmarkGosched(b *testing.B) {
	for _, tasks := range []int{2, 1000, 100_000} {
		b.Run(name(tasks), func(b *testing.B) {
			defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
			var wg sync.WaitGroup
			for range tasks {
				wg.Go(func() {
					for range b.N/tasks + 1 {
						runtime.Gosched()
					}
				})
			}
			wg.Wait()
		})
	}
}

// BenchmarkPull is the other twin of BenchmarkYield: one next of iter.Pull.
func BenchmarkPull(b *testing.B) {
	next, stop := iter.Pull(func(yield func(struct{}) bool) {
		for yield(struct{}{}) {
		}
	})
	defer stop()
	for b.Loop() {
		next()
	}
}

func name(n int) string {
	switch n {
	case 1000:
		return "1k"
	case 100_000:
		return "100k"
	}
	return "2"
}

// BenchmarkGoJoin is the start and the join of an empty task.
func BenchmarkGoJoin(b *testing.B) {
	b.ReportAllocs()
	err := hub.Run(b.Context(), func(ctx context.Context) error {
		for b.Loop() {
			t := hub.Go(ctx, func(context.Context) error { return nil })
			if err := t.Join(ctx); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		b.Fatal(err)
	}
}

// BenchmarkGoWaitGroup is the twin of BenchmarkGoJoin.
func BenchmarkGoWaitGroup(b *testing.B) {
	for b.Loop() {
		var wg sync.WaitGroup
		wg.Go(func() {})
		wg.Wait()
	}
}

// BenchmarkVirtualSleep is one sleep of a thousand tasks that all sleep.
func BenchmarkVirtualSleep(b *testing.B) {
	b.ReportAllocs()
	err := runVirtual(b, func(ctx context.Context) error {
		for i := range 1000 {
			hub.Go(ctx, func(ctx context.Context) error {
				for j := range b.N/1000 + 1 {
					if err := hub.Sleep(ctx, time.Duration(1+(i*7919+j*104729)%1000)*time.Millisecond); err != nil {
						return err
					}
				}
				return nil
			})
		}
		return nil
	})
	if err != nil {
		b.Fatal(err)
	}
}

// BenchmarkYieldWatched is BenchmarkYield with two tasks, in a hub that is watched for stalls.
func BenchmarkYieldWatched(b *testing.B) {
	b.ReportAllocs()
	err := hub.Run(b.Context(), func(ctx context.Context) error {
		for range 2 {
			hub.Go(ctx, func(ctx context.Context) error {
				for range b.N/2 + 1 {
					if err := hub.Yield(ctx); err != nil {
						return err
					}
				}
				return nil
			})
		}
		return nil
	}, hub.WithStallThreshold(100*time.Millisecond))
	if err != nil {
		b.Fatal(err)
	}
}

// BenchmarkOffload is an Offload of nothing, while no other task can run.
func BenchmarkOffload(b *testing.B) {
	b.ReportAllocs()
	err := hub.Run(b.Context(), func(ctx context.Context) error {
		for b.Loop() {
			if _, err := hub.Offload(ctx, func(context.Context) (int, error) { return 0, nil }); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		b.Fatal(err)
	}
}

// BenchmarkGoResult is the twin of BenchmarkOffload.
func BenchmarkGoResult(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		c := make(chan int, 1)
		go func() { c <- 0 }()
		<-c
	}
}
