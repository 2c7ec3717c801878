package coro_test

import (
	"io"
	"runtime"
	"testing"

	"github.com/seed6bcf1587/coop/coro"
)

// TestDroppedGreenlets counts the goroutines of greenlets that nobody holds any more.
func TestDroppedGreenlets(t *testing.T) {
	before, homes := runtime.NumGoroutine(), coro.Homes()
	deferred := make(chan struct{}, drops)
	inGoroutine(func() {
		for range drops {
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
	if len(deferred) != drops {
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
