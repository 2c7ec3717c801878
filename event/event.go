package event

import (
	"context"

	"github.com/seed6bcf1587/coop/internal/park"
)

// An Event is a flag that parties wait for: Python's threading.Event. The zero value is not set. An Event must not be
// copied after first use.
//
// In the terms of the Go memory model, Set synchronizes before the return of every Wait that it lets pass, before
// every IsSet that reports true because of it, and before a receive from Done that it makes possible. Clear
// synchronizes before nothing.
//
// A closed channel does the same for an event that happens once and is never cleared, if only goroutines wait for it:
// use that where it suffices. sync.Cond has no memory: a Broadcast that nobody waits for is lost, a Set is not.
type Event struct {
	gate park.Gate
}

// Set sets the event. Everybody who waits returns, even if Clear follows before they run. Setting an event that
// is set does nothing.
func (e *Event) Set() { e.gate.Open() }

// Clear takes the event back: later calls of Wait wait for the next Set. Clearing an event that is not set does nothing.
func (e *Event) Clear() { e.gate.Close() }

// IsSet reports whether the event is set.
func (e *Event) IsSet() bool { return e.gate.IsOpen() }

// Wait waits until the event is set. On a set event it returns at once, without giving up control.
//
// If ctx ends first, Wait returns its cause and the event is as if the call had never been made; a ctx that
// has ended already fails the call even if the event is set.
//
//blocklint:cooperative
func (e *Event) Wait(ctx context.Context) (err error) {
	if e.gate.Passes(ctx) {
		return // this much is inlined
	}
	return e.gate.WaitEvent(ctx)
}

// Done returns a channel that is closed while the event is set, for use in select. Clear installs a new
// channel: one that Done returned earlier stays closed.
func (e *Event) Done() <-chan struct{} { return e.gate.Done() }
