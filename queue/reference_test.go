package queue_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/seed6bcf1587/coop/internal/worlds"
	"github.com/seed6bcf1587/coop/queue"
)

// naive is a queue as simple as it can be: a list, and a function that says which value leaves next.
type naive struct {
	capacity         int // negative: unbounded
	next             func(items []int) int
	items            []int
	getters, putters worlds.Line
	unfinished       int
	shut             bool
}

func (q *naive) Put(ctx context.Context, v int) error {
	switch {
	case ctx.Err() != nil:
		return ctx.Err()
	case q.shut:
		return queue.ErrShutdown
	case len(q.getters.Waiting) > 0:
		q.getters.Call(0).N = v
	case q.capacity < 0 || len(q.items) < q.capacity:
		q.items = append(q.items, v)
	default:
		p, err := q.putters.Wait(ctx, v)
		if p.N < 0 {
			return queue.ErrShutdown
		}
		return err // whoever called it has counted the value
	}
	q.unfinished++
	return nil
}

func (q *naive) Get(ctx context.Context) (int, error) {
	switch {
	case ctx.Err() != nil:
		return 0, ctx.Err()
	case len(q.items) > 0:
		i := q.next(q.items)
		v := q.items[i]
		q.items = slices.Delete(q.items, i, i+1)
		if len(q.putters.Waiting) > 0 {
			q.items = append(q.items, q.putters.Call(0).N)
			q.unfinished++
		}
		return v, nil
	case len(q.putters.Waiting) > 0:
		q.unfinished++
		return q.putters.Call(0).N, nil
	case q.shut:
		return 0, queue.ErrShutdown
	}
	p, err := q.getters.Wait(ctx, 0)
	if p.N < 0 {
		return 0, queue.ErrShutdown
	}
	return p.N, err
}

func (q *naive) TaskDone() { q.unfinished-- }

func (q *naive) Shutdown(immediate bool) {
	q.shut = true
	if immediate {
		q.unfinished -= len(q.items)
		q.items = nil
	}
	for _, l := range []*worlds.Line{&q.putters, &q.getters} {
		for len(l.Waiting) > 0 {
			l.Call(0).N = -1
		}
	}
}

func (q *naive) Len() int { return len(q.items) }

// disciplines are all kinds of queues, each with what says which value leaves next. Priorities are the values without their last digit, so that some
// are equal.
var disciplines = map[string]struct {
	make func(capacity int) *queue.Queue[int]
	next func(items []int) int
}{
	"FIFO": {queue.NewFIFO[int], func([]int) int { return 0 }},
	"LIFO": {queue.NewLIFO[int], func(items []int) int { return len(items) - 1 }},
	"priority": {
		func(capacity int) *queue.Queue[int] { return queue.NewPriority(capacity, lessPriority) },
		func(items []int) int {
			least := 0
			for i := range items {
				if lessPriority(items[i], items[least]) {
					least = i
				}
			}
			return least
		},
	},
	"rendezvous": {func(int) *queue.Queue[int] { return queue.NewRendezvous[int]() }, nil},
}

func lessPriority(a, b int) bool { return a/10 < b/10 }

// TestAgainstReference compares random programs, with cancellation and shutdown.
func TestAgainstReference(t *testing.T) {
	for name, d := range disciplines {
		for _, capacity := range []int{-1, 1, 3} {
			t.Run(fmt.Sprint(name, capacity), func(t *testing.T) {
				worlds.Same(t, func(reference bool) func(ctx context.Context, rng *rand.Rand) string {
					var q interface {
						Put(ctx context.Context, v int) error
						Get(ctx context.Context) (int, error)
						TaskDone()
						Shutdown(immediate bool)
						Len() int
					} = d.make(capacity)
					if reference {
						n := &naive{capacity: capacity, next: d.next}
						if d.next == nil {
							n.capacity = 0
						}
						q = n
					}
					return func(ctx context.Context, rng *rand.Rand) string {
						switch v := rng.IntN(1000); {
						case v < 500:
							return fmt.Sprint("Put ", v, " ", q.Put(ctx, v))
						case v < 996:
							v, err := q.Get(ctx)
							if err == nil {
								q.TaskDone()
							}
							return fmt.Sprint("Get ", v, " ", err, " ", q.Len(), " left")
						default:
							q.Shutdown(v%2 == 0)
							return fmt.Sprint("Shutdown ", v%2 == 0)
						}
					}
				})
			})
		}
	}
}
