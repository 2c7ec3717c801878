// Package queue has queues that tasks and goroutines wait at.
package queue

import (
	"context"
	"errors"
	"sync"

	"github.com/seed6bcf1587/coop/internal/park"
	"github.com/seed6bcf1587/coop/internal/ring"
)

// What TryPut and TryGet answer instead of waiting.
var (
	ErrFull  = errors.New("queue: full")
	ErrEmpty = errors.New("queue: empty")
)

// A Queue hands values from those who put them to those who get them: Python's queue.Queue. [NewFIFO] makes one; the zero value
// does not work. A Queue must not be copied after first use.
//
// Each value that is put is got at most once, and each producer's values are handed out in its order. Whoever waits longest
// is served first, and a value goes straight to a waiting getter: nobody who comes later can snatch it.
//
// In the terms of the Go memory model, a Put of a value synchronizes before the return of the Get that takes it.
//
// A buffered channel does the same for goroutines with a fixed capacity, and can be used in select. Use a
// Queue where tasks wait, where waiting is to end with a context, or where there is no bound.
type Queue[T any] struct {
	cap int // immutable; 0: unbounded

	mu sync.Mutex
	// Guarded by mu. Somebody waits in getters only while items is empty, and in putters only while it is full.
	items   ring.Ring[T]
	getters park.List[T] // the payload is what the getter is given
	putters park.List[T] // the payload is what the putter brings
}

// NewFIFO returns a queue that hands out values in the order in which they were put, and holds at most capacity of
// them, or any number if capacity <= 0.
func NewFIFO[T any](capacity int) *Queue[T] {
	return &Queue[T]{cap: max(capacity, 0)}
}

// Put puts v into the queue, and waits while the queue is full. If ctx ends first, Put returns its cause and v is not in the queue.
//
//blocklint:cooperative
func (q *Queue[T]) Put(ctx context.Context, v T) error {
	if ctx.Err() != nil {
		return park.Err(ctx)
	}
	q.mu.Lock()
	if q.putLocked(v) {
		q.mu.Unlock()
		return nil
	}
	_, err := q.putters.Wait(ctx, &q.mu, v, "queue.Queue.Put", nil)
	return err
}

// TryPut puts v into the queue, or returns ErrFull if that would have to wait.
func (q *Queue[T]) TryPut(v T) error {
	q.mu.Lock()
	defer q.mu.Unlock()
	if !q.putLocked(v) {
		return ErrFull
	}
	return nil
}

// putLocked gives v to the getter that has waited longest, or else puts it into items. It reports false if there is
// no room.
func (q *Queue[T]) putLocked(v T) bool {
	if w := q.getters.Front(); w != nil {
		w.Payload = v
		q.getters.Grant(w)
		return true
	}
	if q.cap > 0 && q.items.Len() >= q.cap {
		return false
	}
	q.items.Push(v)
	return true
}

// Get takes the next value out of the queue, and waits while there is none. If ctx ends first, Get returns its cause and has
// taken nothing.
//
//blocklint:cooperative
func (q *Queue[T]) Get(ctx context.Context) (T, error) {
	if ctx.Err() != nil {
		var zero T
		return zero, park.Err(ctx)
	}
	q.mu.Lock()
	if v, ok := q.getLocked(); ok {
		q.mu.Unlock()
		return v, nil
	}
	var none T
	return q.getters.Wait(ctx, &q.mu, none, "queue.Queue.Get", nil)
}

// TryGet takes the next value out of the queue, or returns ErrEmpty if there is none.
func (q *Queue[T]) TryGet() (T, error) {
	q.mu.Lock()
	defer q.mu.Unlock()
	v, ok := q.getLocked()
	if !ok {
		return v, ErrEmpty
	}
	return v, nil
}

// getLocked takes a value out of items, and lets the putter that has waited longest fill the place.
func (q *Queue[T]) getLocked() (v T, ok bool) {
	if q.items.Len() == 0 {
		return v, false
	}
	v = q.items.Pop()
	if w := q.putters.Front(); w != nil {
		q.items.Push(w.Payload)
		q.putters.Grant(w)
	}
	return v, true
}

// Len returns the number of values in the queue at this moment.
func (q *Queue[T]) Len() int {
	q.mu.Lock()
	defer q.mu.Unlock()
	return q.items.Len()
}

// Cap returns the number of values that the queue can hold, or 0 if there is no bound.
func (q *Queue[T]) Cap() int { return q.cap }
