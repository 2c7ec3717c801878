package hubdebug

import (
	"context"
	"runtime/trace"
	"sync"
	"time"

	"github.com/seed6bcf1587/coop/hub"
)

// Trace makes the hub's tasks visible in execution traces, see package runtime/trace: each is a user-defined task with its name as its type, and each of
// its waits a region that is named after the call, such as "hub.Sleep". A task that began before the trace did is not in it as a task.
// While no trace is taken, this costs next to nothing beyond what any observer does.
func Trace() hub.Option {
	return hub.WithObserver(&tracer{live: make(map[*hub.Task]*traced)})
}

type tracer struct {
	hub.NoObserver
	mu   sync.Mutex
	live map[*hub.Task]*traced // those that began while a trace was taken; guarded by mu, for several hubs may have the same option
}

func (r *tracer) find(t *hub.Task) *traced {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.live[t]
}

// traced is used on the goroutine of its task.
type traced struct {
	ctx  context.Context
	task *trace.Task
	wait *trace.Region // nil: it does not wait
}

func (r *tracer) Started(t *hub.Task) {
	if trace.IsEnabled() {
		ctx, task := trace.NewTask(context.Background(), t.Name())
		r.mu.Lock()
		defer r.mu.Unlock()
		r.live[t] = &traced{ctx: ctx, task: task}
	}
}

func (r *tracer) Ended(t *hub.Task, _ error) {
	if d := r.find(t); d != nil {
		d.task.End()
		r.mu.Lock()
		defer r.mu.Unlock()
		delete(r.live, t)
	}
}

func (r *tracer) Waits(t *hub.Task, what string) {
	if d := r.find(t); d != nil && trace.IsEnabled() {
		d.wait = trace.StartRegion(d.ctx, what)
	}
}

func (r *tracer) Waited(t *hub.Task, _ string, _ time.Duration) {
	if d := r.find(t); d != nil && d.wait != nil {
		d.wait.End()
		d.wait = nil
	}
}
