package hub

import (
	"context"
	"errors"
	"slices"
	"sync"
	"time"

	"github.com/seed6bcf1587/coop/internal/park"
)

// A Group is tasks that belong together: the first that fails cancels the others, and its error is the group's. [NewGroup] makes one:
// the zero value does not work. A Group is used by the tasks of its hub only, and must not be copied.
//
// It has the shape of x/sync's errgroup.Group, which is for goroutines. Its functions are given the group's context, so NewGroup does not
// return one, and Wait takes one.
type Group struct {
	_ noCopy

	// Immutable.
	hub    *Hub
	outer  *Group // the group of the task that made this one, or nil
	within *scope // what the contexts of the tasks are derived from

	// Used with control of the hub. Invariant: nobody waits for a slot while one is free.
	limit   int  // negative: none
	busy    int  // slots in use: tasks that have not ended, and grants to those who are about to start one
	inPlace int  // functions that run in place; their slots are those of the tasks that they run in, if those have one
	waited  bool // Wait has returned: the group is over
	failure *Task
	failed  error // what the first function returned that failed, be it a task or run in place
	missed  error // why a function was not run, or did not end its work

	idle  park.Gate  // open while busy and inPlace are 0
	mu    sync.Mutex // guards slots, as package park wants it
	slots park.List[struct{}]
}

// errGroupOver is why what the tasks of a group left behind is cancelled when Wait returns.
var errGroupOver = errors.New("hub: the group of this context is over")

// NewGroup returns an empty group without a limit. The contexts of its tasks are derived from ctx. It panics if ctx carries no task, or another one than
// the task that runs.
//
// A group may be made in a task of another one, and ends when that task's context does.
func NewGroup(ctx context.Context) *Group {
	t := taskOf(ctx)
	if t == nil {
		panic("hub.NewGroup: ctx carries no task: call it inside hub.Run")
	}
	g := &Group{hub: t.hub, outer: groupOf(ctx), limit: -1, within: &scope{hub: t.hub, task: t}}
	g.within.open(ctx, time.Time{})
	g.within.values = &groupContext{g.within.values, g}
	g.idle.Open()
	return g
}

// groupContext is how the tasks of a group know it.
type groupContext struct {
	context.Context
	group *Group
}

type groupKey struct{}

func (c *groupContext) Value(key any) any {
	if _, ok := key.(groupKey); ok {
		return c.group
	}
	return c.Context.Value(key)
}

func groupOf(ctx context.Context) *Group {
	g, _ := ctx.Value(groupKey{}).(*Group)
	return g
}

// Go starts a task of the group that runs fn, as the function [Go] does. If that would be more tasks than the limit, Go waits until one has
// ended; who waits first is first. But a task of the group itself, or of a group within it, does not wait, for it might be the one to end: it runs
// fn in place, with its own context. A panic of fn is then its own.
//
// When the group has been cancelled, fn does not run, and neither does it if the calling task's context ends while Go waits; Wait then returns why,
// if no task has failed. Go panics if fn is nil, if it is called outside the group's hub, or if Wait has returned, also
// if it does while Go waits with a limit of 0.
//
//blocklint:task fn
//blocklint:cooperative
func (g *Group) Go(fn func(ctx context.Context) error, opts ...TaskOption) {
	g.check("Go", fn)
	if !g.isFull() {
		g.busy++
		g.start(fn, opts)
		return
	}
	caller := g.hub.current.get()
	switch {
	case g.isCancelled():
		return
	case caller == nil:
		panic("hub.Group.Go: a callback cannot wait for a full group: use TryGo")
	case g.contains(caller):
		g.runHere(caller, fn)
		return
	}
	g.mu.Lock()
	if _, err := g.slots.Wait(&caller.scope, &g.mu, struct{}{}, "hub.Group.Go", nil); err != nil {
		g.miss(err)
		return
	}
	if e := g.within.end.Load(); e != nil && e.cause == errGroupOver {
		g.leave()
		g.check("Go", fn)
	}
	g.start(fn, opts)
}

// TryGo is Go that does not wait: if the group is full, it does nothing. It reports whether it has started a task.
//
//blocklint:task fn
func (g *Group) TryGo(fn func(ctx context.Context) error, opts ...TaskOption) bool {
	g.check("TryGo", fn)
	if g.isFull() || g.isCancelled() {
		return false
	}
	g.busy++
	g.start(fn, opts)
	return true
}

// SetLimit bounds the number of tasks that the group has at the same time by n. A negative n is no limit, and with 0 none can be
// started. A lower limit lets tasks go on that there are.
func (g *Group) SetLimit(n int) {
	if !g.hub.seemsToHaveControl() {
		panic("hub.Group.SetLimit: called outside the group's hub")
	}
	g.limit = n
	g.grant()
}

// Wait waits until all tasks of the group have ended, and returns the error of the one that failed first. If none has, and a function
// did not run, or ended, because of the end of the group's context, Wait returns the cause of that. It takes charge of the errors of all tasks;
// those of tasks that failed later are logged. When Wait returns, the group's context ends; what its tasks started with it is cancelled.
//
// If ctx ends first, Wait returns its cause, and the group goes on. Several tasks may wait.
//
//blocklint:cooperative
func (g *Group) Wait(ctx context.Context) error {
	for first := true; first || !g.isIdle(); first = false { // a task may have been started since the last one ended
		if err := g.idle.Wait(ctx, "hub.Group.Wait"); err != nil {
			return err
		}
	}
	g.waited = true
	g.within.cancel(context.Canceled, errGroupOver)
	g.grant() // nobody is to wait for a slot that never comes
	if g.failed != nil {
		if g.failure != nil {
			_ = g.failure.take()
		}
		return g.failed
	}
	return g.missed
}

func (g *Group) check(method string, fn func(ctx context.Context) error) {
	switch {
	case fn == nil:
		panic("hub.Group." + method + ": nil function")
	case !g.hub.seemsToHaveControl():
		panic("hub.Group." + method + ": called outside the group's hub")
	case g.waited:
		panic("hub.Group." + method + ": Wait has returned")
	}
}

func (g *Group) isFull() bool { return g.limit >= 0 && g.busy >= g.limit }

func (g *Group) isIdle() bool { return g.busy == 0 && g.inPlace == 0 }

func (g *Group) isCancelled() bool {
	if g.within.Err() == nil {
		return false
	}
	g.miss(park.Cause(g.within))
	return true
}

// contains reports whether t is a task of g, or of a group within it, or was started by one.
func (g *Group) contains(t *Task) bool {
	for of := groupOf(&t.scope); of != nil; of = of.outer {
		if of == g {
			return true
		}
	}
	return false
}

// start starts a task, for which a slot is in use.
func (g *Group) start(fn func(ctx context.Context) error, opts []TaskOption) {
	if g.isCancelled() {
		g.leave()
		return
	}
	g.idle.Close()
	t := g.hub.spawn(g.within, fn, opts)
	t.awaited.Add(1) // a failure is the group's
	t.OnDone(g.ended)
}

// runHere runs fn in a task of the group.
func (g *Group) runHere(caller *Task, fn func(ctx context.Context) error) {
	g.inPlace++
	g.idle.Close() // the task may be a child of the group's, for which nobody else waits
	defer func() {
		g.inPlace--
		g.rest()
	}()
	if err := fn(&caller.scope); err != nil {
		g.note(err, !caller.isCancellation(err), nil)
	}
}

// ended is called when a task of the group has ended.
func (g *Group) ended(t *Task) {
	if t.err != nil {
		g.note(t.err, t.failed, t)
	}
	g.leave()
}

// note notes the error of a function of the group. t is its task, unless it ran in place.
func (g *Group) note(err error, failed bool, t *Task) {
	switch {
	case !failed:
		if g.within.isOver() {
			g.miss(err)
		}
	case g.failed == nil:
		g.failed, g.failure = err, t
		if t == nil {
			h := g.hub
			h.inPlace = append(slices.DeleteFunc(h.inPlace, func(g *Group) bool { return g.waited }), g)
		}
		g.within.cancel(context.Canceled, err)
	default:
		if t != nil {
			_ = t.take()
		}
		g.hub.logError("a task of a group failed after another", "error", err)
	}
}

func (g *Group) miss(err error) {
	if g.missed == nil {
		g.missed = err
	}
}

// leave gives a slot back.
func (g *Group) leave() {
	g.busy--
	g.grant()
	g.rest()
}

// rest lets those who wait for the group go on, if it has nothing to do.
func (g *Group) rest() {
	if g.isIdle() {
		g.idle.Open()
	}
}

// grant gives free slots to those who wait, and after Wait what they need to be refused.
func (g *Group) grant() {
	g.mu.Lock()
	defer g.mu.Unlock()
	for g.slots.Len() > 0 && (g.waited || !g.isFull()) {
		g.busy++
		g.idle.Close()
		g.slots.Grant(g.slots.Front())
	}
}
