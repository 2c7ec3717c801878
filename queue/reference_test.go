package queue_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/seed6bcf1587/coop/internal/worlds"
	"github.com/seed6bcf1587/coop/queue"
)

// naive is a bounded FIFO as simple as it can be.
type naive struct {
	capacity         int
	items            []int
	getters, putters worlds.Line
}

func (q *naive) Put(ctx context.Context, v int) error {
	if ctx.Err() != nil {
		return ctx.Err()
	}
	switch {
	case len(q.getters.Waiting) > 0:
		q.getters.Call(0).N = v
	case q.capacity == 0 || len(q.items) < q.capacity:
		q.items = append(q.items, v)
	default:
		_, err := q.putters.Wait(ctx, v)
		return err
	}
	return nil
}

func (q *naive) Get(ctx context.Context) (int, error) {
	if ctx.Err() != nil {
		return 0, ctx.Err()
	}
	if len(q.items) == 0 {
		p, err := q.getters.Wait(ctx, 0)
		return p.N, err
	}
	v := q.items[0]
	q.items = q.items[1:]
	if len(q.putters.Waiting) > 0 {
		q.items = append(q.items, q.putters.Call(0).N)
	}
	return v, nil
}

// TestFIFOAgainstReference compares random programs, with cancellation.
func TestFIFOAgainstReference(t *testing.T) {
	for _, capacity := range []int{0, 1, 3} {
		worlds.Same(t, func(reference bool) func(ctx context.Context, rng *rand.Rand) string {
			var q interface {
				Put(ctx context.Context, v int) error
				Get(ctx context.Context) (int, error)
			} = queue.NewFIFO[int](capacity)
			if reference {
				q = &naive{capacity: capacity}
			}
			return func(ctx context.Context, rng *rand.Rand) string {
				if v := rng.IntN(1000); v < 500 {
					return fmt.Sprint("Put ", v, " ", q.Put(ctx, v))
				}
				v, err := q.Get(ctx)
				return fmt.Sprint("Get ", v, " ", err)
			}
		})
	}
}
