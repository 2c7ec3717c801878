package coro

import (
	"runtime"

	"github.com/seed6bcf1587/coop/internal/behalf"
	"github.com/seed6bcf1587/coop/internal/coroutine"
	"github.com/seed6bcf1587/coop/internal/goid"
)

// A lane is a goroutine made by iter.Pull, on which the body of a generator runs, and on top of it the bodies of those
// that it delegates to before they have started. So values come from the innermost of them to who asks, and what is sent goes
// there, at one switch each however deep that is.
//
// A generator that has a lane already when it is delegated to keeps it. Then lanes form a chain by home, and who asks
// switches to the last of the chain without the others' help.
//
// Who asks has the lane to himself until the switch, and then its goroutine has, until it switches back.
type lane[Y, S any] struct {
	next  func() (Y, bool)
	stop  func()
	yield func(Y) bool
	id    int64       // the goroutine's number
	link  behalf.Link // for whom it runs

	top  *Yielder[Y, S] // the innermost body's, which alone may yield
	home *lane[Y, S]    // the lane in which From waits for this one to end

	shut func(Y) bool // what Yield is of bodies that may not yield; nil until needed

	closing bool // ErrExit has been given
	ignored bool // and somebody yielded again

	// Why control came back, if not with a value.
	aside  bool        // one of the following
	to     *lane[Y, S] // From waits for the body in this lane, which is to go on
	goexit bool        // the goroutine is on its way out by Goexit, and waits to be let go
}

// begin is called by the lane's goroutine before all else.
func (l *lane[Y, S]) begin(yield func(Y) bool) {
	l.yield, l.id = yield, goid.Get()
	behalf.Add(l.id, &l.link)
}

// end is called last by the lane's goroutine, in a deferred function: returned reports whether it is not on its way out by Goexit.
func (l *lane[Y, S]) end(yield func(Y) bool, returned bool) {
	behalf.Remove(l.id)
	if !returned {
		l.aside, l.goexit = true, true
		yield(zero[Y]())
	}
}

// enter makes y the Yielder of the innermost body, and returns the one that was.
func (l *lane[Y, S]) enter(y *Yielder[Y, S]) (below *Yielder[Y, S]) {
	below = l.top
	if below != nil {
		below.yield = l.panics()
	}
	l.top = y
	y.lane, y.yield = l, l.yield
	return below
}

// leave ends what enter began.
func (l *lane[Y, S]) leave(below *Yielder[Y, S]) {
	l.top.lane = nil
	l.top.value, l.top.err = zero[S](), nil
	l.top.yield = l.panics()
	l.top = below
	if below != nil {
		below.yield = l.yield
	}
}

// panics returns what Yield is of bodies that may not yield.
func (l *lane[Y, S]) panics() func(Y) bool {
	if l.shut == nil {
		l.shut = func(Y) bool { panic("coro.Yielder.Yield: called outside the running body") }
	}
	return l.shut
}

// close makes sure that the lane's bodies are unwound if they yield again.
func (l *lane[Y, S]) close() {
	l.closing = true
	l.yield = func(Y) bool { l.refuse(); return false }
	l.top.yield = l.yield
}

// refuse unwinds the bodies of a lane that is being closed and does not end.
func (l *lane[Y, S]) refuse() {
	l.ignored = true
	runtime.Goexit()
}

// then returns the lane that goes on after control came back from l without a value: none if the last body has ended.
func (l *lane[Y, S]) then() *lane[Y, S] {
	if to := l.to; to != nil {
		l.aside, l.to = false, nil
		return to
	}
	if l.goexit {
		l.letGo()
	}
	home := l.home
	if home != nil {
		l.home = nil
		if l.closing {
			home.close()
		}
	}
	return home
}

// letGo lets the lane's goroutine end, which is on its way out by Goexit and waits in its last deferred function. iter.Pull repeats the
// Goexit in whoever lets it go on: a coroutine made for that, and for nothing else.
func (l *lane[Y, S]) letGo() {
	var set coroutine.Set
	var me coroutine.Coroutine
	set.Transfer(&me, set.New(func() {
		set.Exit(&me)
		l.stop()
	}))
}

func zero[T any]() (z T) { return z }
