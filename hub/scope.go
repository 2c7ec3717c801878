package hub

import (
	"context"
	"iter"
	"slices"
	"sync/atomic"
	"time"

	"github.com/seed6bcf1587/coop/internal/park"
)

// A scope is a context that belongs to a hub: the context of a task, or one that WithTimeout made for it. It carries the
// task that waits when a blocking call is given it.
//
// Scopes form a tree along which cancellation spreads downwards, at once and in a fixed order. The standard library's
// contexts cost more than a task does, and can neither be cancelled by the hub's clock nor wake a task; so a
// scope makes one only when somebody asks for its Done channel, see mirror.
type scope struct {
	end atomic.Pointer[ending] // nil until the scope ends; set once, with hub.scopes held
	std atomic.Pointer[mirror] // nil until asked for; set once, with hub.scopes held

	// Immutable once the scope is given to others.
	hub    *Hub
	task   *Task           // nil in Hub.root and in heirs
	asks   bool            // Err looks for an end that nobody has made known yet
	limits *limits         // &unlimited if there is nothing but cancellation to end it
	values context.Context // where values that the scope does not know come from; never a scope

	// The tree, guarded by hub.scopes. A scope is in its parent's list until it ends or is closed. Then its
	// children are handed to its parent, so that a chain of tasks each of which starts the next holds no memory of those that ended.
	parent     *scope
	last       *scope // of the children, in the order of opening; nil if there are none
	next, prev *scope // the parent's children in a ring; nil if the parent is
}

// limits are what ends a scope beside cancellation. Most scopes have none.
type limits struct {
	// Immutable once the scope is given to others.
	deadline time.Time       // the earliest of its own and those it lies within; zero: none
	outer    context.Context // a foreign context whose end ends the scope, else nil

	polls atomic.Uint32 // calls of Err; see expired

	// Guarded by hub.scopes.
	timed   bool   // one of the hub's timers is about the scope
	callOff func() // no longer watch outer; nil if it is not watched
}

var unlimited limits

// An ending says why a scope ended.
type ending struct {
	err   error // context.Canceled or context.DeadlineExceeded
	cause error
}

type scopeKey struct{}

// scopeOf returns the innermost scope of ctx, or nil.
func scopeOf(ctx context.Context) *scope {
	if s, ok := ctx.(*scope); ok {
		return s
	}
	s, _ := ctx.Value(scopeKey{}).(*scope)
	return s
}

// open puts s, whose hub and task are set, into the tree within ctx. It reports whether the deadline given, unless that is zero, passes
// before all that s lies within.
func (s *scope) open(ctx context.Context, own time.Time) (first bool) {
	h := s.hub
	parent := scopeOf(ctx)
	deadline := parent.limits.deadline
	var outer context.Context
	switch {
	case ctx == context.Context(parent):
		s.values = parent.values
	case ctx.Done() == nil:
		s.values, deadline, parent = ctx, time.Time{}, nil // cancellation of the outer scopes was shut out: see context.WithoutCancel
	case ctx.Done() == parent.Done():
		s.values = ctx
	default:
		s.values, outer, parent = ctx, ctx, nil
	}
	if parent == nil {
		parent = &h.root
	}
	if outer != nil && !h.virtual {
		deadline, _ = outer.Deadline() // the earlier of the two: outer lies within that scope
	}
	if !own.IsZero() && (deadline.IsZero() || own.Before(deadline)) {
		deadline, first = own, true
	}

	h.scopes.Lock()
	if s == &s.task.scope && s.task.admitted {
		h.live.add(s.task)
	}
	if s.end.Load() == nil { // else the task was cancelled before the hub knew it, and whoever did that may still look at its scope
		s.limit(deadline, outer)
		if e := parent.end.Load(); e != nil {
			s.end.Store(e)
		} else {
			parent.adopt(s)
		}
	}
	h.scopes.Unlock()
	if s.limits.outer != nil {
		s.watch()
	}
	return first
}

// limit sets what ends s beside cancellation.
func (s *scope) limit(deadline time.Time, outer context.Context) {
	s.limits = &unlimited
	if !deadline.IsZero() || outer != nil {
		s.limits = &limits{deadline: deadline, outer: outer}
	}
	h := s.hub
	s.asks = outer != nil || h.root.asks || !h.virtual && !deadline.IsZero()
}

// watch makes the end of the context around s end s.
func (s *scope) watch() {
	if s.hub.virtual {
		h := s.hub
		if len(h.watched) == cap(h.watched) {
			h.watched = slices.DeleteFunc(h.watched, (*scope).isOver)
		}
		h.watched = append(h.watched, s) // see lookAround
		return
	}
	callOff := s.hub.whenDone(s.limits.outer, s.outerEnded)
	s.hub.scopes.Lock()
	ended := s.end.Load() != nil
	if !ended {
		s.limits.callOff = callOff
	}
	s.hub.scopes.Unlock()
	if ended {
		callOff() // it ended before there was anything to call off
	}
}

// outerEnded is called, on a goroutine of its own, when the context around s has ended.
func (s *scope) outerEnded() {
	s.Err()
	if h := s.hub; h.isolated && h.asleep.Load() {
		h.ring() // it may have waited for this alone, and s have woken nobody: see isForsaken
	}
}

// children returns the scopes whose parent is s. The tree is locked, and not changed meanwhile.
func (s *scope) children() iter.Seq[*scope] {
	return func(yield func(*scope) bool) {
		for c := s.last; c != nil; {
			if c = c.next; !yield(c) || c == s.last {
				return
			}
		}
	}
}

// first returns the oldest child of s, or nil. The tree is locked.
func (s *scope) first() *scope {
	if s.last == nil {
		return nil
	}
	return s.last.next
}

// adopt adds s at the end of p's children. The tree is locked.
func (p *scope) adopt(s *scope) {
	s.parent = p
	if p.last == nil {
		s.next, s.prev = s, s
	} else {
		s.next, s.prev = p.last.next, p.last
		s.next.prev, s.prev.next = s, s
	}
	p.last = s
}

// remove takes s out of its parent's children, if it is there. The tree is locked.
func (s *scope) remove() {
	p := s.parent
	switch {
	case p == nil:
		return
	case s.next == s:
		p.last = nil
	case p.last == s:
		p.last = s.prev
	}
	s.next.prev, s.prev.next = s.prev, s.next
	s.parent, s.next, s.prev = nil, nil, nil
}

// leave is remove for a scope that ends. If the parent was an heir and has no child left, it is released: the caller
// calls off its watch when the tree is not locked any more. The tree is locked.
func (s *scope) leave() (released *scope) {
	p := s.parent
	s.remove()
	if p == nil || !p.isHeir() || p.last != nil || p.isOver() {
		return nil
	}
	p.end.Store(&taskEnded)
	p.leave()
	return p
}

// close ends s, because its task is over. The scopes below it, of tasks that go on, depend on its parent from now on, or on its heir.
func (s *scope) close() {
	s.hub.scopes.Lock()
	var heir *scope
	for c := s.first(); c != nil; c = s.first() { // then s has a parent: a scope that has ended has no children
		c.remove()
		switch {
		case s.limits.outer == nil:
			s.parent.adopt(c)
		case heir == nil:
			heir = s.leaveHeir()
			fallthrough
		default:
			heir.adopt(c)
		}
	}
	released := s.leave()
	s.hub.live.remove(s.task)
	if s.end.Load() == nil {
		s.end.Store(&taskEnded)
	}
	s.hub.scopes.Unlock()
	s.callOff()
	released.callOff()
	if heir != nil {
		heir.watch()
	}
	if m := s.std.Load(); m != nil {
		m.fire()
	}
}

// leaveHeir makes a scope that stands for s, which lies within a foreign context, among those below it: they end when that context does. It is nobody's
// context, and lives as long as it has children. The tree is locked.
func (s *scope) leaveHeir() *scope {
	heir := &scope{hub: s.hub, values: s.values, asks: true, limits: &limits{outer: s.limits.outer, deadline: s.limits.deadline}}
	s.parent.adopt(heir)
	return heir
}

func (s *scope) isHeir() bool { return s.task == nil && s != &s.hub.root }

// callOff ends the watch of the context around s, which has ended; s may be nil.
func (s *scope) callOff() {
	if s != nil && s.limits.callOff != nil { // not written any more: see watch
		s.limits.callOff()
	}
}

// taskEnded is how the scope of a task ends that nobody cancelled.
var taskEnded = ending{context.Canceled, errEnded}

// isOver reports whether the scope has ended.
func (s *scope) isOver() bool { return s.end.Load() != nil }

// cancel ends s and all scopes below it, and wakes their tasks. Anybody may call it. The first call counts.
func (s *scope) cancel(err, cause error) {
	var buf [8]*scope
	s.hub.scopes.Lock()
	gone := s.finish(&ending{err, cause}, buf[:0])
	released := s.leave()
	s.hub.scopes.Unlock()
	released.callOff()
	for _, c := range gone {
		c.callOff()
		if m := c.std.Load(); m != nil {
			m.fire()
		}
	}
}

// finish ends s and what is below it, and returns gone with them added. The tree is locked, until their tasks have been woken: who finds a scope
// gone finds its task ready, see isForsaken.
func (s *scope) finish(e *ending, gone []*scope) []*scope {
	if s.end.Load() != nil {
		return gone
	}
	s.end.Store(e)
	if s.limits.timed {
		s.hub.timers.dead.Add(1)
	}
	gone = append(gone, s)
	if s.task != nil {
		s.task.Unpark()
	}
	for c := s.first(); c != nil; c = s.first() {
		gone = c.finish(e, gone)
		c.leave()
	}
	return gone
}

// Deadline implements context.Context, on the hub's clock.
func (s *scope) Deadline() (time.Time, bool) { return s.limits.deadline, !s.limits.deadline.IsZero() }

// Done implements context.Context.
func (s *scope) Done() <-chan struct{} { return s.mirror().ctx.Done() }

// Err implements context.Context.
func (s *scope) Err() error {
	if s.end.Load() == nil && !s.asks {
		return nil
	}
	return s.errSlow()
}

// errSlow is apart so that Err can be inlined.
func (s *scope) errSlow() error {
	if e := s.end.Load(); e != nil {
		// Whoever ended the scope may not have come to its mirror yet. Done must be closed, and Cause known, before Err says so.
		if m := s.std.Load(); m != nil {
			m.fire()
		}
		return e.err
	}
	switch root := &s.hub.root; {
	case s.limits.outer != nil && s.limits.outer.Err() != nil:
		s.cancel(s.limits.outer.Err(), context.Cause(s.limits.outer))
	case root.values.Err() != nil:
		root.cancel(root.values.Err(), context.Cause(root.values))
	case !s.limits.deadline.IsZero() && s.expired():
	default:
		return nil
	}
	if e := s.end.Load(); e != nil {
		return e.err
	}
	return nil // it is shielded from what ended
}

// expired ends the outermost scope whose deadline has passed on the real clock, and reports whether there was one. The hub's timers do
// that at the end of a turn; but a task that only asks Err, and never waits, has none. It looks at the clock now and then.
func (s *scope) expired() bool {
	if s.hub.virtual || s.limits.polls.Add(1)%16 != 0 {
		return false
	}
	now := time.Now()
	var found *scope
	s.hub.scopes.Lock()
	for p := s; p != nil; p = p.parent {
		if p.limits.timed && !p.limits.deadline.IsZero() && !now.Before(p.limits.deadline) {
			found = p
		}
	}
	s.hub.scopes.Unlock()
	if found == nil {
		return false
	}
	found.cancel(context.DeadlineExceeded, context.DeadlineExceeded)
	return true
}

// Value implements context.Context.
func (s *scope) Value(key any) any {
	switch key.(type) {
	case park.Key:
		if s.task == nil {
			return nil
		}
		return s.task
	case scopeKey:
		return s
	case *int:
		// The key by which package context finds its own kind of context has this type. Cause and WithCancel must find
		// the scope's mirror, not what the values come from.
		if s.std.Load() != nil || s.end.Load() != nil {
			if v := s.mirror().ctx.Value(key); v != nil {
				return v
			}
		}
	}
	return s.values.Value(key)
}

func (s *scope) String() string {
	if s.task == nil {
		return "hub"
	}
	return "hub task " + s.task.Name()
}
