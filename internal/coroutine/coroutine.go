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
// The traps of iter.Pull that this package closes: stop is never called, so it cannot be called from inside the body; a finished object
// is never switched to; Goexit in a body does not spread to whoever happens to be blocked in its object.
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

	// The object: zero for a goroutine that existed already. Only who has just called Enter may call the one that Enter named.
	Next  func() (struct{}, bool)
	Yield func(struct{}) bool // set by the body before anybody can need it: the first switch is a Next

	// inNext reports whether somebody is inside Next. iter.Pull wants next and yield called in turn, and does not
	// mind by whom.
	inNext bool

	// Immutable: what the coroutine's own goroutine runs, and its set, nil for a stand-in.
	body func()
	set  *Set
}

// start puts a new goroutine into c's object that waits to run body.
func (c *Coroutine) start() {
	c.at = c
	c.Next, _ = iter.Pull(c.run)
}

// run is the first function on the new goroutine.
func (c *Coroutine) run(yield func(struct{}) bool) {
	c.Yield = yield
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
		c.Yield(struct{}{})
	} else {
		c.inNext = true
		c.Next()
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
	if o, inside := from.Enter(to); inside {
		o.Yield(struct{}{})
	} else {
		o.Next()
	}
	if s.Astray() {
		s.SendOn(from)
	}
}

// Enter, Next or Yield, [Set.Astray] and [Set.SendOn] are what [Set.Transfer] is made of. They are for those who want no function to return after the
// switch that can be avoided, for the processor mispredicts each such return: a switch costs no more than ten of them.
//
// Enter says that from blocks in the object in which to is blocked, and returns that. The switch itself is o.Yield if somebody is inside Next, and else o.Next.
func (from *Coroutine) Enter(to *Coroutine) (o *Coroutine, inside bool) {
	o = to.at
	from.at = o
	inside = o.inNext
	o.inNext = !inside
	return o, inside
}

// Astray reports whether control has come to somebody who was not chosen, and is to be sent on: a body that ends hands control to whoever is
// blocked in its own object, chosen or not.
func (s *Set) Astray() bool { return s.successor != nil }

// SendOn sends control on that came to the coroutine from, unless it was chosen, and returns when it is.
func (s *Set) SendOn(from *Coroutine) {
	for to := s.successor; to != nil && to != from; to = s.successor {
		from.at = to.at
		to.at.swap()
	}
	s.successor = nil
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
