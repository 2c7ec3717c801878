// Package coop is the map of this module: what Python programmers get from threading, queue, gevent and greenlet, made the
// Go way.
//
// There is nothing to import here. Which package for which need:
//
//   - hub: tasks that run one at a time, in an order that can be repeated, on a real clock or a virtual one.
//   - hub/hubtest: a test that runs under many orders, and finds the one in which it fails.
//   - hub/hubdebug: a page of what runs and what stalls, metrics and traces.
//   - event: an Event to wait for until somebody sets it, and a Result that is a value or an error in the end.
//   - semaphore: a Semaphore, and one that is Bounded.
//   - sync2: Mutex, RLock, Cond, Barrier and Latch, to wait for with a context.
//   - queue: a FIFO, LIFO, priority queue or rendezvous between producers and consumers.
//   - pool: a Pool of goroutines that run jobs, and hand out their results.
//   - coro: a Generator, which yields values and is sent some, and a Greenlet, which passes control to any other.
//   - cmd/blocklint: the linter that finds the calls which would stall a hub, or another event loop, however many
//     calls deep. analyzer is the same as a go/analysis Analyzer.
//
// Every call that waits takes a context first. It parks the task that the context carries, or the goroutine when the
// context carries none; so tasks and goroutines share all of it. A context that has ended already fails the call before anything
// else, even if there is nothing to wait for. When it ends during the wait, the call returns its cause, in which errors.Is
// also finds context.Canceled or context.DeadlineExceeded, and has changed nothing, unless its documentation says what.
package coop
