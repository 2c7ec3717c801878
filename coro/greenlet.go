package coro

import "github.com/seed6bcf1587/coop/internal/goid"

// A Greenlet is a function that passes control, and a value of type T with it, to another greenlet and is passed
// it back: a symmetric coroutine. Any may switch to any other. [NewGreenlet] makes one; the zero value does not
// work. A Greenlet must not be copied.
//
// Greenlets belong to the goroutine, or the task of a hub, that made them. It is itself a greenlet: the main one, which has no
// parent and cannot end. What the body of a greenlet or a generator makes belongs to whoever calls that body. Exactly one of a
// goroutine's greenlets runs at a time, and a switch orders what is before it before what is after it. To switch, or throw, to
// a greenlet of another goroutine is a panic. Greenlets of different T know nothing of one another: to those of another T, a
// greenlet's function is on a goroutine like any other.
//
// When the function of a greenlet returns, the value goes to its parent: the greenlet that made it, or that SetParent
// named. So does the error when it fails: lets through an error that was thrown into it, panics, or calls runtime.Goexit
// ([ErrGoexit]). Errors travel as panics, because who switches often does so deep in code that knows nothing of it: Switch
// panics with the error, and if the function does not recover, its parent gets it, as a *[PanicError] with the stack on which it
// began. [Greenlet.SwitchErr] returns the error instead. [ErrExit] is the silent end: of a function that lets it through
// the parent gets the zero value.
//
// What goes to a greenlet that is dead goes to its parent. So does an error that goes to one which has not started; that one is
// dead then.
//
// A greenlet that is dropped before it has ended gets ErrExit after the garbage collector finds it, so that its
// deferred functions run and its goroutine ends. They run beside the other greenlets, and cannot switch: a function that tries
// to is unwound. What is said of dropped generators holds here, too, and greenlets whose functions hold one another are
// never found. Throw ErrExit to be sure.
//
// A [Generator] is simpler where one side asks and the other answers; goroutines and channels are where both may run at once.
type Greenlet[T any] struct {
	*greenlet[T]
}

// NewGreenlet returns a greenlet that runs fn. No code of fn runs before the first switch to it, the value of which is
// passed to fn. Its parent is the greenlet that calls NewGreenlet.
//
// Functions of greenlets run on goroutines of their own, but never two at the same time. In a task of a hub they may wait as
// the task could, with the task's context: the task waits.
func NewGreenlet[T any](fn func(first T) T) *Greenlet[T] {
	if fn == nil {
		panic("coro.NewGreenlet: nil function")
	}
	f := familyOf[T]()
	f.mu.Lock()
	defer f.mu.Unlock()
	return &Greenlet[T]{&greenlet[T]{family: f, fn: fn, parent: f.current}}
}

// Current returns the greenlet that runs, which may be the calling goroutine as the main one.
func Current[T any]() *Greenlet[T] {
	f := familyOf[T]()
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.current
}

// Switch passes control and v to g, and waits until control comes back to the greenlet that calls it. It returns the value
// that comes with it. If an error comes instead, Switch panics with it. A greenlet that switches to itself gets v at once.
func (g *Greenlet[T]) Switch(v T) T {
	v, err := g.send(v, nil)
	if err != nil {
		panic(err)
	}
	return v
}

// SwitchErr is Switch, and returns an error that comes instead of a value.
func (g *Greenlet[T]) SwitchErr(v T) (T, error) { return g.send(v, nil) }

// Throw passes control and err to g: the call with which g gave control away panics with err, or returns it. Throw itself
// waits as SwitchErr does, and returns what comes back: often err again, when g lets it through and its parent is who calls
// Throw. Throw panics if err is nil.
func (g *Greenlet[T]) Throw(err error) (T, error) {
	if err == nil {
		panic("coro.Greenlet.Throw: nil error")
	}
	var none T
	return g.send(none, err)
}

// Dead reports whether g has ended, or an error was thrown to it before it started. It may be called from any goroutine.
func (g *Greenlet[T]) Dead() bool {
	g.family.mu.Lock()
	defer g.family.mu.Unlock()
	return g.phase == dead
}

// Parent returns the greenlet that gets what becomes of g. It is nil for the main one. It may be called from any goroutine.
func (g *Greenlet[T]) Parent() *Greenlet[T] {
	g.family.mu.Lock()
	defer g.family.mu.Unlock()
	return g.parent
}

// SetParent makes p the parent of g. It panics if p is nil or belongs to another goroutine, if g is the main greenlet, or if g is p
// or an ancestor of p.
func (g *Greenlet[T]) SetParent(p *Greenlet[T]) {
	f := g.family
	f.mu.Lock()
	f.check(goid.Get(), "SetParent")
	defer f.mu.Unlock()
	switch {
	case p == nil:
		panic("coro.Greenlet.SetParent: nil parent")
	case p.family != f:
		panic("coro.Greenlet.SetParent: parent belongs to another goroutine")
	case g.parent == nil:
		panic("coro.Greenlet.SetParent: the main greenlet has no parent")
	}
	for a := p; a != nil; a = a.parent {
		if a.greenlet == g.greenlet {
			panic("coro.Greenlet.SetParent: a greenlet cannot be its own ancestor")
		}
	}
	g.parent = p
}

// send passes control to g with v or err, and returns what comes back with it. Like resume it has the one stack frame that there need be.
func (g *Greenlet[T]) send(v T, err error) (T, error) {
	f := g.family
	f.mu.Lock()
	me := f.current.greenlet
	if id := goid.Get(); id != me.id {
		what := "Switch"
		if err != nil {
			what = "Throw"
		}
		f.check(id, what)
	}
	to := g.greenlet
	if to.phase == live {
		to.value, to.err, f.current = v, err, g
	} else {
		to = f.route(g, v, err)
	}
	if to != me {
		f.set.Transfer(&me.co, &to.co)
		// The lock was held until here, by whoever had control.
	}
	v, err = me.value, me.err
	f.mu.Unlock()
	return v, err
}
