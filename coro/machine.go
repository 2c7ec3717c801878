package coro

import (
	"iter"
	"runtime"
	"sync/atomic"

	"github.com/seed6bcf1587/coop/internal/behalf"
	"github.com/seed6bcf1587/coop/internal/coroutine"
	"github.com/seed6bcf1587/coop/internal/errtree"
	"github.com/seed6bcf1587/coop/internal/goid"
	"github.com/seed6bcf1587/coop/internal/recovered"
)

// machine is what a generator and its body share. The body does not hold the Generator, so that one that was
// dropped can be found.
type machine[Y, S, R any] struct {
	body func(y *Yielder[Y, S]) (R, error) // nil once started
	y    Yielder[Y, S]
	next func() (Y, bool) // nil until started
	stop func()
	link behalf.Link // for whom the body runs

	state    atomic.Int32
	goexit   bool // the body ended by Goexit, and its goroutine waits to be let go
	panicked bool // the body ended by a panic

	// The outcome, once the state is finished.
	result R
	err    error
}

// The values of machine.state. Whoever moves it from fresh or suspended to active has the machine to himself until he
// moves it on.
const (
	fresh int32 = iota
	suspended
	active
	finished
)

// resume lets the body go on from where it stands, with s or err as the outcome of its Yield, up to its next one.
func (g *Generator[Y, S, R]) resume(s S, err error) (Y, bool) {
	switch {
	case g.state.CompareAndSwap(suspended, active):
		g.y.value, g.y.err = s, err
	case g.state.CompareAndSwap(fresh, active):
		g.next, g.stop = iter.Pull(g.run)
		runtime.AddCleanup(g, (*machine[Y, S, R]).abandon, g.machine)
	default:
		return zero[Y](), false
	}
	v, ok := g.step()
	runtime.KeepAlive(g) // abandon must find the body standing at a Yield
	return v, ok
}

// step switches to the body, which is active, and back.
func (m *machine[Y, S, R]) step() (Y, bool) {
	m.link.Caller = goid.Get()
	v, ok := m.next()
	if ok && !m.goexit {
		m.state.Store(suspended)
		return v, true
	}
	if m.goexit {
		m.letGo()
	}
	m.state.Store(finished)
	if p, ok := m.err.(*PanicError); ok && m.panicked {
		panic(p)
	}
	return zero[Y](), false
}

// run is the body's goroutine.
func (m *machine[Y, S, R]) run(yield func(Y) bool) {
	m.y.yield = yield
	body := m.body
	m.body = nil
	id := goid.Get()
	behalf.Add(id, &m.link)
	returned := false
	defer func() {
		behalf.Remove(id)
		if returned {
			return
		}
		// The body called Goexit, and perhaps panicked on the way out.
		if !m.panicked {
			m.err = ErrGoexit
			if m.y.ignored {
				m.err = ErrIgnoredExit
			}
		}
		m.goexit = true
		yield(zero[Y]())
	}()
	m.call(body)
	returned = true
}

// call calls the body, and returns unless that calls Goexit.
func (m *machine[Y, S, R]) call(body func(y *Yielder[Y, S]) (R, error)) {
	defer func() {
		if v := recover(); v != nil {
			m.panicked = true
			m.err = recovered.New(v)
		}
	}()
	m.result, m.err = body(&m.y)
	if m.y.exit && errtree.Only(m.err, ErrExit) {
		m.err = nil
	}
}

// letGo lets the body's goroutine end, which is on its way out by Goexit and waits in its last deferred function. iter.Pull repeats the
// Goexit in whoever lets it go on: a coroutine made for that, and for nothing else.
func (m *machine[Y, S, R]) letGo() {
	var set coroutine.Set
	var me coroutine.Coroutine
	set.Transfer(&me, set.New(func() {
		set.Exit(&me)
		m.stop()
	}))
}

// finish ends a generator that has not started.
func (m *machine[Y, S, R]) finish(r R, err error) {
	m.body, m.result, m.err = nil, r, err
	m.state.Store(finished)
}

// abandon closes a generator that nobody can reach any more. What goes wrong in that, nobody can be told.
func (m *machine[Y, S, R]) abandon() {
	if m.state.Load() == suspended {
		go func() {
			defer func() { _ = recover() }()
			g := Generator[Y, S, R]{m}
			_, _ = g.Close()
		}()
	}
}

func zero[T any]() (z T) { return z }
