package coro

import (
	"runtime"
	"sync"
	"weak"

	"github.com/seed6bcf1587/coop/internal/behalf"
	"github.com/seed6bcf1587/coop/internal/coroutine"
	"github.com/seed6bcf1587/coop/internal/errtree"
	"github.com/seed6bcf1587/coop/internal/goid"
	"github.com/seed6bcf1587/coop/internal/recovered"
)

// A family is the greenlets of one goroutine.
type family[T any] struct {
	id int64 // the goroutine's number

	// mu guards the set and everything below and in the greenlets. Whoever gives control away locks it, and who gets control
	// unlocks it. The greenlets need no lock among themselves; but those that were dropped are ended at any time.
	mu      sync.Mutex
	set     coroutine.Set
	current *Greenlet[T]   // has control. So it cannot be dropped
	dying   map[int64]bool // the goroutines of greenlets that were dropped and have not ended
}

// greenlet is what a Greenlet and its body share. The body does not hold the Greenlet, so that one that was dropped can
// be found.
type greenlet[T any] struct {
	family *family[T]
	co     coroutine.Coroutine
	id     int64       // its goroutine's number, once live
	link   behalf.Link // for whom that runs

	// Guarded by family.mu.
	phase  phase
	fn     func(first T) T      // nil once started
	parent *Greenlet[T]         // nil for the main one
	killer *coroutine.Coroutine // who gets control when it ends, if it was dropped
	watch  runtime.Cleanup      // calls abandon

	// What comes with control. Written by who gives that.
	value T
	err   error
}

type phase int8

const (
	unstarted phase = iota
	live
	dead
)

// familyOf returns the greenlets to which the caller belongs.
func familyOf[T any]() *family[T] {
	id := goid.Get()
	for {
		f, body := lookUp[T](id)
		if f != nil {
			return f
		}
		if !body {
			if caller, ok := behalf.Caller(id); ok {
				id = caller
				continue
			}
		}
		f = &family[T]{id: id}
		f.current = &Greenlet[T]{&greenlet[T]{family: f, id: id, phase: live}}
		settle(id, weak.Make(f), false)
		runtime.AddCleanup(f, forget[T], id)
		return f
	}
}

// check returns if goroutine number id, which calls it with mu locked, runs on behalf of the greenlet that has control. Others
// it refuses, and unlocks.
func (f *family[T]) check(id int64, what string) {
	for ok := true; ok; id, ok = behalf.Caller(id) {
		switch {
		case id == f.current.id:
			return
		case f.dying[id]:
			f.mu.Unlock()
			runtime.Goexit()
		}
	}
	f.mu.Unlock()
	panic("coro.Greenlet." + what + ": greenlet belongs to another goroutine")
}

// route finds out who gets what goes to g, makes that one current, and has it ready to run.
func (f *family[T]) route(g *Greenlet[T], v T, err error) *greenlet[T] {
	for g.phase == dead || g.phase == unstarted && err != nil {
		if g.phase == unstarted {
			g.phase, g.fn = dead, nil
		}
		if isExit(err) {
			err = nil
		}
		g = g.parent
	}
	to := g.greenlet
	to.value, to.err = v, err
	f.current = g
	if to.phase == unstarted {
		to.phase = live
		f.set.Init(&to.co, to.run)
		to.watch = runtime.AddCleanup(g, abandon, body(to))
	}
	return to
}

func isExit(err error) bool { return err != nil && errtree.Only(err, ErrExit) }

// run is the greenlet's goroutine. It begins with the lock held.
func (g *greenlet[T]) run() {
	f := g.family
	g.id = goid.Get()
	g.link.Caller = f.id
	behalf.Add(g.id, &g.link)
	settle(g.id, weak.Make(f), true)
	fn, first := g.fn, g.value
	g.fn, g.value = nil, zero[T]()
	f.mu.Unlock()

	var v T
	err := ErrGoexit
	defer func() { g.end(v, err) }() // also when fn calls Goexit
	func() {
		defer func() {
			p := recover() // also on the way out by Goexit
			if e, ok := p.(error); ok && isExit(e) {
				err = e // the usual end of those that never end by themselves, and recording a stack is slow
			} else if p != nil {
				err = recovered.New(p)
			}
		}()
		v = fn(first)
		err = nil
	}()
}

// end gives the parent what became of g, and control with it when the goroutine has ended.
func (g *greenlet[T]) end(v T, err error) {
	f := g.family
	behalf.Remove(g.id)
	leave(g.id)
	f.mu.Lock()
	g.phase = dead
	g.value, g.err = zero[T](), nil
	g.watch.Stop()
	if g.killer != nil {
		delete(f.dying, g.id)
		f.set.Exit(g.killer)
		return
	}
	if isExit(err) {
		err = nil
	}
	f.set.Exit(&f.route(g.parent, v, err).co)
}

// abandon implements body: it lets the greenlet end.
func (g *greenlet[T]) abandon() {
	f := g.family
	f.mu.Lock()
	defer f.mu.Unlock()
	if g.phase != live {
		return
	}
	if f.dying == nil {
		f.dying = make(map[int64]bool)
	}
	f.dying[g.id] = true
	g.link.Caller = goid.Get()
	g.killer = new(coroutine.Coroutine)
	g.value, g.err = zero[T](), ErrExit
	f.set.Transfer(g.killer, &g.co)
}
