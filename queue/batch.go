package queue

import (
	"context"
	"fmt"
	"iter"
)

// All returns an iterator that gets one value after the other, until the queue is shut down and drained or ctx has ended.
func (q *Queue[T]) All(ctx context.Context) iter.Seq[T] {
	return func(yield func(T) bool) {
		for {
			v, err := q.Get(ctx)
			if err != nil || !yield(v) {
				return
			}
		}
	}
}

// PutAll puts the values of seq, one after the other as [Queue.Put] does, and stops at the first error.
//
//blocklint:cooperative
func (q *Queue[T]) PutAll(ctx context.Context, seq iter.Seq[T]) error {
	for v := range seq {
		if err := q.Put(ctx, v); err != nil {
			return err
		}
	}
	return nil
}

// GetN waits for a value as [Queue.Get] does, and takes along what else is there then, at most max values in all. It panics if max is less than 1.
//
//blocklint:cooperative
func (q *Queue[T]) GetN(ctx context.Context, max int) ([]T, error) {
	if max < 1 {
		panic(fmt.Sprintf("queue.Queue.GetN: at most %d values: must be at least 1", max))
	}
	v, err := q.Get(ctx)
	if err != nil {
		return nil, err
	}
	q.mu.Lock()
	got := append(make([]T, 0, min(max, 1+q.values.len())), v)
	for len(got) < max {
		v, err := q.getOrUnlock()
		if err != nil {
			break
		}
		got = append(got, v)
	}
	q.mu.Unlock()
	return got, nil
}
