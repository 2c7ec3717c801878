package queue

import (
	"context"
	"fmt"
	"iter"

	"github.com/seed6bcf1587/coop/internal/park"
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

// PutAll puts the values of seq, one after the other as [Queue.Put] does, and stops at the first error: the value that failed has left
// seq, and is not in the queue. If ctx has ended before, seq is not asked for any.
//
//blocklint:cooperative
func (q *Queue[T]) PutAll(ctx context.Context, seq iter.Seq[T]) error {
	if ctx.Err() != nil {
		return park.Err(ctx)
	}
	for v := range seq {
		if err := q.Put(ctx, v); err != nil {
			return err
		}
	}
	return nil
}

// GetN waits for a value as [Queue.Get] does, and takes along what else is there then, at most max values in all. If the
// function of a priority queue panics after the first, GetN returns what it has. It panics if max is less than 1.
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
	return q.more(v, max), nil
}

// more returns v and what else is there, at most max values in all. If less panics, that is all for now: what has been taken must not be lost, and
// the next Get compares again.
func (q *Queue[T]) more(v T, max int) (got []T) {
	defer func() { _ = recover() }()
	q.mu.Lock()
	got = append(make([]T, 0, min(max, 1+q.values.len())), v)
	for len(got) < max {
		v, err := q.getOrUnlock()
		if err != nil {
			break
		}
		got = append(got, v)
	}
	q.mu.Unlock()
	return got
}
