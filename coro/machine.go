package coro

import (
	"iter"
	"reflect"
	"runtime"
	"sync/atomic"

	"github.com/seed6bcf1587/coop/internal/errtree"
	"github.com/seed6bcf1587/coop/internal/goid"
	"github.com/seed6bcf1587/coop/internal/recovered"
)

// machine is what a generator and its body share. The body does not hold the Generator, so that one that was
// dropped can be found.
type machine[Y, S, R any] struct {
	body func(y *Yielder[Y, S]) (R, error) // nil once started
	y    Yielder[Y, S]
	own  lane[Y, S]  // not used if another generator delegated to this one before it started
	leaf *lane[Y, S] // where the innermost body stands: own, or that of a generator delegated to

	watch runtime.Cleanup // calls abandon

	state    atomic.Int32
	panicked bool // the body ended by a panic

	// The outcome, once the state is finished.
	result R
	err    error
}

// The values of machine.state. Whoever moves it from fresh or suspended to active has the machine to himself until he
// moves it on.
const (
	fresh     int32 = iota
	suspended       // stands at a Yield: its own, or that of a generator that it delegates to
	active          // runs, or is delegated to
	finished
)

// resume lets the innermost body go on from the Yield at which it stands, up to the next one. That returns s and err, if they
// are given, and else zero and nil.
//
// After a switch the processor mispredicts each return. So this has the one stack frame between who asks and iter.Pull, and Next, Send
// and Throw are small enough to have none.
func (g *Generator[Y, S, R]) resume(s S, err error, given bool) (Y, bool) {
	m := g.machine
	if !m.state.CompareAndSwap(suspended, active) {
		return g.begin(s, given)
	}
	l := m.leaf
	y := l.top
	y.value, y.err = s, err
	l.link.Caller = goid.Get()
	v, ok := l.next()
	if ok && !l.aside {
		m.state.Store(suspended)
	} else {
		v, ok = m.goOn()
	}
	runtime.KeepAlive(g) // abandon must find the body standing at a Yield
	return v, ok
}

// begin is resume for a generator that is not suspended: it lets the body begin if it has not started.
func (g *Generator[Y, S, R]) begin(s S, given bool) (v Y, ok bool) {
	if given && !reflect.ValueOf(&s).Elem().IsZero() || !g.state.CompareAndSwap(fresh, active) {
		return v, false
	}
	m := g.machine
	m.leaf = &m.own
	m.own.next, m.own.stop = iter.Pull(m.run)
	m.watch = runtime.AddCleanup(g, abandon, body(m))
	v, ok = m.step()
	runtime.KeepAlive(g)
	return v, ok
}

// step switches to the innermost body of a generator that has been made active, and back. It is resume for what is rare.
func (m *machine[Y, S, R]) step() (Y, bool) {
	for {
		l := m.leaf
		l.link.Caller = goid.Get()
		if v, ok := l.next(); ok && !l.aside {
			m.state.Store(suspended)
			return v, true
		}
		if !m.turn() {
			return zero[Y](), false
		}
	}
}

// goOn is what comes after a switch from which control came back without a value.
func (m *machine[Y, S, R]) goOn() (Y, bool) {
	if !m.turn() {
		return zero[Y](), false
	}
	return m.step()
}

// turn finds out which body is to go on after control came back without a value. It returns false if all have ended.
func (m *machine[Y, S, R]) turn() bool {
	if m.leaf = m.leaf.then(); m.leaf == nil {
		m.end()
		return false
	}
	return true
}

// end notes that the body has ended, and passes its panic on.
func (m *machine[Y, S, R]) end() {
	m.leaf = nil
	m.watch.Stop()
	m.state.Store(finished)
	if m.panicked {
		panic(m.err)
	}
}

// run is the goroutine of the generator's own lane.
func (m *machine[Y, S, R]) run(yield func(Y) bool) {
	m.own.begin(yield)
	returned := false
	defer func() { m.own.end(yield, returned) }()
	m.call(&m.own)
	returned = true
}

// call runs the body on lane l. It returns unless the body calls Goexit.
func (m *machine[Y, S, R]) call(l *lane[Y, S]) {
	body := m.body
	m.body = nil
	below := l.enter(&m.y)
	returned := false
	defer func() {
		if v := recover(); v != nil {
			m.panicked = true
			m.err = recovered.New(v)
		} else if !returned {
			m.err = ErrGoexit
			if l.ignored {
				m.err = ErrIgnoredExit
			}
		}
		l.leave(below)
	}()
	m.result, m.err = body(&m.y)
	if l.closing && errtree.Only(m.err, ErrExit) {
		m.err = nil
	}
	returned = true
}

// inline runs the body on lane l, on top of the body that delegates to it.
func (m *machine[Y, S, R]) inline(l *lane[Y, S]) {
	defer m.end() // also when the body calls Goexit
	m.call(l)
}

// follow lets the body go on in its own lane, to its end, for the body on lane l that delegates to it.
func (m *machine[Y, S, R]) follow(l *lane[Y, S]) {
	y := m.leaf.top
	y.value, y.err = zero[S](), nil
	m.own.home = l
	l.aside, l.to = true, m.leaf
	l.yield(zero[Y]())
	m.end()
	if m.own.goexit {
		l.ignored = m.own.ignored
		runtime.Goexit()
	}
}

// finish ends a generator that has not started.
func (m *machine[Y, S, R]) finish(r R, err error) {
	m.body, m.result, m.err = nil, r, err
	m.state.Store(finished)
}

// abandon implements body: it closes the generator.
func (m *machine[Y, S, R]) abandon() {
	g := Generator[Y, S, R]{m}
	_, _ = g.Close()
}
