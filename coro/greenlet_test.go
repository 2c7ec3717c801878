package coro_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/seed6bcf1587/coop/coro"
	"github.com/seed6bcf1587/coop/hub"
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

// TestGreenletsOnLockedThread lets the runtime check that they stay on their thread.
func TestGreenletsOnLockedThread(t *testing.T) {
	before := runtime.NumGoroutine()
	inGoroutine(func() {
		runtime.LockOSThread()
		defer runtime.UnlockOSThread()
		var b *green
		a := coro.NewGreenlet(func(v int) int {
			b = coro.NewGreenlet(func(v int) int { runtime.Goexit(); return v })
			_, err := b.SwitchErr(v)
			result(t, "SwitchErr", 0, err, 0, coro.ErrGoexit)
			return back(v) + 1
		})
		if v := a.Switch(1); v != 1 {
			t.Errorf("got %d", v)
		}
		if v := a.Switch(2); v != 3 || !a.Dead() || !b.Dead() {
			t.Errorf("got %d", v)
		}
	})
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

func inGoroutine(f func()) {
	var wg sync.WaitGroup
	wg.Go(f)
	wg.Wait()
}

// TestOtherGoroutine uses greenlets of a goroutine that has ended, and from one that does not own them.
func TestOtherGoroutine(t *testing.T) {
	before := runtime.NumGoroutine()
	const of = ": greenlet belongs to another goroutine"
	body := func(v int) int { return back(v) }
	var fresh, suspended, main *green
	inGoroutine(func() {
		fresh, suspended = coro.NewGreenlet(body), coro.NewGreenlet(body)
		suspended.Switch(1)
		main = coro.Current[int]()
		inGoroutine(func() {
			wantPanic(t, "coro.Greenlet.Switch"+of, func() { fresh.Switch(1) })
			wantPanic(t, "coro.Greenlet.Switch"+of, func() { _, _ = suspended.SwitchErr(1) })
			wantPanic(t, "coro.Greenlet.Throw"+of, func() { _, _ = main.Throw(io.EOF) })
			wantPanic(t, "coro.Greenlet.SetParent"+of, func() { fresh.SetParent(suspended) })
		})
		if fresh.Dead() || suspended.Dead() || suspended.Parent() != main {
			t.Error("a refused call changed something")
		}
	})
	for _, g := range []*green{fresh, suspended, main} {
		wantPanic(t, "coro.Greenlet.Switch"+of, func() { g.Switch(1) })
	}
	fresh, suspended, main = nil, nil, nil
	noMoreGoroutines(t, before)
}

// TestManyGoroutines lets many goroutines use greenlets of their own, and try those of others.
func TestManyGoroutines(t *testing.T) {
	before := runtime.NumGoroutine()
	var mu sync.Mutex
	var all []*green
	var wg sync.WaitGroup
	for i := range 8 {
		wg.Go(func() {
			g := coro.NewGreenlet(func(v int) int {
				for {
					v = back(v + i)
				}
			})
			g.Switch(0)
			mu.Lock()
			all = append(all, g)
			others := slices.Clone(all)
			mu.Unlock()
			for round := range 200 {
				if v := g.Switch(round); v != round+i {
					t.Errorf("got %d", v)
				}
				for _, o := range others {
					if o != g && !o.Dead() {
						wantPanic(t, "coro.Greenlet.Switch: greenlet belongs to another goroutine", func() { o.Switch(1) })
					}
				}
			}
			_, _ = g.Throw(coro.ErrExit)
		})
	}
	wg.Wait()
	noMoreGoroutines(t, before)
}

// TestDroppedGreenlets counts the goroutines of greenlets that nobody holds any more.
func TestDroppedGreenlets(t *testing.T) {
	before, homes := runtime.NumGoroutine(), coro.Homes()
	deferred := make(chan struct{}, 10_000)
	inGoroutine(func() {
		for range 10_000 {
			coro.NewGreenlet(func(v int) int {
				defer func() { deferred <- struct{}{} }()
				return back(v)
			}).Switch(1)
		}
		if n := runtime.NumGoroutine(); n < before+100 {
			t.Errorf("only %d goroutines: the test tests nothing", n)
		}
		noMoreGoroutines(t, before+1) // this one can go on meanwhile
		if v := coro.NewGreenlet(func(v int) int { return v + 1 }).Switch(1); v != 2 {
			t.Errorf("got %d", v)
		}
	})
	noMoreGoroutines(t, before)
	if len(deferred) != 10_000 {
		t.Errorf("%d deferred functions have run", len(deferred))
	}
	for range 100 {
		if runtime.GC(); coro.Homes() <= homes {
			return
		}
		runtime.Gosched()
	}
	t.Errorf("%d goroutines are remembered, before %d", coro.Homes(), homes)
}

// TestDroppedEntangled drops greenlets that have switched to and fro among one another, while others of theirs go on.
func TestDroppedEntangled(t *testing.T) {
	before := runtime.NumGoroutine()
	main := coro.Current[int]()
	stay := make([]*green, 10)
	for i := range stay {
		stay[i] = coro.NewGreenlet(func(v int) int {
			for {
				v = main.Switch(v + i)
			}
		})
	}
	for round := range 300 {
		var a, b *green
		a = coro.NewGreenlet(func(v int) int { return stay[round%10].Switch(v) })
		b = coro.NewGreenlet(func(v int) int { a.Switch(v); return main.Switch(v) })
		b.Switch(round)
		for i, g := range stay {
			if v := g.Switch(5); v != 5+i {
				t.Fatalf("round %d: got %d of %d", round, v, i)
			}
		}
		if round%50 == 0 {
			runtime.GC()
		}
	}
	for i, g := range stay {
		if v := g.Switch(5); v != 5+i {
			t.Fatalf("got %d of %d", v, i)
		}
		_, _ = g.Throw(coro.ErrExit)
	}
	noMoreGoroutines(t, before)
}

// TestDroppedStubborn drops greenlets that do not want to end.
func TestDroppedStubborn(t *testing.T) {
	before := runtime.NumGoroutine()
	main := coro.Current[int]()
	for _, body := range []func(int) int{
		func(int) int {
			for {
				_, _ = main.SwitchErr(0)
			}
		},
		func(int) int {
			for {
				func() {
					defer func() { _ = recover() }()
					main.Switch(0)
				}()
			}
		},
		func(int) int {
			defer func() { panic(io.EOF) }()
			return main.Switch(0)
		},
		func(int) int {
			defer runtime.Goexit()
			return main.Switch(0)
		},
		func(int) int {
			g := counterOf(main)
			return g
		},
	} {
		coro.NewGreenlet(body).Switch(1)
	}
	noMoreGoroutines(t, before)
}

// counterOf switches to main in the body of a generator.
func counterOf(main *green) int {
	g := coro.New(func(y *coro.Yielder[int, int]) (int, error) {
		for {
			_, _ = main.SwitchErr(0)
		}
	})
	v, _ := g.Next()
	return v
}

// TestDroppedParent drops a greenlet that is the parent of one which is not dropped.
func TestDroppedParent(t *testing.T) {
	child := coro.NewGreenlet(func(v int) int { return v + 1 })
	child.SetParent(coro.NewGreenlet(func(v int) int { return v * 10 }))
	for range 10 {
		runtime.GC()
	}
	if v := child.Switch(1); v != 20 {
		t.Errorf("got %d", v)
	}
}

// TestGeneratorByGreenlets makes generators of greenlets, and those of generators.
func TestGeneratorByGreenlets(t *testing.T) {
	type generator struct {
		g    *green
		back *green
	}
	make := func(body func(yield func(int))) *generator {
		gen := new(generator)
		gen.g = coro.NewGreenlet(func(int) int {
			body(func(v int) { gen.back.Switch(v) })
			gen.g.SetParent(gen.back)
			return -1
		})
		return gen
	}
	next := func(gen *generator) int {
		gen.back = coro.Current[int]()
		return gen.g.Switch(0)
	}
	var permutations func(items []int) *generator
	permutations = func(items []int) *generator {
		return make(func(yield func(int)) {
			if len(items) == 0 {
				yield(0)
				return
			}
			for i, item := range items {
				inner := permutations(slices.Delete(slices.Clone(items), i, i+1))
				for v := next(inner); v >= 0; v = next(inner) {
					yield(item + 10*v)
				}
			}
		})
	}
	var got []int
	all := permutations([]int{1, 2, 3})
	for v := next(all); v >= 0; v = next(all) {
		got = append(got, v)
	}
	if s := fmt.Sprint(got); s != "[321 231 312 132 213 123]" {
		t.Errorf("got %s", s)
	}
}

// TestSwitchInGenerator switches in the body of a generator: it is the greenlet that called it which gives control away.
func TestSwitchInGenerator(t *testing.T) {
	main := coro.Current[int]()
	var a *green
	a = coro.NewGreenlet(func(int) int {
		g := coro.New(func(y *coro.Yielder[int, int]) (int, error) {
			if coro.Current[int]() != a {
				t.Error("the body of a generator is a greenlet of its own")
			}
			for i := range 2 {
				if _, err := y.Yield(main.Switch(i)); err != nil {
					return 0, err
				}
			}
			return 0, nil
		})
		sum := 0
		for v := range g.All() {
			sum += v + main.Switch(100)
		}
		return sum
	})
	var l trace
	for v := range 5 {
		l.add("%d", a.Switch(1<<v))
	}
	l.expect(t, "0, 100, 1, 100, 30")
	if !a.Dead() {
		t.Error("alive")
	}
}

// TestOtherT switches between greenlets of one T in the function of one of another T.
func TestOtherT(t *testing.T) {
	before := runtime.NumGoroutine()
	main := coro.Current[int]()
	double := coro.NewGreenlet(func(s string) string { return s + s })
	g := coro.NewGreenlet(func(int) int {
		words := coro.NewGreenlet(func(s string) string {
			s = coro.Current[string]().Parent().Switch(s + "b")
			return fmt.Sprint(s, main.Switch(7)) // the greenlet that gives control away is g
		})
		main.Switch(len(words.Switch("a")))
		return len(double.Switch(words.Switch("c")))
	})
	for i, want := range []int{2, 7, 4} {
		if v := g.Switch(i); v != want {
			t.Errorf("got %d, want %d", v, want)
		}
	}
	if !g.Dead() || !double.Dead() {
		t.Error("alive")
	}
	noMoreGoroutines(t, before)
}

// TestGreenletWaitsForTask lets a greenlet wait in a task: the task waits, and others run.
func TestGreenletWaitsForTask(t *testing.T) {
	var l trace
	err := hub.Run(t.Context(), func(ctx context.Context) error {
		hub.Go(ctx, func(ctx context.Context) error {
			if err := hub.Sleep(ctx, 1500*time.Millisecond); err != nil {
				return err
			}
			l.add("other")
			return nil
		})
		var a, b *green
		a = coro.NewGreenlet(func(v int) int {
			for range 2 {
				if err := hub.Sleep(ctx, time.Second); err != nil {
					panic(err)
				}
				l.add("a")
				v = b.Switch(v)
			}
			return v
		})
		b = coro.NewGreenlet(func(v int) int {
			for {
				l.add("b")
				v = a.Switch(v)
			}
		})
		a.Switch(0)
		_, _ = b.Throw(coro.ErrExit)
		return nil
	}, hub.WithVirtualClock(time.Unix(0, 0)))
	if err != nil {
		t.Error(err)
	}
	l.expect(t, "a, b, other, a, b")
}

func TestSwitchAllocates(t *testing.T) {
	main := coro.Current[int]()
	g := coro.NewGreenlet(func(v int) int {
		for {
			v = main.Switch(v)
		}
	})
	if n := testing.AllocsPerRun(100, func() { g.Switch(1) }); n != 0 {
		t.Errorf("%v allocations for a switch there and back", n)
	}
	_, _ = g.Throw(coro.ErrExit)
}

func TestStepsAllocate(t *testing.T) {
	body := func(y *coro.Yielder[int, int]) (int, error) {
		for i := 0; ; i++ {
			if _, err := y.Yield(i); err != nil && err != io.EOF {
				return i, err
			}
		}
	}
	for _, g := range []*coro.Generator[int, int, int]{
		coro.New(body),
		coro.New(func(y *coro.Yielder[int, int]) (int, error) { return coro.From(y, coro.New(body)) }),
	} {
		g.Next()
		for name, step := range map[string]func(){
			"Next":  func() { g.Next() },
			"Send":  func() { g.Send(1) },
			"Throw": func() { g.Throw(io.EOF) },
		} {
			if n := testing.AllocsPerRun(100, step); n != 0 {
				t.Errorf("%s: %v allocations", name, n)
			}
		}
		_, _ = g.Close()
	}
}
