package coro_test

import (
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"runtime"
	"strings"
	"testing"

	"github.com/seed6bcf1587/coop/coro"
	"github.com/seed6bcf1587/coop/internal/worlds"
)

// This file runs random bodies as generators and by a reference that needs no coroutines: an interpreter with a stack of bodies, which steps
// them one after the other. Both must log the same.

// An op is one thing that a body does.
type op struct {
	kind    opKind
	policy  policy
	body    *body // that a delegate runs
	already int   // how many values were taken from it before
}

type opKind int

const (
	yields opKind = iota
	delegates
	fails
	panics
	kinds
)

// A policy is what a body does about an error.
type policy int

const (
	passOn policy = iota
	goOn
	otherError
	panicWith
	returnWell
	policies
)

type body struct {
	name int
	ops  []op
}

var errOther = errors.New("other")

// source gives the decisions of which a program is made: random ones, or those that a fuzzer finds.
type source func(n int) int

func (s source) body(depth int, names *int) *body {
	b := &body{name: *names}
	*names++
	for range s(5) {
		o := op{kind: yields, policy: policy(s(int(policies)))}
		switch r := s(8); {
		case r < 3 && depth > 0:
			o.kind = delegates
			o.body = s.body(depth-1, names)
			o.already = s(3)
		case r == 7:
			o.kind = opKind(s(int(kinds)))
			if o.kind == delegates {
				o.kind = yields
			}
		}
		b.ops = append(b.ops, o)
	}
	return b
}

type intGen = coro.Generator[int, int, int]

// generator makes b one of ours.
func (b *body) generator(l *trace) *intGen {
	return coro.New(func(y *coro.Yielder[int, int]) (int, error) {
		l.add("%d begins", b.name)
		defer l.add("%d ends", b.name)
		for i, o := range b.ops {
			var err error
			switch o.kind {
			case yields:
				var s int
				s, err = y.Yield(b.name*100 + i)
				l.add("%d.%d got %d, %v", b.name, i, s, err)
			case delegates:
				g := o.body.generator(l)
				for range o.already {
					v, ok := g.Next()
					l.add("%d.%d took %d, %v", b.name, i, v, ok)
				}
				var r int
				r, err = coro.From(y, g)
				l.add("%d.%d from %d, %v", b.name, i, r, err)
			case fails:
				err = errOther
			case panics:
				panic(errOther)
			}
			if err == nil {
				continue
			}
			switch o.policy {
			case passOn:
				return i, err
			case otherError:
				return i, errOther
			case panicWith:
				panic(errOther)
			case returnWell:
				return i, nil
			}
		}
		return b.name, nil
	})
}

// A model is the reference.
type model struct {
	l       *trace
	stack   []*frame // the innermost body last
	begun   bool
	closing bool
	done    bool
	result  int
	err     error
}

type frame struct {
	body    *body
	pc      int
	closing bool // it was told to end before it delegated
}

// An outcome is how a body ended.
type outcome struct {
	result int
	err    error
	panics bool
}

func newModel(b *body, l *trace) *model { return &model{l: l, stack: []*frame{{body: b}}} }

// step lets the innermost body go on with what its Yield returns, and reports the value that is yielded next.
func (m *model) step(s int, err error) (v int, ok, panicked bool) {
	if m.done {
		return 0, false, false
	}
	if !m.begun {
		if s != 0 {
			return 0, false, false
		}
		m.begun = true
		m.l.add("%d begins", m.stack[0].body.name)
	} else {
		f := m.stack[len(m.stack)-1]
		m.l.add("%d.%d got %d, %v", f.body.name, f.pc, s, err)
		if end := m.react(f, err); end != nil {
			if o := m.pop(*end); o != nil {
				return 0, false, o.panics
			}
		}
	}
	return m.run()
}

// react lets f react to an error of its current op, and returns how f ends if it does.
func (m *model) react(f *frame, err error) *outcome {
	o := f.body.ops[f.pc]
	at := f.pc
	f.pc++
	if err == nil {
		return nil
	}
	switch o.policy {
	case passOn:
		return &outcome{at, err, false}
	case otherError:
		return &outcome{at, errOther, false}
	case panicWith:
		return &outcome{0, errOther, true}
	case returnWell:
		return &outcome{at, nil, false}
	}
	return nil
}

// pop ends the innermost body, and those around it that end of it. It returns how the outermost ended if that did.
func (m *model) pop(end outcome) *outcome {
	for {
		f := m.stack[len(m.stack)-1]
		m.stack = m.stack[:len(m.stack)-1]
		m.l.add("%d ends", f.body.name)
		if m.closing && errors.Is(end.err, coro.ErrExit) {
			end.err = nil
		}
		if len(m.stack) == 0 {
			m.done, m.result, m.err = true, end.result, end.err
			return &end
		}
		if end.panics {
			continue
		}
		f = m.stack[len(m.stack)-1]
		if m.closing && !f.closing && end.err == nil {
			end.err = coro.ErrExit
		}
		m.l.add("%d.%d from %d, %v", f.body.name, f.pc, end.result, end.err)
		next := m.react(f, end.err)
		if next == nil {
			return nil
		}
		end = *next
	}
}

// unwind ends all bodies, because one ignored ErrExit.
func (m *model) unwind() {
	for i := len(m.stack) - 1; i >= 0; i-- {
		m.l.add("%d ends", m.stack[i].body.name)
	}
	m.stack, m.done, m.err = nil, true, coro.ErrIgnoredExit
}

// run goes on until a value is yielded, or all has ended.
func (m *model) run() (v int, ok, panicked bool) {
	for {
		f := m.stack[len(m.stack)-1]
		var end *outcome
		if f.pc == len(f.body.ops) {
			end = &outcome{f.body.name, nil, false}
		} else {
			switch o := f.body.ops[f.pc]; o.kind {
			case yields:
				if m.closing {
					m.unwind()
					return 0, false, false
				}
				return f.body.name*100 + f.pc, true, false
			case fails:
				end = m.react(f, errOther)
			case panics:
				end = &outcome{0, errOther, true}
			case delegates:
				end = m.delegate(f, o)
				if m.done {
					return 0, false, false
				}
			}
		}
		if end != nil {
			if o := m.pop(*end); o != nil {
				return 0, false, o.panics
			}
		}
	}
}

// delegate puts the bodies of another model on top of the stack, or, if that has ended already, lets f react to how.
func (m *model) delegate(f *frame, o op) *outcome {
	f.closing = m.closing
	inner := newModel(o.body, m.l)
	for range o.already {
		v, ok, panicked := inner.step(0, nil)
		if panicked {
			return &outcome{0, errOther, true}
		}
		m.l.add("%d.%d took %d, %v", f.body.name, f.pc, v, ok)
	}
	if m.closing && inner.begun && !inner.done {
		switch _, ok, panicked := inner.step(0, nil); {
		case panicked:
			return &outcome{0, errOther, true}
		case ok:
			m.unwind() // the inner one stays as it is, and is closed when the garbage collector finds it
			return nil
		}
	}
	switch {
	case inner.done:
		m.l.add("%d.%d from %d, %v", f.body.name, f.pc, inner.result, inner.err)
		return m.react(f, inner.err)
	case !inner.begun:
		m.stack = append(m.stack, inner.stack...)
		m.l.add("%d begins", o.body.name)
		return nil
	}
	m.stack = append(m.stack, inner.stack...)
	g := m.stack[len(m.stack)-1]
	m.l.add("%d.%d got 0, <nil>", g.body.name, g.pc)
	return m.react(g, nil)
}

// play does the same to a generator and to the model, and returns how they differ.
func play(s source) string {
	names := 0
	program := s.body(3, &names)
	var ours, want trace
	g := program.generator(&ours)
	m := newModel(program, &want)
	for range 30 {
		var v, wantV int
		var ok, wantOK, wantPanic bool
		panicked := false
		act := s(8)
		func() {
			defer func() {
				if p := recover(); p != nil {
					panicked = errors.Is(p.(*coro.PanicError), errOther)
				}
			}()
			switch act {
			default:
				ours.add("Next")
				v, ok = g.Next()
			case 4, 5:
				ours.add("Send")
				v, ok = g.Send(act)
			case 6:
				ours.add("Throw")
				v, ok = g.Throw(io.EOF)
			case 7:
				ours.add("Close")
				_, _ = g.Close()
			}
		}()
		switch act {
		default:
			want.add("Next")
			wantV, wantOK, wantPanic = m.step(0, nil)
		case 4, 5:
			want.add("Send")
			wantV, wantOK, wantPanic = m.step(act, nil)
		case 6:
			want.add("Throw")
			if !m.begun && !m.done {
				m.done, m.err = true, io.EOF
			} else {
				wantV, wantOK, wantPanic = m.step(0, io.EOF)
			}
		case 7:
			want.add("Close")
			if !m.begun {
				m.done = true
			} else if !m.done {
				m.closing = true
				_, _, wantPanic = m.step(0, coro.ErrExit)
			}
		}
		ours.add("%d, %v, %v", v, ok, panicked)
		want.add("%d, %v, %v", wantV, wantOK, wantPanic)
		if m.done && !wantPanic && m.err != errOther {
			r, err := g.Result()
			ours.add("result %d, %v", r, err)
			want.add("result %d, %v", m.result, m.err)
		}
		if a, b := strings.Join(ours, "\n"), strings.Join(want, "\n"); a != b {
			for i := range ours {
				if i >= len(want) || ours[i] != want[i] {
					return fmt.Sprintf("after\n%s\nours goes on with\n%s\nand the reference with\n%s", strings.Join(ours[max(0, i-12):i], "\n"),
						strings.Join(ours[i:], "\n"), strings.Join(want[min(i, len(want)):], "\n"))
				}
			}
			return fmt.Sprintf("ours ends, and the reference goes on with\n%s", strings.Join(want[len(ours):], "\n"))
		}
	}
	defer func() { _ = recover() }()
	_, _ = g.Close()
	return ""
}

func TestAgainstModel(t *testing.T) {
	before := runtime.NumGoroutine()
	for seed := range uint64(worlds.Rounds(2000)) {
		if diff := play(rand.New(rand.NewPCG(seed, 2)).IntN); diff != "" {
			t.Fatalf("seed %d: %s", seed, diff)
		}
	}
	noMoreGoroutines(t, before)
}

func FuzzGenerator(f *testing.F) {
	for seed := range uint64(20) {
		rng := rand.New(rand.NewPCG(seed, 3))
		data := make([]byte, 60)
		for i := range data {
			data[i] = byte(rng.IntN(256))
		}
		f.Add(data)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		diff := play(func(n int) int {
			if len(data) == 0 {
				return 0
			}
			b := data[0]
			data = data[1:]
			return int(b) % n
		})
		if diff != "" {
			t.Error(diff)
		}
	})
}
