package coro_test

import (
	"context"
	"fmt"
	"io"
	"runtime"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/seed6bcf1587/coop/coro"
	"github.com/seed6bcf1587/coop/hub"
)

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
