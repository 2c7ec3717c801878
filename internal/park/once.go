package park

import (
	"context"
	"sync"
	"sync/atomic"
)

// A Once is a gate that opens once and is never closed again, and of which there are many: it is small, and most of its waits take no lock. The zero
// value is closed. A Once must not be copied after first use.
//
// Open synchronizes before the return of every Wait that it lets pass, and before every IsOpen that reports true because of it.
type Once struct {
	// sleepers is a stack of the goroutines that wait and that no context ends, or opened. Who takes it off wakes them all.
	sleepers atomic.Pointer[Sleeper]

	others atomic.Pointer[Gate] // for all who wait otherwise, if there are any; opened after sleepers
}

var opened = new(Sleeper)

// Open opens it, and lets everybody who waits pass.
func (o *Once) Open() {
	for s := o.sleepers.Swap(opened); s != nil && s != opened; {
		next := s.next.Load()
		s.cond.Signal() // from here on s may be in use elsewhere
		s = next
	}
	if g := o.others.Load(); g != nil {
		g.Open()
	}
}

// IsOpen reports whether it is open.
func (o *Once) IsOpen() bool { return o.sleepers.Load() == opened }

// HasLine reports whether somebody may wait whom a context ends.
func (o *Once) HasLine() bool { return o.others.Load() != nil }

// Wait waits until it is open or ctx ends. what names the wait for people.
//
//blocklint:cooperative
func (o *Once) Wait(ctx context.Context, what string) error {
	if Ended(ctx) {
		return Err(ctx)
	}
	if o.IsOpen() {
		return nil
	}
	if Background(ctx) || ctx.Done() == nil && ctx.Value(Key{}) == nil {
		s := o.Enter()
		s.Sleep()
		o.Leave(s)
		return nil
	}
	return o.gate().Wait(ctx, what)
}

// Done returns a channel that is closed when it is open.
func (o *Once) Done() <-chan struct{} { return o.gate().Done() }

// gate returns others.
func (o *Once) gate() *Gate {
	g := o.others.Load()
	if g == nil {
		o.others.CompareAndSwap(nil, new(Gate))
		g = o.others.Load()
	}
	// An Open that did not see others has opened sleepers before.
	if o.IsOpen() {
		g.Open()
	}
	return g
}

// A Sleeper is a goroutine that waits at a Once. It is the Locker of its cond: what the cond does when it is sure that it will miss no Signal, which is
// to release a lock, is here to join the stack; and when it has been woken there is nothing to lock.
type Sleeper struct {
	cond sync.Cond
	at   *Once
	next atomic.Pointer[Sleeper] // the one below in the stack
}

// asleep are sleepers that are not in use. They hold no channel, which must not get into another synctest bubble.
var asleep = sync.Pool{New: func() any {
	s := new(Sleeper)
	s.cond.L = s
	return s
}}

// Enter, [Sleeper.Sleep] and Leave are, one after the other, what Wait does with [Background]. They are for those who want as few functions as
// possible to return after the switch to another goroutine.
func (o *Once) Enter() *Sleeper {
	s := asleep.Get().(*Sleeper)
	s.at = o
	return s
}

// Sleep waits for one Signal: of Open, or of Unlock.
func (s *Sleeper) Sleep() { s.cond.Wait() }

// Leave ends the use of s.
func (o *Once) Leave(s *Sleeper) {
	s.at = nil
	if s.next.Load() != nil {
		s.next.Store(nil)
	}
	asleep.Put(s)
	o.sleepers.Load() // is opened: what was before Open is seen from here on
}

// Lock implements [sync.Locker].
func (s *Sleeper) Lock() {}

// Unlock implements [sync.Locker].
func (s *Sleeper) Unlock() {
	for {
		first := s.at.sleepers.Load()
		if first == opened {
			s.cond.Signal() // the one that Wait is about to wait for
			return
		}
		if s.next.Load() != first { // it is nil as a rule, and so is first
			s.next.Store(first)
		}
		if s.at.sleepers.CompareAndSwap(first, s) {
			return
		}
	}
}
