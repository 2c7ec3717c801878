package coro_test

import (
	"errors"
	"fmt"
	"io"
	"runtime"
	"testing"

	"github.com/seed6bcf1587/coop/coro"
)

// TestEachPoint ends generators of each length in each way after each number of values.
func TestEachPoint(t *testing.T) {
	before := runtime.NumGoroutine()
	for length := range 4 {
		for taken := range 6 {
			for _, end := range []struct {
				name string
				do   func(g *coro.Generator[int, string, int]) bool
			}{
				{"Close", func(g *coro.Generator[int, string, int]) bool { _, err := g.Close(); return err == nil }},
				{"Throw", func(g *coro.Generator[int, string, int]) bool { _, ok := g.Throw(io.EOF); return !ok }},
				{"Next", func(g *coro.Generator[int, string, int]) bool {
					for range g.All() {
					}
					return true
				}},
			} {
				var log []string
				g := counter(length, &log)
				for i := range taken {
					if v, ok := g.Next(); ok != (i < length) || ok && v != i {
						t.Errorf("length %d: value %d is %d, %v", length, i, v, ok)
					}
				}
				if !end.do(g) {
					t.Errorf("length %d, %d taken: %s went wrong", length, taken, end.name)
				}
				r, err := g.Result()
				want, wantErr := taken-1, error(nil)
				switch {
				case taken > length:
					want = length
				case end.name == "Next":
					want = length
				case taken == 0:
					want = 0
				}
				if end.name == "Throw" && taken <= length {
					wantErr = io.EOF
				}
				result(t, fmt.Sprintf("%s of %d after %d", end.name, length, taken), r, err, want, wantErr)
				if ran := taken > 0 || end.name == "Next"; ran != (len(log) > 0) {
					t.Errorf("%s of %d after %d: log %v", end.name, length, taken, log)
				}
				for range 2 { // all is over
					if _, ok := g.Next(); ok {
						t.Error("a value after the end")
					}
				}
			}
		}
	}
	noMoreGoroutines(t, before)
}

// TestYieldInDeferred yields in deferred functions, on the way out by return, by a panic, and by Goexit.
func TestYieldInDeferred(t *testing.T) {
	before := runtime.NumGoroutine()
	for name, leave := range map[string]func(){
		"return": func() {},
		"panic":  func() { panic(io.EOF) },
		"Goexit": runtime.Goexit,
	} {
		g := coro.New(func(y *coro.Yielder[int, int]) (int, error) {
			defer func() {
				if s, err := y.Yield(2); s != 7 || err != nil {
					t.Errorf("%s: got %d, %v", name, s, err)
				}
			}()
			_, err := y.Yield(1)
			leave()
			return 3, err
		})
		for want := 1; want <= 2; want++ {
			if v, ok := g.Next(); v != want || !ok {
				t.Errorf("%s: got %d, %v, want %d", name, v, ok, want)
			}
		}
		func() {
			defer func() {
				if p := recover(); (p != nil) != (name == "panic") {
					t.Errorf("%s: panic %v", name, p)
				}
			}()
			if v, ok := g.Send(7); ok {
				t.Errorf("%s: got %d", name, v)
			}
		}()
		_, err := g.Result()
		want := map[string]error{"return": nil, "panic": io.EOF, "Goexit": coro.ErrGoexit}[name]
		result(t, name, 0, err, 0, want)
	}
	noMoreGoroutines(t, before)
}

// TestMostRecentCaller steps a generator from different depths and by different generators: control comes back to who asked last.
func TestMostRecentCaller(t *testing.T) {
	var l trace
	shared := counter(6, new([]string))
	take := func(name string) *coro.Generator[string, struct{}, struct{}] {
		return coro.New(func(y *coro.Yielder[string, struct{}]) (struct{}, error) {
			for {
				v, ok := shared.Next()
				if !ok {
					return struct{}{}, nil
				}
				if _, err := y.Yield(fmt.Sprint(name, v)); err != nil {
					return struct{}{}, err
				}
			}
		})
	}
	a, b := take("a"), take("b")
	for range 2 {
		for _, g := range []*coro.Generator[string, struct{}, struct{}]{a, b} {
			v, _ := g.Next()
			l.add("%s", v)
		}
		v, _ := shared.Next()
		l.add("%d", v)
	}
	l.expect(t, "a0, b1, 2, a3, b4, 5")
	_, _ = a.Close()
	_, _ = b.Close()
	_, _ = shared.Close()
}

// TestGeneratorOfItself has a generator whose body closes and steps others, which step it.
func TestGeneratorOfItself(t *testing.T) {
	var outer, inner *coro.Generator[int, int, int]
	inner = coro.New(func(y *coro.Yielder[int, int]) (int, error) {
		if _, ok := outer.Next(); ok || !outer.Running() {
			t.Error("the outer one runs, and gave a value")
		}
		_, err := y.Yield(1)
		_, errClose := outer.Close()
		return 0, errors.Join(err, errClose)
	})
	outer = coro.New(func(y *coro.Yielder[int, int]) (int, error) {
		inner.Next()
		_, err := inner.Close()
		if !errors.Is(err, coro.ErrRunning) {
			t.Errorf("got %v", err)
		}
		return 5, nil
	})
	if _, ok := outer.Next(); ok {
		t.Error("a value")
	}
	r, err := outer.Result()
	result(t, "Result", r, err, 5, nil)
}

// TestParentInBetween lets an error of a greenlet go to a parent that is neither who switched to it nor the main one.
func TestParentInBetween(t *testing.T) {
	var l trace
	main := coro.Current[int]()
	p := coro.NewGreenlet(func(int) int {
		_, err := main.SwitchErr(1)
		l.add("p gets %v", errors.Is(err, io.EOF))
		return 2
	})
	g := coro.NewGreenlet(func(int) int { panic(io.EOF) })
	p.Switch(0)
	g.SetParent(p)
	l.add("%d", g.Switch(0))
	if !p.Dead() || !g.Dead() {
		t.Error("alive")
	}
	l.expect(t, "p gets true, 2")
}
