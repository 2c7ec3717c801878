// Package low is where the operations stand that tasks in package top reach
// through package mid.
package low

import (
	"context"
	"database/sql"
	"time"

	"github.com/seed6bcf1587/coop/hub"
)

// Sleep blocks.
func Sleep() { time.Sleep(time.Second) }

// Hidden blocks in a function that no importer can name.
func Hidden() { hidden() }

func hidden() { time.Sleep(time.Second) }

// A Store has methods that block.
type Store struct{ db *sql.DB }

// Save blocks two calls deep.
func (s *Store) Save() error { return s.exec("INSERT") }

func (s *Store) exec(q string) error {
	_, err := s.db.Exec(q)
	return err
}

// Len does not block.
func (s *Store) Len() int { return 0 }

// A Conn is handed out by [Open], so that importers of importers call it.
type Conn struct{ ch chan int }

// Recv blocks.
func (c *Conn) Recv() int { return <-c.ch }

// Open does not block.
func Open() *Conn { return &Conn{make(chan int)} }

// Call calls f on the spot.
func Call(f func()) { f() }

// Start runs f elsewhere.
func Start(f func()) { go f() }

// Keep stores f.
func Keep(f func()) { kept = f }

var kept func()

// Task makes f a task.
func Task(ctx context.Context, f func(context.Context) error) { hub.Go(ctx, f) }

// TaskFunc makes f a task in a literal around it.
func TaskFunc(ctx context.Context, f func()) {
	hub.Go(ctx, func(ctx context.Context) error {
		f()
		return nil
	})
}

// TaskAll makes all of fs tasks.
func TaskAll(ctx context.Context, fs ...func(context.Context) error) {
	for _, f := range fs {
		hub.Go(ctx, f)
	}
}

// A Pool starts tasks in a method.
type Pool struct{ ctx context.Context }

// Submit makes f a task.
func (p *Pool) Submit(f func()) { TaskFunc(p.ctx, f) }

// Sleeper returns a function that blocks.
func Sleeper(d time.Duration) func() { return func() { time.Sleep(d) } }

// Napper returns a function of the standard library.
func Napper() func(time.Duration) { return time.Sleep }

// Logged returns a function that calls f.
func Logged(f func()) func() {
	return func() {
		println("call")
		f()
	}
}

// Loop is a task that blocks.
func Loop(ctx context.Context) error {
	time.Sleep(time.Second)
	return nil
}

// Map calls f for each of xs.
func Map[T, U any](xs []T, f func(T) U) []U {
	var out []U
	for _, x := range xs {
		out = append(out, f(x))
	}
	return out
}

// A Callback is called by a loop.
//
//blocklint:nonblocking
type Callback func(n int)

// A Listener is told by a loop.
type Listener interface {
	//blocklint:nonblocking
	Told(n int)

	// Park gives the loop back while it waits.
	//
	//blocklint:cooperative
	Park(ctx context.Context) error

	//blocklint:blocking net asks a server
	Ask() error
}

// Register keeps f.
func Register(f Callback) {}

// Listen keeps l.
func Listen(l Listener) {}

// A Queue has values of any type.
type Queue[T any] struct{ ch chan T }

// Pop blocks.
func (q *Queue[T]) Pop() T { return <-q.ch }

// A Worker has a step that an option sets.
type Worker struct{ step func() }

// An Option sets up a worker.
type Option func(*Worker)

// WithStep sets the step.
func WithStep(f func()) Option { return func(w *Worker) { w.step = f } }

// NewWorker returns a worker.
func NewWorker(opts ...Option) *Worker {
	w := new(Worker)
	for _, o := range opts {
		o(w)
	}
	return w
}

// Step calls the step.
func (w *Worker) Step() { w.step() }

// Hook is called by CallHook.
var Hook = func() {}

// CallHook calls Hook.
func CallHook() { Hook() }
