package hub

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"github.com/seed6bcf1587/coop/internal/coroutine"
	"github.com/seed6bcf1587/coop/internal/park"
	"github.com/seed6bcf1587/coop/internal/recovered"
	"github.com/seed6bcf1587/coop/internal/ring"
)

// A Hub runs tasks one at a time, on behalf of the goroutine that calls [Hub.Run]. Make one with [New]: the zero value
// does not work. A Hub must not be copied, and runs once.
//
// In the terms of the Go memory model, what a task does before it gives up control synchronizes before what the
// tasks of the same hub do after.
type Hub struct {
	_ noCopy

	// Immutable after New.
	virtual  bool
	isolated bool            // nothing outside wakes a task but what is offloaded; so it is on a virtual clock
	pick     func(n int) int // nil: first in, first out; else see WithSchedule
	log      *slog.Logger
	watch    *watchdog // nil: stalls are not watched for
	observed *observed // nil: there are no observers
	plain    bool      // pick and observed are nil

	// This group belongs to the goroutine that has control and needs no lock, for exactly one has: control is
	// handed on by set.Transfer, which orders the accesses.
	set        coroutine.Set
	owner      coroutine.Coroutine  // the goroutine that called Run
	dismisser  *coroutine.Coroutine // who ends workers, and gets control when one has ended
	ready      ring.Ring[*Task]     // tasks that can run, in the order in which they became ready
	turn       int                  // steps left before the clock and the outside world are looked at again
	timers     timers
	current    holder    // the task that has control
	newcomer   *Task     // it is its turn, and the owner is to find a worker for it; else nil
	resting    []*worker // workers without a task, the one used last at the end
	live       roll      // tasks that have not ended; changed with scopes held too, see Tasks
	foreground int       // how many of them are not daemons
	foreign    []*Task   // tasks that wait with a context that the hub does not own
	watched    []*scope  // on a virtual clock, scopes within a context that the hub does not own
	pending    bool      // on a virtual clock, time may not pass, for something offloaded may still make a task ready
	ended      uint64    // how many tasks have ended
	failed     []*Task   // tasks that failed, in the order in which they ended
	inPlace    []*Group  // groups of which a function failed first that ran in place, so that no task has its error
	stopped    error     // why no task may wait any longer; nil until then
	stoppedBy  error     // context.Canceled or context.DeadlineExceeded, with stopped
	hopeless   error     // why tasks that wait in a stopped hub wait in vain; nil until then
	cutShort   bool      // a task that is not a daemon ended with nothing but its cancellation by stop
	misuse     any       // what the function of WithSchedule panicked with, or nil
	root       scope     // ancestor of all contexts of the hub

	// Shared with all goroutines.
	phase       atomic.Int32           // created, then running, then over
	lastID      atomic.Uint64          // number of tasks made so far
	admission   sync.Mutex             // held to start a task from outside, and to set phase to over
	inbox       atomic.Pointer[Task]   // stack of tasks that became ready since it was last emptied, linked by below
	asleep      atomic.Bool            // the owner sleeps or is about to: who adds to the inbox wakes it
	wake        chan struct{}          // capacity 1; made by Run, before asleep can be true
	offloaded   atomic.Int64           // in an isolated hub, functions that run elsewhere on behalf of a task, or are to
	interrupted atomic.Bool            // the context of Run has ended
	crew        crew                   // what offloaded functions run on
	callingBack atomic.Pointer[Task]   // the task whose callbacks run, on its goroutine, or nil
	strays      strays                 // what went wrong in functions that were offloaded and given up
	callbacks   sync.WaitGroup         // callbacks on foreign contexts that may still run
	scopes      sync.Mutex             // guards the tree of scopes
	view        sync.Mutex             // held by who looks at the hub from outside
	viewer      atomic.Pointer[viewer] // who holds view, or nil
}

const (
	created int32 = iota
	running
	over
)

// New makes a hub that has not run yet.
func New(opts ...Option) *Hub {
	h := &Hub{}
	for _, o := range opts {
		o.apply(h)
	}
	return h
}

// Run makes a hub and runs main in it: see [Hub.Run].
//
//blocklint:task main
//blocklint:blocking loop returns when the tasks of the hub have ended
func Run(ctx context.Context, main func(ctx context.Context) error, opts ...Option) error {
	return New(opts...).run("hub.Run", ctx, main)
}

// Run runs main as a task, and the tasks that it starts, until every task has ended that is not a daemon. Then it cancels
// the daemons and waits for their end too. No goroutine that the hub started is left when Run returns.
//
// When ctx ends, every task is cancelled with its cause. A task is told once: the wait in which it stands, or its
// next one, fails. A task that waits again after that is unwound, so that its deferred functions run; in them
// a wait ends the deferred function, unless that runs for a panic, which is not to be lost: then the wait fails again.
//
// Run returns main's error. To it are joined, see [errors.Join], the errors of the tasks that failed and that
// nobody ever joined, in the order of their ends. If ctx ended Run before its work was done, and main itself says
// nothing else, Run returns the cause. A task that returns its own cancellation has not failed.
// If ctx has ended already, Run returns its cause and does not run main.
//
// On a virtual clock, or with [Isolated], when no task can run, no timer is set and nothing is offloaded, Run cancels all tasks and returns a
// *[DeadlockError] that names them and what they waited for.
//
// Run panics if it is called inside a task, with a nil ctx or main, or a second time.
//
//blocklint:task main
//blocklint:blocking loop returns when the tasks of the hub have ended
func (h *Hub) Run(ctx context.Context, main func(ctx context.Context) error) error {
	return h.run("hub.Hub.Run", ctx, main)
}

func (h *Hub) run(name string, ctx context.Context, main func(ctx context.Context) error) error {
	if ctx == nil {
		panic(name + ": nil context")
	}
	if main == nil {
		panic(name + ": nil function")
	}
	if kindOfCaller() == workerGoroutine || park.Of(ctx) != nil {
		panic(name + ": called inside a task: start another task with hub.Go")
	}
	if !h.phase.CompareAndSwap(created, running) {
		panic(name + ": this hub has run already: make a new one with hub.New")
	}

	ctx = withoutTask(ctx) // of another hub, on a goroutine that is none of its tasks
	h.wake = make(chan struct{}, 1)
	h.timers.begin(h.virtual)
	h.timers.observed, h.plain = h.observed, h.pick == nil && h.observed == nil
	if h.observed != nil {
		h.observed.since = time.Now()
	}
	h.root.hub, h.root.values, h.root.asks = h, ctx, ctx.Done() != nil
	var deadline time.Time
	if !h.virtual {
		deadline, _ = ctx.Deadline()
	}
	h.root.limit(deadline, nil)
	if ctx.Err() != nil {
		h.stopWith(ctx) // before there is a task that could run
	}
	callOff := h.whenDone(ctx, func() {
		if !h.virtual {
			h.root.cancel(ctx.Err(), context.Cause(ctx)) // a task that never waits is told too
		}
		h.interrupted.Store(true)
		h.ring()
	})

	endWatch := h.watch.start()
	first := h.spawn(&h.root, main, []TaskOption{Name("main")})
	first.awaited.Add(1) // its error is Run's in any case
	first.taken.Store(true)
	for !h.isOver() {
		if next := h.next(); next != nil {
			h.oversee(next)
		} else {
			h.rest(&h.owner)
		}
	}
	h.dismiss(&h.owner, len(h.resting))
	callOff()
	endWatch()
	h.crew.close()
	h.callbacks.Wait()
	if h.misuse != nil {
		panic(h.misuse)
	}
	return h.outcome(first)
}

// isOver ends the hub if no task is left. From then on none can be started.
func (h *Hub) isOver() bool {
	if h.live.n > 0 {
		return false
	}
	h.admission.Lock()
	defer h.admission.Unlock()
	for t := h.inbox.Load(); t != nil; t = t.below {
		if t.hub != nil { // else somebody wants to look, and there is nothing to see; who looks again and again must not keep the hub from its end
			return false
		}
	}
	h.phase.Store(over)
	return true
}

// outcome puts together what Run returns.
func (h *Hub) outcome(main *Task) error {
	var errs []error
	var dead *DeadlockError
	switch {
	case errors.As(h.stopped, &dead):
		errs = append(errs, dead)
		if main.err != nil && !errors.Is(main.err, dead) {
			errs = append(errs, main.err)
		}
	case main.err != nil:
		errs = append(errs, main.err)
	case h.cutShort:
		errs = append(errs, park.Because(h.stoppedBy, h.stopped))
	}
	for _, t := range h.failed {
		if !t.taken.Load() {
			errs = append(errs, fmt.Errorf("task %q: %w", t.Name(), t.err))
		}
	}
	for _, g := range h.inPlace {
		if !g.waited {
			errs = append(errs, fmt.Errorf("hub.Group, never waited for: %w", g.failed))
		}
	}
	errs = append(errs, h.strays.all()...)
	if len(errs) == 1 {
		return errs[0]
	}
	return errors.Join(errs...)
}

// whenDone arranges for fn to be called on a goroutine of its own when ctx ends, and for Run to wait for that goroutine.
// The function it returns calls the arrangement off.
func (h *Hub) whenDone(ctx context.Context, fn func()) (callOff func()) {
	if ctx.Done() == nil {
		return func() {}
	}
	h.callbacks.Add(1)
	stop := context.AfterFunc(ctx, func() {
		defer h.callbacks.Done()
		fn()
	})
	return func() {
		if stop() {
			h.callbacks.Done()
		}
	}
}

// logger returns where the hub reports to.
func (h *Hub) logger() *slog.Logger {
	if h.log == nil {
		return slog.Default()
	}
	return h.log
}

// logError logs an error with control of the hub. A handler that panics must not take the hub along: Run returns its panic.
func (h *Hub) logError(msg string, args ...any) {
	defer func() {
		if v := recover(); v != nil {
			h.strays.add(fmt.Errorf("hub: the logger: %w", recovered.New(v)))
		}
	}()
	h.logger().Error(msg, args...)
}

// now reads the hub's clock.
func (h *Hub) now() time.Time { return h.timers.start.Add(h.timers.read()) }

// noCopy makes go vet report copies of what embeds it.
type noCopy struct{}

func (*noCopy) Lock()   {}
func (*noCopy) Unlock() {}
