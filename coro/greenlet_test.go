package coro_test

import (
	"errors"
	"fmt"
	"io"
	"runtime"
	"strings"
	"testing"

	"github.com/seed6bcf1587/coop/coro"
)

type green = coro.Greenlet[int]

// back gives control to the parent of the greenlet that runs.
func back(v int) int { return coro.Current[int]().Parent().Switch(v) }

func wantPanic(t *testing.T, want any, f func()) {
	t.Helper()
	defer func() {
		t.Helper()
		got := recover()
		if err, ok := got.(error); ok {
			if w, ok := want.(error); ok && errors.Is(err, w) {
				return
			}
		}
		if got != want {
			t.Errorf("panic %v, want %v", got, want)
		}
	}()
	f()
}

func TestSwitch(t *testing.T) {
	g := coro.NewGreenlet(func(v int) int {
		for v < 10 {
			v = back(v * 2)
		}
		return v + 1
	})
	for _, c := range [][2]int{{1, 2}, {7, 14}, {10, 11}, {42, 42}, {0, 0}} { // dead from the third on: the parent is who switches
		if got := g.Switch(c[0]); got != c[1] {
			t.Errorf("Switch(%d) = %d, want %d", c[0], got, c[1])
		}
	}
	if !g.Dead() {
		t.Error("alive")
	}
}

func TestTwoChildren(t *testing.T) {
	var l trace
	body := func(v int) int {
		l.add("%d", v)
		v = back(0)
		l.add("%d", v)
		return 0
	}
	g, h := coro.NewGreenlet(body), coro.NewGreenlet(body)
	g.Switch(1)
	h.Switch(2)
	h.Switch(3)
	if !h.Dead() || g.Dead() {
		t.Error(h.Dead(), g.Dead())
	}
	g.Switch(4)
	l.expect(t, "1, 2, 3, 4")
}

// TestChildOfChild makes a greenlet in another: its parent is that one.
func TestChildOfChild(t *testing.T) {
	var l trace
	var g *green
	g = coro.NewGreenlet(func(int) int {
		l.add("a")
		h := coro.NewGreenlet(func(int) int {
			l.add("b")
			back(0)
			return 0
		})
		if h.Parent() != g || coro.Current[int]() != g {
			t.Error("wrong parent")
		}
		h.Switch(0)
		l.add("c")
		_, _ = h.Throw(coro.ErrExit)
		return 0
	})
	g.Switch(0)
	l.expect(t, "a, b, c")
}

func TestMainGreenlet(t *testing.T) {
	main := coro.Current[int]()
	if main.Parent() != nil || main.Dead() || coro.Current[int]() != main {
		t.Error("the goroutine is not a greenlet like others")
	}
	if v := main.Switch(3); v != 3 {
		t.Errorf("Switch to itself: %d", v)
	}
	if v, err := main.Throw(io.EOF); v != 0 || err != io.EOF {
		t.Errorf("Throw to itself: %d, %v", v, err)
	}
	g := coro.NewGreenlet(func(v int) int { return v })
	if g.Parent() != main || g.Dead() {
		t.Error("a new one")
	}
}

// TestErrorsGoToTheParent fails in all ways.
func TestErrorsGoToTheParent(t *testing.T) {
	before := runtime.NumGoroutine()
	for _, c := range []struct {
		name string
		fail func()
		want error
	}{
		{"panic", func() { panic(io.EOF) }, io.EOF},
		{"Goexit", runtime.Goexit, coro.ErrGoexit},
		{"panic on the way out", func() {
			defer func() { panic(io.EOF) }()
			runtime.Goexit()
		}, io.EOF},
		{"ErrExit", func() { panic(coro.ErrExit) }, nil},
		{"wrapped ErrExit", func() { panic(fmt.Errorf("so %w", coro.ErrExit)) }, nil},
		{"ErrExit and more", func() { panic(errors.Join(coro.ErrExit, io.EOF)) }, io.EOF},
	} {
		t.Run(c.name, func(t *testing.T) {
			g := coro.NewGreenlet(func(int) int { c.fail(); return 5 })
			v, err := g.SwitchErr(1)
			result(t, "SwitchErr", v, err, 0, c.want)
			var p *coro.PanicError
			if errors.As(err, &p) && !strings.Contains(string(p.Stack), "TestErrorsGoToTheParent.func") {
				t.Errorf("not the stack of the body: %s", p.Stack)
			}
			if !g.Dead() {
				t.Error("alive")
			}
			g = coro.NewGreenlet(func(int) int { c.fail(); return 5 })
			if c.want != nil {
				wantPanic(t, c.want, func() { g.Switch(1) })
			} else if v := g.Switch(1); v != 0 {
				t.Errorf("got %d", v)
			}
		})
	}
	noMoreGoroutines(t, before)
}

// TestGoexitKillsNoOther ends a greenlet by Goexit that was switched to by another and not by its parent.
func TestGoexitKillsNoOther(t *testing.T) {
	before := runtime.NumGoroutine()
	main := coro.Current[int]()
	h := coro.NewGreenlet(func(int) int { runtime.Goexit(); return 0 })
	g := coro.NewGreenlet(func(int) int { return h.Switch(0) })
	_, err := g.SwitchErr(1)
	result(t, "SwitchErr", 0, err, 0, coro.ErrGoexit)
	if g.Dead() || !h.Dead() {
		t.Errorf("dead: %v, %v", g.Dead(), h.Dead())
	}
	if v := g.Switch(8); v != 8 || !g.Dead() || coro.Current[int]() != main {
		t.Errorf("got %d", v)
	}
	noMoreGoroutines(t, before)
}

func TestGreenletThrow(t *testing.T) {
	g := coro.NewGreenlet(func(int) int {
		wantPanic(t, io.EOF, func() { back(1) })
		_, err := coro.Current[int]().Parent().SwitchErr(2)
		result(t, "SwitchErr", 0, err, 0, io.ErrNoProgress)
		return back(3)
	})
	if v := g.Switch(0); v != 1 {
		t.Errorf("got %d", v)
	}
	for i, err := range []error{io.EOF, io.ErrNoProgress} {
		if v, err := g.Throw(err); v != i+2 || err != nil {
			t.Errorf("got %d, %v", v, err)
		}
	}
	v, err := g.Throw(io.ErrShortWrite) // not caught
	result(t, "Throw", v, err, 0, io.ErrShortWrite)
	if !g.Dead() {
		t.Error("alive")
	}
}

func TestKill(t *testing.T) {
	deferred := false
	g := coro.NewGreenlet(func(int) int {
		defer func() { deferred = true }()
		return back(1)
	})
	g.Switch(0)
	for range 2 { // the second time it is dead
		v, err := g.Throw(coro.ErrExit)
		result(t, "Throw", v, err, 0, nil)
		if !g.Dead() || !deferred {
			t.Errorf("dead: %v, deferred: %v", g.Dead(), deferred)
		}
	}
}

// TestThrowToUnstarted throws to a greenlet that has not started, whose parent has not started or has.
func TestThrowToUnstarted(t *testing.T) {
	never := func(int) int { t.Error("runs"); return 0 }
	p := coro.NewGreenlet(never)
	g := coro.NewGreenlet(never)
	g.SetParent(p)
	v, err := g.Throw(io.EOF)
	result(t, "Throw", v, err, 0, io.EOF)
	if !g.Dead() || !p.Dead() {
		t.Errorf("dead: %v, %v", g.Dead(), p.Dead())
	}

	for _, start := range []bool{false, true} {
		p = coro.NewGreenlet(func(int) int {
			wantPanic(t, io.EOF, func() { back(1) })
			return 2
		})
		main := p.Parent()
		g = coro.NewGreenlet(func(int) int { return main.Switch(3) })
		g.SetParent(p)
		p.Switch(0)
		if start {
			if v := g.Switch(0); v != 3 {
				t.Errorf("got %d", v)
			}
		}
		v, err := g.Throw(io.EOF)
		result(t, "Throw", v, err, 2, nil)
		if !g.Dead() || !p.Dead() {
			t.Errorf("dead: %v, %v", g.Dead(), p.Dead())
		}
	}

	// ErrExit is silent: the parent gets a value, and starts.
	p = coro.NewGreenlet(func(v int) int { return v + 4 })
	g = coro.NewGreenlet(never)
	g.SetParent(p)
	v, err = g.Throw(coro.ErrExit)
	result(t, "Throw of ErrExit", v, err, 4, nil)
}

// TestUnstartedParent: the end of a child starts its parent.
func TestUnstartedParent(t *testing.T) {
	p := coro.NewGreenlet(func(v int) int { return v * 10 })
	g := coro.NewGreenlet(func(v int) int { return v + 1 })
	g.SetParent(p)
	if v := g.Switch(1); v != 20 || !p.Dead() {
		t.Errorf("got %d", v)
	}
	// A dead one whose parent is changed to one that has not started.
	q := coro.NewGreenlet(func(v int) int { return -v })
	g.SetParent(q)
	if v := g.Switch(3); v != -3 || !q.Dead() {
		t.Errorf("got %d", v)
	}
}

// TestSwitchAround hands a value through many greenlets, from any to any.
func TestSwitchAround(t *testing.T) {
	const n = 100
	before := runtime.NumGoroutine()
	main := coro.Current[int]()
	ring := make([]*green, n)
	for i := range ring {
		ring[i] = coro.NewGreenlet(func(v int) int {
			for range 3 {
				next := main
				if i < n-1 {
					next = ring[i+1]
				}
				v = next.Switch(v + 1)
			}
			return v
		})
	}
	v := 0
	for range 3 {
		v = ring[0].Switch(v)
	}
	if v != 3*n {
		t.Errorf("got %d", v)
	}
	for _, g := range ring {
		if got := g.Switch(7); got != 7 || !g.Dead() {
			t.Errorf("got %d", got)
		}
	}
	noMoreGoroutines(t, before)
}

func TestSetParent(t *testing.T) {
	nop := func(v int) int { return v }
	a, b, c := coro.NewGreenlet(nop), coro.NewGreenlet(nop), coro.NewGreenlet(nop)
	a.SetParent(b)
	b.SetParent(c)
	const cycle = "coro.Greenlet.SetParent: a greenlet cannot be its own ancestor"
	wantPanic(t, cycle, func() { a.SetParent(a) })
	wantPanic(t, cycle, func() { c.SetParent(a) })
	wantPanic(t, "coro.Greenlet.SetParent: nil parent", func() { a.SetParent(nil) })
	wantPanic(t, "coro.Greenlet.SetParent: the main greenlet has no parent", func() { c.Parent().SetParent(a) })
	if a.Parent() != b || b.Parent() != c || c.Parent() != coro.Current[int]() {
		t.Error("a refused SetParent changed something")
	}
	var other *green
	inGoroutine(func() { other = coro.NewGreenlet(nop) })
	wantPanic(t, "coro.Greenlet.SetParent: parent belongs to another goroutine", func() { a.SetParent(other) })
	wantPanic(t, "coro.NewGreenlet: nil function", func() { coro.NewGreenlet[int](nil) })
	wantPanic(t, "coro.Greenlet.Throw: nil error", func() { _, _ = a.Throw(nil) })
}
