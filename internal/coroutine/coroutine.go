// Package coroutine lets goroutines pass control to one another directly: symmetric coroutines, of which exactly
// one runs at a time.
//
// The Go runtime offers its cheap switch between goroutines, runtime.coroswitch, only through [iter.Pull], whose two
// halves are asymmetric: next resumes a body, yield goes back. Yet a coroutine object of iter.Pull holds one blocked
// goroutine, not a particular one: whoever calls its next or yield changes places with the goroutine that is
// blocked in it. So a coroutine that gives up control can switch straight to any other, by calling next or yield of
// the object in which that other is blocked, and is from then on blocked there itself. One switch does what a loop
// that resumes and takes back needs two for.
//
// The traps of iter.Pull that this package closes, for its callers never see one of its functions: stop is
// never called, so it cannot be called from inside the body; a finished object is never switched to; Goexit in a body
// does not spread to whoever happens to be blocked in its object.
package coroutine

import "iter"

// A Set is a number of coroutines of which one has control. The zero value is ready: the goroutine that first uses
// it has control. A Set must not be used but by the goroutine that has control, and so needs no lock.
type Set struct {
	// successor is nil unless control is on its way to a coroutine by way of others, who send it on: see Exit.
	successor *Coroutine
}

// A Coroutine is a goroutine that belongs to a [Set]. The zero value stands for a goroutine that exists already, such
// as the one that makes the set; [Set.New] makes one with a goroutine of its own.
//
// Each that New makes comes with a coroutine object of iter.Pull, the place where one goroutine is blocked. It outlives none
// but is not tied to its own goroutine either.
//
// Invariant: between two switches every unfinished object of a set holds exactly one blocked goroutine, and
// every coroutine but the one in control is blocked in exactly one object.
type Coroutine struct {
	// at is the coroutine in whose object this one is blocked. Written by its own goroutine right before it blocks, read
	// by the goroutine in control; meaningless while the coroutine has control.
	at *Coroutine

	// The object: zero for a goroutine that existed already.
	next  func() (struct{}, bool)
	yield func(struct{}) bool // set by the body before anybody can need it: the first switch is a next

	// inNext reports whether somebody is inside next. iter.Pull wants next and yield called in turn, and does not
	// mind by whom.
	inNext bool

	// Immutable: what the coroutine's own goroutine runs, and its set, nil for a stand-in.
	body func()
	set  *Set
}

// start puts a new goroutine into c's object that waits to run body.
func (c *Coroutine) start() {
	c.at = c
	c.next, _ = iter.Pull(c.run)
}

// run is the first function on the new goroutine.
func (c *Coroutine) run(yield func(struct{}) bool) {
	c.yield = yield
	if c.set == nil {
		c.body()
		return
	}
	c.set.successor = nil // it may have been c
	returned := false
	defer func() {
		if !returned {
			c.set.shield(c)
		}
	}()
	c.body()
	returned = true
}

// swap blocks the caller in c's object and wakes the goroutine that was blocked there.
func (c *Coroutine) swap() {
	if c.inNext {
		c.inNext = false
		c.yield(struct{}{})
	} else {
		c.inNext = true
		c.next()
	}
}

// New makes a coroutine that runs body when control first comes to it. Before body ends, by return or by
// Goexit, it names its successor with [Set.Exit]. A panic that leaves body is not carried anywhere useful: body recovers.
//
// The goroutine is released when body ends, and only then.
func (s *Set) New(body func()) *Coroutine {
	c := new(Coroutine)
	s.Init(c, body)
	return c
}

// Init is New for a coroutine that is part of something larger: c is zero, and must not be copied from then on.
func (s *Set) Init(c *Coroutine, body func()) {
	c.set, c.body = s, body
	c.start()
}

// Transfer gives control from the calling coroutine, from, to the coroutine to, and returns when somebody transfers
// control back to from. Everything before a Transfer synchronizes before everything after the Transfer that it makes
// return.
func (s *Set) Transfer(from, to *Coroutine) {
	for {
		// This is swap, by hand: a switch costs as much as ten calls, but a return that follows one is mispredicted.
		o := to.at
		from.at = o
		if o.inNext {
			o.inNext = false
			o.yield(struct{}{})
		} else {
			o.inNext = true
			o.next()
		}
		// A body that ends hands control to whoever is blocked in its own object, chosen or not. One that was not
		// chosen sends control on.
		to = s.successor
		if to == nil {
			return
		}
		if to == from {
			s.successor = nil
			return
		}
	}
}

// Exit says to whom control goes when the calling coroutine's body, which is about to end, has ended.
func (s *Set) Exit(to *Coroutine) {
	s.successor = to
}

// shield makes it safe for the coroutine c, which calls it, to end by Goexit. iter.Pull repeats the Goexit in whoever is inside
// next of the ended object, c's own; and the one inside may be a task or the goroutine that made the set.
// So a coroutine that exists for nothing else takes that place first, and dies of it.
func (s *Set) shield(c *Coroutine) {
	successor := s.successor
	s.successor = nil
	var dying, stand Coroutine
	stand.body = func() {
		// Change places with whoever is blocked in c: that one finds that it was not chosen and gives control to
		// dying, through stand's own object, where it then waits inside yield. Control comes back here when c's object has
		// ended. If it comes with the Goexit this body ends of it, and nothing is repeated inside a yield.
		s.successor = &dying
		c.swap()
	}
	stand.start()
	s.Transfer(&dying, &stand)
	s.successor = successor
}
