package coro

import "github.com/seed6bcf1587/coop/internal/goid"

// A Greenlet is a function that passes control, and a value of type T with it, to another greenlet and is passed
// it back: a symmetric coroutine. Any may switch to any other. [NewGreenlet] makes one; the zero value does not
// work. A Greenlet must not be copied.
//
// Greenlets belong to the goroutine that made them, or the task of a hub: it is itself a greenlet, the main one of its greenlets,
// which has no parent and cannot end. What the body of a greenlet or a generator makes belongs to whoever calls that body, unless its
// T is another: greenlets of different T know nothing of one another, and to those of another T a body is a goroutine like any other. To
// switch, or throw, to a greenlet of another goroutine is a panic. Exactly one greenlet of a goroutine runs at a time, and a switch orders
// what is before it before what is after it.
//
// When the function of a greenlet returns, the value goes to its parent, which is the greenlet that made it, or that SetParent
// named. So does the error when it fails: when an error that was thrown into it is not caught, when it panics, or
// calls runtime.Goexit ([ErrGoexit]). An error goes from greenlet to greenlet as a panic, because a function that switches
// does so deep in code that knows nothing of it: Switch panics with the error, and if the function does not recover, its parent gets it, as
// a *[PanicError] with the stack on which it began. [Greenlet.SwitchErr] returns the error instead. [ErrExit] is the silent end: a function
// that lets it through has ended well, and its parent gets the zero value.
//
// What goes to a greenlet that is dead goes to its parent. So does an error that goes to one which has not started; it is dead then.
//
// A greenlet that is dropped before it has ended, and to which nothing can switch any more, gets ErrExit after the garbage collector finds it, so
// that its deferred functions run and its goroutine ends. These run while the goroutine of the others goes on, and cannot switch: a function that tries to
// is unwound. What is said of dropped generators holds here, too; and greenlets whose functions hold one another are never found. Throw ErrExit to be sure.
//
// A [Generator] is simpler where one side asks and the other answers; goroutines and channels where they may run at the same time.
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

// Switch passes control and v to g, and waits until control comes back to the greenlet that calls it. It returns the value that comes with it. If an
// error comes instead, Switch panics with it. A greenlet that switches to itself gets v at once.
func (g *Greenlet[T]) Switch(v T) T {
	v, err := g.send(v, nil)
	if err != nil {
		panic(err)
	}
	return v
}

// SwitchErr is Switch, and returns an error that comes instead of a value.
func (g *Greenlet[T]) SwitchErr(v T) (T, error) { return g.send(v, nil) }

// Throw passes control and err to g: the call with which g gave control away panics with err, or returns it. Throw itself waits as SwitchErr
// does, and returns what comes back: err itself, often, if g does not catch it and its parent is the one that calls Throw. Throw panics if err is nil.
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
