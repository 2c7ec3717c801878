package queue

import (
	"context"
	"errors"
	"math"
	"sync"

	"github.com/seed6bcf1587/coop/internal/park"
	"github.com/seed6bcf1587/coop/internal/recovered"
	"github.com/seed6bcf1587/coop/internal/ring"
)

var (
	// ErrFull is what TryPut answers instead of waiting.
	ErrFull = errors.New("queue: full")

	// ErrEmpty is what TryGet answers instead of waiting.
	ErrEmpty = errors.New("queue: empty")

	// ErrShutdown is what a queue answers that has been shut down.
	ErrShutdown = errors.New("queue: shut down")
)

// A PanicError is what Put panics with when less panicked on its behalf in somebody else's Get, which made room for the value. Value is what
// less panicked with, and Stack the stack at that moment. It unwraps to Value if that is an error.
type PanicError = recovered.PanicError

// A Queue hands values from those who put them to those who get them: Python's queue.Queue, with shutdown. [NewFIFO], [NewLIFO], [NewPriority] and
// [NewRendezvous] make one; the zero value does not work. A Queue must not be copied after first use.
//
// Each value that is put is got at most once, and exactly once if the queue is drained. Whoever waits longest is served first, and a
// value goes straight to a waiting getter: nobody who comes later can snatch it.
//
// In the terms of the Go memory model, a Put of a value synchronizes before the return of the Get that takes it, and a TaskDone before
// the return of each Join that it lets go on.
//
// A buffered channel does the same as a FIFO for goroutines, with a fixed capacity, and can be used in select. Use a Queue where tasks wait,
// where the wait is to end with a context, where there is no bound, or another order.
type Queue[T any] struct {
	cap int // immutable; 0: from hand to hand, math.MaxInt: unbounded

	mu sync.Mutex
	// Guarded by mu. Somebody waits in getters only while there are no values and nobody waits in putters, and in putters only while
	// there is no room. Nobody waits in either after the shutdown.
	values     store[T]
	plain      *ring.Ring[T]          // the same if it is a FIFO, which is used most and cannot panic; else nil
	getters    park.List[transfer[T]] // the payload is what the getter is given
	putters    park.List[transfer[T]] // the payload is what the putter brings
	unfinished int                    // values that were put and not reported done
	shut       bool

	done park.Gate // open while unfinished is 0; changed with mu held
}

// A transfer is a value on its way to or from somebody who waits, or why he goes without.
type transfer[T any] struct {
	value T
	err   error
}

// NewFIFO returns a queue that hands out values in the order in which they were put. It holds at most capacity of them, or any number if
// capacity <= 0.
func NewFIFO[T any](capacity int) *Queue[T] {
	values := new(fifo[T])
	q := newQueue(capacity, values)
	q.plain = &values.Ring
	return q
}

// NewLIFO returns a queue that hands out the value first that was put last. It holds at most capacity of them, or any number if
// capacity <= 0.
func NewLIFO[T any](capacity int) *Queue[T] { return newQueue(capacity, new(lifo[T])) }

// NewPriority returns a queue that hands out the least value first, and of equal ones the one that was put first. It holds at most
// capacity of them, or any number if capacity <= 0. Put and Get take time logarithmic in the number of values.
//
// less is called by who puts or gets, with the queue locked: it must not use the queue, and must not wait. If it panics, so does the Put whose value is
// compared, or the Get, and the queue is as before. NewPriority panics if less is nil.
func NewPriority[T any](capacity int, less func(a, b T) bool) *Queue[T] {
	if less == nil {
		panic("queue.NewPriority: nil function")
	}
	return newQueue(capacity, &priority[T]{less: less})
}

// NewRendezvous returns a queue that holds nothing: Put returns when a Get has taken the value.
func NewRendezvous[T any]() *Queue[T] {
	q := newQueue(1, new(fifo[T]))
	q.cap = 0
	return q
}

func newQueue[T any](capacity int, values store[T]) *Queue[T] {
	if capacity <= 0 {
		capacity = math.MaxInt
	}
	q := &Queue[T]{cap: capacity, values: values}
	q.done.Open()
	return q
}

// Put puts v into the queue, and waits while there is no room. If ctx ends first, Put returns its cause, and if the queue is shut down,
// [ErrShutdown]; then v is not in the queue.
//
//blocklint:cooperative
func (q *Queue[T]) Put(ctx context.Context, v T) error {
	if ctx.Err() != nil {
		return park.Err(ctx)
	}
	q.mu.Lock()
	if err := q.putOrUnlock(v); err != ErrFull {
		q.mu.Unlock()
		return err
	}
	t, err := q.putters.Wait(ctx, &q.mu, transfer[T]{value: v}, "queue.Queue.Put", nil)
	if err == nil {
		err = t.err
	}
	if p, ok := err.(*recovered.PanicError); ok {
		panic(p) // of less, when the value's turn came
	}
	return err
}

// TryPut puts v into the queue if there is room. Else it returns [ErrFull], or [ErrShutdown].
func (q *Queue[T]) TryPut(v T) error {
	q.mu.Lock()
	err := q.putOrUnlock(v)
	q.mu.Unlock()
	return err
}

// putOrUnlock puts v into the queue with mu held, or returns ErrFull or ErrShutdown. If less panics, mu is not held any more.
func (q *Queue[T]) putOrUnlock(v T) error {
	if q.shut {
		return ErrShutdown
	}
	if w := q.getters.Front(); w != nil {
		q.begin(1)
		w.Payload.value = v
		q.getters.Grant(w)
		return nil
	}
	if q.size() >= q.cap {
		return ErrFull
	}
	if q.plain != nil {
		q.plain.Push(v)
	} else {
		q.pushOrUnlock(v)
	}
	q.begin(1)
	return nil
}

// pushOrUnlock pushes v, which may call less, and releases mu if that panics.
func (q *Queue[T]) pushOrUnlock(v T) {
	returned := false
	defer q.unlockUnless(&returned)
	q.values.push(v)
	returned = true
}

// popOrUnlock pops a value, which may call less, and releases mu if that panics.
func (q *Queue[T]) popOrUnlock() (v T) {
	returned := false
	defer q.unlockUnless(&returned)
	v = q.values.pop()
	returned = true
	return v
}

func (q *Queue[T]) unlockUnless(returned *bool) {
	if !*returned {
		q.mu.Unlock()
	}
}

// Get takes the next value out of the queue, and waits while there is none. If ctx ends first, Get returns its cause and has taken nothing. If
// the queue is shut down, it returns [ErrShutdown] when no value is left.
//
//blocklint:cooperative
func (q *Queue[T]) Get(ctx context.Context) (T, error) {
	if ctx.Err() != nil {
		var none T
		return none, park.Err(ctx)
	}
	q.mu.Lock()
	if v, err := q.getOrUnlock(); err != ErrEmpty {
		q.mu.Unlock()
		return v, err
	}
	t, err := q.getters.Wait(ctx, &q.mu, transfer[T]{}, "queue.Queue.Get", nil)
	if err == nil {
		err = t.err
	}
	return t.value, err
}

// TryGet takes the next value out of the queue if there is one. Else it returns [ErrEmpty], or [ErrShutdown].
func (q *Queue[T]) TryGet() (T, error) {
	q.mu.Lock()
	v, err := q.getOrUnlock()
	q.mu.Unlock()
	return v, err
}

// getOrUnlock takes a value out of the queue with mu held, or returns ErrEmpty or ErrShutdown. If less panics, mu is not held any more.
func (q *Queue[T]) getOrUnlock() (v T, err error) {
	if q.size() == 0 {
		if w := q.putters.Front(); w != nil { // from hand to hand
			v = w.Payload.value
			q.begin(1)
			q.putters.Grant(w)
			return v, nil
		}
		if q.shut {
			return v, ErrShutdown
		}
		return v, ErrEmpty
	}
	if q.plain != nil {
		v = q.plain.Pop()
	} else {
		v = q.popOrUnlock()
	}
	if q.putters.Len() > 0 {
		q.admit()
	}
	return v, nil
}

// admit lets those who wait to put fill the room that there is.
func (q *Queue[T]) admit() {
	for q.values.len() < q.cap {
		w := q.putters.Front()
		if w == nil {
			return
		}
		q.letIn(w)
	}
}

// letIn pushes the value of w, who waits to put it and is to have the panic if less panics. If less calls runtime.Goexit, that takes the caller along,
// who can neither let the others in nor release mu any more.
func (q *Queue[T]) letIn(w *park.Waiter[transfer[T]]) {
	returned := false
	defer func() {
		p := recover()
		goexit := p == nil && !returned
		if goexit {
			p = "less called runtime.Goexit"
		}
		if p != nil {
			w.Payload.err = recovered.New(p)
		} else {
			q.begin(1)
		}
		q.putters.Grant(w)
		if goexit {
			q.admit()
			q.mu.Unlock()
		}
	}()
	q.values.push(w.Payload.value)
	returned = true
}

func (q *Queue[T]) size() int {
	if q.plain != nil {
		return q.plain.Len()
	}
	return q.values.len()
}

// begin counts n more values as unfinished, or fewer if n is negative.
func (q *Queue[T]) begin(n int) {
	before := q.unfinished
	q.unfinished += n
	switch {
	case before == 0 && n > 0:
		q.done.Close()
	case n < 0 && q.unfinished == 0:
		q.done.Open()
	}
}

// Peek returns the value that Get would take at this moment, and whether there is one. A rendezvous has none.
func (q *Queue[T]) Peek() (v T, ok bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.values.len() == 0 {
		return v, false
	}
	return *q.values.peek(), true
}

// Len returns the number of values in the queue at this moment.
func (q *Queue[T]) Len() int {
	q.mu.Lock()
	defer q.mu.Unlock()
	return q.values.len()
}

// Cap returns how many values the queue can hold. It is 0 if there is no bound, and for a rendezvous, which holds none.
func (q *Queue[T]) Cap() int {
	if q.cap == math.MaxInt {
		return 0
	}
	return q.cap
}

// TaskDone says that a value which was got has been dealt with. It panics, and changes nothing, if it is called more often than values were put.
func (q *Queue[T]) TaskDone() {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.unfinished == 0 {
		panic("queue.Queue.TaskDone: called more often than values were put")
	}
	q.begin(-1)
}

// Join waits until TaskDone has been called for all values that were put, and returns at once if none is unfinished. If ctx ends first, it
// returns its cause.
//
//blocklint:cooperative
func (q *Queue[T]) Join(ctx context.Context) error { return q.done.Wait(ctx, "queue.Queue.Join") }

// Shutdown ends the queue: whoever puts gets [ErrShutdown], also who waits for room, and whoever gets does too when no value is left. If it is
// immediate, the values that are left are dropped, and no TaskDone is missing for them. An immediate shutdown may follow one that was not; apart from
// that only the first has an effect.
func (q *Queue[T]) Shutdown(immediate bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.shut = true
	if immediate {
		q.begin(-min(q.values.len(), q.unfinished)) // some may have been reported done before anybody got them
		q.values.clear()
	}
	refuse(&q.putters)
	refuse(&q.getters)
}

// refuse lets all who wait in the list go without.
func refuse[T any](l *park.List[transfer[T]]) {
	for w := l.Front(); w != nil; w = l.Front() {
		w.Payload.err = ErrShutdown
		l.Grant(w)
	}
}
