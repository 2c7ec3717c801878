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

type (
	gen     = coro.Generator[int, string, string]
	yielder = coro.Yielder[int, string]
)

// A trace is what happened, in order.
type trace []string

func (l *trace) add(format string, args ...any) { *l = append(*l, fmt.Sprintf(format, args...)) }

func (l *trace) expect(t *testing.T, want string) {
	t.Helper()
	if got := strings.Join(*l, ", "); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	*l = nil
}

// tell yields v and notes what comes back.
func (l *trace) tell(y *yielder, name string, v int) error {
	s, err := y.Yield(v)
	if err != nil {
		l.add("%s: %v", name, err)
		return err
	}
	l.add("%s: %q", name, s)
	return nil
}

// outer yields 1, delegates to inner, yields 4, and returns what inner returned.
func outer(l *trace, inner func() *gen) *gen {
	return coro.New(func(y *yielder) (string, error) {
		defer l.add("outer ends")
		if err := l.tell(y, "outer", 1); err != nil {
			return "", err
		}
		r, err := coro.From(y, inner())
		l.add("From: %q, %v", r, err)
		if err != nil {
			return r, err
		}
		err = l.tell(y, "outer", 4)
		return r, err
	})
}

// ways are the two ways in which From goes about it: an inner generator that has not started, and one that has. Both have 2 and 3 to yield.
func ways(t *testing.T, body func(l *trace, y *yielder) (string, error), test func(t *testing.T, l *trace, inner func() *gen)) {
	t.Run("new", func(t *testing.T) {
		var l trace
		test(t, &l, func() *gen { return coro.New(func(y *yielder) (string, error) { return body(&l, y) }) })
	})
	t.Run("started", func(t *testing.T) {
		var l trace
		test(t, &l, func() *gen {
			g := coro.New(func(y *yielder) (string, error) {
				_, _ = y.Yield(-1)
				return body(&l, y)
			})
			g.Next()
			return g
		})
	})
}

func twoAndThree(l *trace, y *yielder) (string, error) {
	defer l.add("inner ends")
	for _, v := range []int{2, 3} {
		if err := l.tell(y, "inner", v); err != nil {
			return "", err
		}
	}
	return "result", nil
}

func TestFrom(t *testing.T) {
	ways(t, twoAndThree, func(t *testing.T, l *trace, inner func() *gen) {
		before := runtime.NumGoroutine()
		g := outer(l, inner)
		v, ok := g.Next()
		for i := 1; ok; i++ {
			l.add("%d", v)
			v, ok = g.Send(fmt.Sprint("s", i))
		}
		r, err := g.Result()
		result(t, "Result", r, err, "result", nil)
		l.expect(t, `1, outer: "s1", 2, inner: "s2", 3, inner: "s3", inner ends, From: "result", <nil>, 4, outer: "s4", outer ends`)
		noMoreGoroutines(t, before)
	})
}

func TestFromThrow(t *testing.T) {
	ways(t, twoAndThree, func(t *testing.T, l *trace, inner func() *gen) {
		g := outer(l, inner)
		g.Next()
		g.Next()
		l.expect(t, `outer: ""`)
		if v, ok := g.Throw(io.EOF); ok {
			t.Errorf("got %d", v)
		}
		r, err := g.Result()
		result(t, "Result", r, err, "", io.EOF)
		l.expect(t, `inner: EOF, inner ends, From: "", EOF, outer ends`)
	})
}

func TestFromThrowCaught(t *testing.T) {
	body := func(l *trace, y *yielder) (string, error) {
		if err := l.tell(y, "inner", 2); err == nil {
			t.Error("nothing thrown")
		}
		return "caught", l.tell(y, "inner", 3)
	}
	ways(t, body, func(t *testing.T, l *trace, inner func() *gen) {
		g := outer(l, inner)
		g.Next()
		g.Next()
		if v, ok := g.Throw(io.EOF); v != 3 || !ok {
			t.Errorf("Throw: got %d, %v", v, ok)
		}
		if v, ok := g.Next(); v != 4 || !ok {
			t.Errorf("Next: got %d, %v", v, ok)
		}
		_, _ = g.Close()
		l.expect(t, `outer: "", inner: EOF, inner: "", From: "caught", <nil>, outer: `+coro.ErrExit.Error()+", outer ends")
	})
}

func TestFromClose(t *testing.T) {
	before := runtime.NumGoroutine()
	ways(t, twoAndThree, func(t *testing.T, l *trace, inner func() *gen) {
		g := outer(l, inner)
		g.Next()
		g.Next()
		r, err := g.Close()
		result(t, "Close", r, err, "", nil)
		l.expect(t, fmt.Sprintf(`outer: "", inner: %v, inner ends, From: "", %[1]v, outer ends`, coro.ErrExit))
	})
	noMoreGoroutines(t, before)
}

// TestFromEdges ends a generator in all ways while it delegates, to an inner one that reacts in all ways.
func TestFromEdges(t *testing.T) {
	before := runtime.NumGoroutine()
	other := errors.New("other")
	react := map[string]func(y *yielder, err error) (string, error){
		"lets it through":   func(_ *yielder, err error) (string, error) { return "", err },
		"returns":           func(*yielder, error) (string, error) { return "value", nil },
		"returns ErrExit":   func(*yielder, error) (string, error) { return "", coro.ErrExit },
		"fails":             func(*yielder, error) (string, error) { return "", other },
		"fails, with cause": func(_ *yielder, err error) (string, error) { return "", errors.Join(err, other) },
		"panics":            func(*yielder, error) (string, error) { panic(other) },
		"yields":            func(y *yielder, _ error) (string, error) { _, err := y.Yield(3); return "later", err },
	}
	type end struct {
		value   int
		yielded bool
		result  string
		err     error
		panics  bool
		inner   error // what the inner one's result says
	}
	want := map[string]map[string]end{
		"lets it through": {
			"Close":         {},
			"Throw ErrExit": {err: coro.ErrExit, inner: coro.ErrExit},
			"Throw EOF":     {err: io.EOF, inner: io.EOF},
		},
		"returns": {
			"Close":         {result: "value"},
			"Throw ErrExit": {result: "value"},
			"Throw EOF":     {result: "value"},
		},
		"returns ErrExit": {
			"Close":         {},
			"Throw ErrExit": {err: coro.ErrExit, inner: coro.ErrExit},
			"Throw EOF":     {err: coro.ErrExit, inner: coro.ErrExit},
		},
		"fails": {
			"Close":         {err: other, inner: other},
			"Throw ErrExit": {err: other, inner: other},
			"Throw EOF":     {err: other, inner: other},
		},
		"fails, with cause": {
			"Close":         {err: other, inner: other},
			"Throw ErrExit": {err: other, inner: other},
			"Throw EOF":     {err: io.EOF, inner: io.EOF},
		},
		"panics": {
			"Close":         {err: other, inner: other, panics: true},
			"Throw ErrExit": {err: other, inner: other, panics: true},
			"Throw EOF":     {err: other, inner: other, panics: true},
		},
		"yields": {
			"Close":         {err: coro.ErrIgnoredExit, inner: coro.ErrIgnoredExit},
			"Throw ErrExit": {value: 3, yielded: true, err: coro.ErrRunning, inner: coro.ErrRunning},
			"Throw EOF":     {value: 3, yielded: true, err: coro.ErrRunning, inner: coro.ErrRunning},
		},
	}
	for how, reaction := range react {
		for action, want := range want[how] {
			t.Run(action+", inner "+how, func(t *testing.T) {
				body := func(_ *trace, y *yielder) (string, error) {
					_, err := y.Yield(2)
					return reaction(y, err)
				}
				ways(t, body, func(t *testing.T, l *trace, inner func() *gen) {
					var in *gen
					g := coro.New(func(y *yielder) (string, error) {
						in = inner()
						return coro.From(y, in)
					})
					g.Next()
					var got end
					func() {
						defer func() {
							if v := recover(); v != nil {
								p := v.(*coro.PanicError)
								got.panics = errors.Is(p, other) && strings.Contains(string(p.Stack), "TestFromEdges")
							}
						}()
						switch action {
						case "Close":
							_, _ = g.Close()
						case "Throw EOF":
							got.value, got.yielded = g.Throw(io.EOF)
						default:
							got.value, got.yielded = g.Throw(coro.ErrExit)
						}
					}()
					r, err := g.Result()
					result(t, "Result", r, err, want.result, want.err)
					_, err = in.Result()
					result(t, "the inner one's Result", "", err, "", want.inner)
					if got.value != want.value || got.yielded != want.yielded || got.panics != want.panics {
						t.Errorf("got %+v, want %+v", got, want)
					}
					_, _ = g.Close()
				})
			})
		}
	}
	noMoreGoroutines(t, before)
}

// TestFromFailsAtOnce delegates to a generator that ends before it yields anything.
func TestFromFailsAtOnce(t *testing.T) {
	body := func(l *trace, _ *yielder) (string, error) {
		defer l.add("inner ends")
		return "x", io.EOF
	}
	ways(t, body, func(t *testing.T, l *trace, inner func() *gen) {
		g := outer(l, inner)
		g.Next()
		if _, ok := g.Next(); ok {
			t.Error("a value")
		}
		l.expect(t, `outer: "", inner ends, From: "x", EOF, outer ends`)
	})
}

// TestFromPanic recovers in the outer body what the inner one panicked with.
func TestFromPanic(t *testing.T) {
	body := func(_ *trace, y *yielder) (string, error) {
		_, _ = y.Yield(2)
		panic(io.EOF)
	}
	ways(t, body, func(t *testing.T, _ *trace, inner func() *gen) {
		g := coro.New(func(y *yielder) (r string, err error) {
			defer func() {
				p := recover().(*coro.PanicError)
				r = fmt.Sprint(p.Value, strings.Contains(string(p.Stack), "TestFromPanic.func"))
				_, err = y.Yield(5)
			}()
			return coro.From(y, inner())
		})
		g.Next()
		if v, ok := g.Next(); v != 5 || !ok {
			t.Errorf("got %d, %v", v, ok)
		}
		g.Next()
		r, err := g.Result()
		result(t, "Result", r, err, "EOF true", nil)
	})
}

// TestFromGoexit lets the inner body call Goexit: both end.
func TestFromGoexit(t *testing.T) {
	before := runtime.NumGoroutine()
	body := func(_ *trace, y *yielder) (string, error) {
		_, _ = y.Yield(2)
		runtime.Goexit()
		return "", nil
	}
	ways(t, body, func(t *testing.T, l *trace, inner func() *gen) {
		var in *gen
		g := outer(l, func() *gen { in = inner(); return in })
		g.Next()
		g.Next()
		if _, ok := g.Next(); ok {
			t.Error("a value")
		}
		l.expect(t, `outer: "", outer ends`)
		for _, g := range []*gen{in, g} {
			r, err := g.Result()
			result(t, "Result", r, err, "", coro.ErrGoexit)
		}
	})
	noMoreGoroutines(t, before)
}

// TestFromWhileClosing delegates in a body that has been told to end.
func TestFromWhileClosing(t *testing.T) {
	for _, values := range []int{0, 1} {
		started := counter(3, new([]string))
		started.Next()
		for _, inner := range []*coro.Generator[int, string, int]{counter(values, new([]string)), started} {
			r0, err0 := inner.Result()
			g := coro.New(func(y *yielder) (string, error) {
				_, err := y.Yield(1)
				_, err2 := coro.From(y, inner)
				return "cleaned up", errors.Join(err, err2)
			})
			g.Next()
			r, err := g.Close()
			if inner != started && values == 0 {
				result(t, "Close of a body that yields nothing more", r, err, "cleaned up", nil)
				continue
			}
			result(t, "Close of a body that yields more", r, err, "", coro.ErrIgnoredExit)
			if inner == started {
				r, err := started.Result()
				result(t, "Result of the one that was not begun with", r, err, r0, err0)
				if v, ok := started.Next(); v != 2 || !ok {
					t.Errorf("it goes on with %d, %v", v, ok)
				}
			}
		}
		_, _ = started.Close()
	}
}

// TestFromRunning uses a generator that another delegates to, and one that delegates to itself.
func TestFromRunning(t *testing.T) {
	ways(t, twoAndThree, func(t *testing.T, l *trace, inner func() *gen) {
		var in *gen
		g := outer(l, func() *gen { in = inner(); return in })
		g.Next()
		g.Next()
		if _, ok := in.Next(); ok || !in.Running() {
			t.Errorf("a value of one that is delegated to; running: %v", in.Running())
		}
		if _, ok := in.Throw(io.EOF); ok {
			t.Error("Throw")
		}
		r, err := in.Close()
		result(t, "Close", r, err, "", coro.ErrRunning)
		thief := coro.New(func(y *yielder) (string, error) { return coro.From(y, in) })
		thief.Next()
		r, err = thief.Result()
		result(t, "a second From", r, err, "", coro.ErrRunning)
		_, _ = g.Close()
	})

	var g *gen
	g = coro.New(func(y *yielder) (string, error) {
		_, err := coro.From(y, g)
		result(t, "From of itself", "", err, "", coro.ErrRunning)
		return coro.From(y, coro.New(func(y *yielder) (string, error) {
			_, err := coro.From(y, g)
			result(t, "From of the outer one", "", err, "", coro.ErrRunning)
			_, err = y.Yield(7)
			return "", err
		}))
	})
	if v, ok := g.Next(); v != 7 || !ok {
		t.Errorf("got %d, %v", v, ok)
	}
	_, _ = g.Close()
}

// TestFromEnded delegates to generators that have ended.
func TestFromEnded(t *testing.T) {
	closed := coro.New(func(*yielder) (string, error) { return "never", nil })
	_, _ = closed.Close()
	failed := coro.New(func(*yielder) (string, error) { return "result", io.EOF })
	failed.Next()
	g := coro.New(func(y *yielder) (string, error) {
		r, err := coro.From(y, closed)
		result(t, "From of a closed one", r, err, "", nil)
		return coro.From(y, failed)
	})
	if _, ok := g.Next(); ok {
		t.Error("a value")
	}
	r, err := g.Result()
	result(t, "Result", r, err, "result", io.EOF)
}

// TestFromStaleValue: what was sent before From began is not sent again.
func TestFromStaleValue(t *testing.T) {
	var l trace
	in := coro.New(func(y *yielder) (string, error) {
		_ = l.tell(y, "inner", 1)
		_ = l.tell(y, "inner", 2)
		return "", l.tell(y, "inner", 3)
	})
	in.Next()
	in.Send("old")
	g := coro.New(func(y *yielder) (string, error) {
		_ = l.tell(y, "outer", 0)
		return coro.From(y, in)
	})
	g.Next()
	g.Send("new")
	_, _ = g.Close()
	l.expect(t, `inner: "old", outer: "new", inner: "", inner: `+coro.ErrExit.Error())
}

func TestFromOutside(t *testing.T) {
	var y1 *yielder
	g := coro.New(func(y *yielder) (string, error) {
		y1 = y
		_, err := y.Yield(1)
		return "", err
	})
	g.Next()
	inner := coro.New(func(y *yielder) (string, error) { return "", nil })
	for range 2 { // while it stands, and when it has ended
		func() {
			defer func() {
				if got := recover(); got != "coro.From: called outside the running body" {
					t.Errorf("panic %v", got)
				}
			}()
			_, _ = coro.From(y1, inner)
		}()
		r, err := g.Close()
		result(t, "Close", r, err, "", nil)
	}
}

// TestOuterYielderInInnerBody: a body that delegates cannot yield.
func TestOuterYielderInInnerBody(t *testing.T) {
	var outer *yielder
	body := func(*trace, *yielder) (string, error) {
		defer func() {
			if recover() == nil {
				t.Error("the outer body yields while it delegates")
			}
		}()
		_, _ = outer.Yield(9)
		return "", nil
	}
	ways(t, body, func(t *testing.T, _ *trace, inner func() *gen) {
		g := coro.New(func(y *yielder) (string, error) {
			outer = y
			if _, err := coro.From(y, inner()); err != nil {
				return "", err
			}
			_, err := y.Yield(5) // and can again
			return "", err
		})
		if v, ok := g.Next(); v != 5 || !ok {
			t.Errorf("got %d, %v", v, ok)
		}
		_, _ = g.Close()
	})
}
