package hub_test

import (
	"context"
	"sync"
	"testing"
	"testing/synctest"

	"github.com/seed6bcf1587/coop/hub"
	"github.com/seed6bcf1587/coop/internal/worlds"
	"github.com/seed6bcf1587/coop/queue"
	"github.com/seed6bcf1587/coop/semaphore"
)

// TestNoWakeUpIsLost passes values to and fro between goroutines and tasks, with no timeout that would heal a lost wake-up. Whoever misses one waits for
// ever, and the bubble finds a deadlock. A grant that comes between the moment at which a task is listed and the moment at which it
// parks is what it is about.
func TestNoWakeUpIsLost(t *testing.T) {
	for range worlds.Rounds(20) {
		synctest.Test(t, passToAndFro)
	}
}

func passToAndFro(t *testing.T) {
	const pairs, rounds = 4, 3000
	there, back := queue.NewFIFO[int](1), queue.NewFIFO[int](1)
	one := semaphore.New(1)
	inside := 0
	var wg sync.WaitGroup
	for range pairs {
		wg.Go(func() {
			for i := range rounds {
				_ = there.Put(t.Context(), i)
				_ = one.Acquire(context.Background(), 1)
				inside++
				one.Release(1)
				_, _ = back.Get(context.Background())
			}
		})
	}
	err := hub.Run(t.Context(), func(ctx context.Context) error {
		for range pairs {
			hub.Go(ctx, func(ctx context.Context) error {
				for range rounds {
					v, err := there.Get(ctx)
					if err != nil {
						return err
					}
					if err := one.Acquire(ctx, 1); err != nil {
						return err
					}
					inside++
					one.Release(1)
					if err := back.Put(ctx, v); err != nil {
						return err
					}
				}
				return nil
			})
		}
		return nil
	})
	wg.Wait()
	if err != nil || inside != 2*pairs*rounds {
		t.Errorf("%v; %d times inside", err, inside)
	}
}
