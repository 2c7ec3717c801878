package hub

import (
	"log/slog"
	"time"
)

// An Option changes what [New] makes.
type Option interface{ apply(*Hub) }

type option func(*Hub)

func (o option) apply(h *Hub) { o(h) }

// WithVirtualClock gives the hub a clock that shows start at first, stands still while a task can run, and jumps to the next
// timer when none can. The hub then waits for nothing outside itself.
func WithVirtualClock(start time.Time) Option {
	return option(func(h *Hub) {
		h.virtual, h.isolated = true, true
		h.timers.start = start
	})
}

// Isolated says that nothing outside wakes the tasks of the hub: no goroutine, no other hub, no end of the context that Run is given, unless that
// has a deadline. So when no task can run, no timer is set and nothing is offloaded, Run cancels all tasks and returns a
// *[DeadlockError], as it does on a virtual clock. What comes from outside all the same may come too late.
func Isolated() Option {
	return option(func(h *Hub) { h.isolated = true })
}

// WithOffloadLimit bounds by n the goroutines that [Offload] uses at the same time, instead of 512. Functions that wait for one another while they are
// offloaded need as many as they are. WithOffloadLimit panics if n is less than 1.
func WithOffloadLimit(n int) Option {
	if n < 1 {
		panic("hub.WithOffloadLimit: limit less than 1")
	}
	return option(func(h *Hub) { h.crew.limit = n })
}

// WithLogger makes the hub report to l the failures of tasks that nobody has joined when they end, and stalls. Without it, they
// go to [slog.Default]. Run returns the failures in any case.
func WithLogger(l *slog.Logger) Option {
	return option(func(h *Hub) { h.log = l })
}

// A TaskOption changes what [Go] starts.
type TaskOption interface{ applyTask(*Task) }

type taskName string

func (n taskName) applyTask(t *Task) { t.name = string(n) }

// Name gives the task a name for people: messages and logs. Without it a task is called after its number.
func Name(name string) TaskOption { return taskName(name) }

type daemon struct{}

func (daemon) applyTask(t *Task) { t.daemon = true }

// Daemon makes a task that [Run] does not wait for: it is cancelled when all others have ended.
func Daemon() TaskOption { return daemon{} }
