package hub

import "context"

// A Future is a task that returns a value. [Spawn] starts one. All that a Task can do, it can.
//
// An [github.com/seed6bcf1587/coop/event.Result] is a value that anybody may set, once. A Future is set by the end of its task.
type Future[T any] struct {
	*Task
	value T // written by the task before it ends
}

// Spawn is [Go] for a function that returns a value besides its error.
//
//blocklint:task fn
func Spawn[T any](ctx context.Context, fn func(ctx context.Context) (T, error), opts ...TaskOption) *Future[T] {
	t := taskOf(ctx)
	if t == nil {
		panic("hub.Spawn: ctx carries no task: call it inside hub.Run")
	}
	if fn == nil {
		panic("hub.Spawn: nil function")
	}
	f := new(Future[T])
	f.Task = t.hub.spawn(ctx, func(ctx context.Context) (err error) {
		f.value, err = fn(ctx)
		return err
	}, opts)
	return f
}

// Get waits until the task has ended, as [Task.Join] does, and returns what its function returned. It takes charge of the error.
// If ctx ends first, Get returns its cause, and the task goes on.
//
//blocklint:cooperative
func (f *Future[T]) Get(ctx context.Context) (T, error) {
	if err := f.await(ctx, "hub.Future.Get"); err != nil {
		var none T
		return none, err
	}
	return f.value, f.take()
}
