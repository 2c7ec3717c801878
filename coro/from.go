package coro

import (
	"iter"
	"runtime"

	"github.com/seed6bcf1587/coop/internal/goid"
)

// From delegates to g: until the body of g has ended, the values that it yields are those of the generator that y belongs
// to, and what that is sent, thrown or told goes to the body of g. From returns what g returns. If g has ended already that
// is its result; if g is running, which one that delegates to itself is, From returns [ErrRunning] at once.
//
// For as long as From waits g counts as running. When the outer generator is closed, g is closed first. If it ends well, From
// returns its result and [ErrExit], for the outer body is to end, too.
// A g that yields again instead is unwound together with the body that delegates to it. So are both
// when the body of g calls runtime.Goexit, for they may be on one goroutine. If the body of g panics, From panics with a
// *[PanicError].
//
// A body that has been told to end may delegate to a g that yields nothing more. If that one had been started before and yields all the same, it stays at
// that Yield, and only the body that delegates to it is unwound.
//
// A value, and what is sent for it, goes between the innermost body and who asks in one step, however deep it is. For
// that, a g which has not started runs on the goroutine of the body that delegates to it.
//
// From panics if it is called outside the body that y was given to.
func From[Y, S, R any](y *Yielder[Y, S], g *Generator[Y, S, R]) (R, error) {
	l := y.lane
	if l == nil || l.top != y || l.id != goid.Get() {
		panic("coro.From: called outside the running body")
	}
	closing := l.closing
	switch {
	case g.state.CompareAndSwap(fresh, active):
		g.inline(l)
	case closing && g.state.Load() == suspended:
		// Not as the body's own: if g yields, it is this body that ignores ErrExit, and g is not to suffer for it.
		if _, ok := g.Next(); ok {
			l.refuse()
		}
		if g.state.Load() == finished && g.own.goexit {
			runtime.Goexit()
		}
		return g.Result()
	case g.state.CompareAndSwap(suspended, active):
		g.follow(l)
	default:
		return g.Result()
	}
	if g.err == nil && l.closing && !closing {
		return g.result, ErrExit
	}
	return g.result, g.err
}

// FromSeq yields the values of seq. If an error is thrown meanwhile, or the generator closed, the loop over seq ends and FromSeq
// returns that error. What is sent meanwhile goes nowhere, for seq cannot receive it.
func FromSeq[Y, S any](y *Yielder[Y, S], seq iter.Seq[Y]) error {
	for v := range seq {
		if _, err := y.Yield(v); err != nil {
			return err
		}
	}
	return nil
}

// Of returns a generator of the values of seq. An error that is thrown ends it and is its result.
func Of[Y any](seq iter.Seq[Y]) *Generator[Y, struct{}, struct{}] {
	if seq == nil {
		panic("coro.Of: nil function")
	}
	return New(func(y *Yielder[Y, struct{}]) (struct{}, error) { return struct{}{}, FromSeq(y, seq) })
}
