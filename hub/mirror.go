package hub

import (
	"context"
	"sync/atomic"
	"time"
)

// A mirror is a cancellable context of the standard library that ends when its scope does, with the same error and
// cause. Contexts that are derived from the scope by package context hang on it, and so are cancelled at once, by
// whoever cancels the scope, without a goroutine in between.
//
// No function of package context makes a context that can be ended with DeadlineExceeded by anything but a runtime
// timer. But one whose parent has an AfterFunc method ends, when that calls back, with the parent's Err
// and Cause: the mirror's parent is of that kind.
type mirror struct {
	ctx   context.Context
	end   func() // ends ctx
	fired atomic.Bool
}

// fire ends ctx, if that has not been done. The scope has ended. When fire returns, ctx has.
func (m *mirror) fire() {
	if !m.fired.Load() {
		m.end()
		m.fired.Store(true)
	}
}

// mirror returns the scope's mirror, and makes it if need be.
func (s *scope) mirror() *mirror {
	if m := s.std.Load(); m != nil {
		if s.end.Load() != nil {
			m.fire()
		}
		return m
	}
	s.hub.scopes.Lock()
	m := s.std.Load()
	if m == nil {
		m = newMirror(s)
		s.std.Store(m)
	}
	over := s.end.Load() != nil
	s.hub.scopes.Unlock()
	if over {
		m.fire()
	}
	return m
}

func newMirror(s *scope) *mirror {
	o := &origin{scope: s}
	ctx, cancel := context.WithCancel(o)
	_ = cancel // what ends it is fire
	return &mirror{ctx: ctx, end: o.fire}
}

// origin is the parent of a mirror. Package context takes it for a foreign kind of context.
type origin struct {
	scope *scope
	fire  func()
}

// never is the Done channel of all origins. It is not nil, which would mean that they cannot end, and nobody waits for it: the
// end is made known by AfterFunc.
var never = make(chan struct{})

func (o *origin) Deadline() (time.Time, bool) { return o.scope.Deadline() }
func (o *origin) Done() <-chan struct{}       { return never }

func (o *origin) Err() error {
	if e := o.scope.end.Load(); e != nil {
		return e.err
	}
	return nil
}

// Value lets context.Cause find the cause, which only a context of package context can have.
func (o *origin) Value(key any) any {
	e := o.scope.end.Load()
	if e == nil {
		return nil
	}
	ctx, cancel := context.WithCancelCause(context.Background())
	cancel(e.cause)
	return ctx.Value(key)
}

// AfterFunc is what package context looks for. It calls back on the goroutine that ends the scope.
func (o *origin) AfterFunc(f func()) (stop func() bool) {
	o.fire = f
	return func() bool { return true }
}
