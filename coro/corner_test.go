package coro_test

import (
	"context"
	"errors"
	"io"
	"runtime"
	"strings"
	"testing"
	"time"
	"weak"

	"github.com/seed6bcf1587/coop/coro"
	"github.com/seed6bcf1587/coop/hub"
)

// TestFromWhileClosingStarted delegates, in a body that has been told to end, to a generator that stands at its last Yield: nothing more is yielded, so
// nothing is ignored.
func TestFromWhileClosingStarted(t *testing.T) {
	before := runtime.NumGoroutine()
	for name, last := range map[string]func() (string, error){
		"returns": func() (string, error) { return "flushed", nil },
		"fails":   func() (string, error) { return "", io.EOF },
		"panics":  func() (string, error) { panic(io.EOF) },
		"Goexit":  func() (string, error) { runtime.Goexit(); return "", nil },
	} {
		in := coro.New(func(y *yielder) (string, error) {
			if _, err := y.Yield(1); err != nil {
				return "", err
			}
			return last()
		})
		in.Next()
		delegated := false
		g := coro.New(func(y *yielder) (string, error) {
			_, _ = y.Yield(2)
			r, err := coro.From(y, in)
			delegated = true
			return r, err
		})
		g.Next()
		func() {
			defer func() {
				if p := recover(); (p != nil) != (name == "panics") {
					t.Errorf("%s: panic %v", name, p)
				}
			}()
			_, _ = g.Close()
		}()
		r, err := g.Result()
		want := map[string]error{"returns": nil, "fails": io.EOF, "panics": io.EOF, "Goexit": coro.ErrGoexit}[name]
		wantR := ""
		if name == "returns" {
			wantR = "flushed"
		}
		result(t, name, r, err, wantR, want)
		r, err = in.Result()
		result(t, name+", inner", r, err, wantR, want)
		if delegated != (name == "returns" || name == "fails") {
			t.Errorf("%s: From returned: %v", name, delegated)
		}
	}
	noMoreGoroutines(t, before)
}

// TestLockedThread ends generators in all ways on a locked thread, chains of them, too: the runtime checks that they stay on it.
func TestLockedThread(t *testing.T) {
	before := runtime.NumGoroutine()
	inGoroutine(func() {
		runtime.LockOSThread()
		defer runtime.UnlockOSThread()
		for name, end := range map[string]func(y *yielder, err error) (string, error){
			"return":  func(_ *yielder, err error) (string, error) { return "", err },
			"ignores": func(y *yielder, _ error) (string, error) { _, err := y.Yield(9); return "", err },
			"Goexit":  func(*yielder, error) (string, error) { runtime.Goexit(); return "", nil },
			"panic":   func(*yielder, error) (string, error) { panic(io.EOF) },
		} {
			for _, started := range []bool{false, true} {
				in := coro.New(func(y *yielder) (string, error) {
					_, _ = y.Yield(0)
					_, err := y.Yield(1)
					return end(y, err)
				})
				if started {
					in.Next()
				}
				g := coro.New(func(y *yielder) (string, error) { return coro.From(y, in) })
				g.Next()
				if !started {
					g.Next()
				}
				func() {
					defer func() {
						if p := recover(); (p != nil) != (name == "panic") {
							t.Errorf("%s: panic %v", name, p)
						}
					}()
					_, _ = g.Close()
				}()
				if _, err := g.Result(); err == coro.ErrRunning {
					t.Errorf("%s: still runs", name)
				}
			}
		}
	})
	noMoreGoroutines(t, before)
}

// TestTaskCancelledInBody cancels a task, and ends its hub, while the body of a generator, of one it delegates to, or of a greenlet waits for it. The wait fails in
// the body; and one that waits on when the hub has ended is unwound, and then the task.
func TestTaskCancelledInBody(t *testing.T) {
	before := runtime.NumGoroutine()
	for _, stubborn := range []bool{false, true} {
		for _, kind := range []string{"new", "started", "greenlet"} {
			var l trace
			wait := func(ctx context.Context) (err error) {
				defer l.add("deferred")
				for range 9 {
					err = hub.Sleep(ctx, time.Hour)
					l.add("%v", errors.Is(err, context.Canceled))
					if !stubborn {
						return err
					}
				}
				return err
			}
			ended := errors.New("none")
			use := func(ctx context.Context) error {
				defer l.add("task ends")
				if kind == "greenlet" {
					_, ended = coro.NewGreenlet(func(int) int {
						if err := wait(ctx); err != nil {
							panic(err)
						}
						return 0
					}).SwitchErr(0)
					return hub.Sleep(ctx, time.Hour)
				}
				in := coro.New(func(y *yielder) (string, error) {
					if kind == "started" {
						_, _ = y.Yield(0)
					}
					return "", wait(ctx)
				})
				if kind == "started" {
					in.Next()
				}
				g := coro.New(func(y *yielder) (string, error) { return coro.From(y, in) })
				g.Next()
				_, ended = g.Result()
				return hub.Sleep(ctx, time.Hour)
			}
			outer, cancel := context.WithCancel(t.Context())
			_ = hub.Run(outer, func(ctx context.Context) error {
				task := hub.Go(ctx, use)
				if err := hub.Sleep(ctx, time.Second); err != nil {
					return err
				}
				if stubborn {
					cancel()
				}
				task.Cancel(nil)
				_ = task.Join(ctx)
				return nil
			}, hub.WithVirtualClock(time.Unix(0, 0)))
			cancel()
			want, wantErr := "true, deferred, task ends", context.Canceled
			if stubborn {
				wantErr = coro.ErrGoexit
			}
			if !errors.Is(ended, wantErr) {
				t.Errorf("%s, stubborn %v: ended with %v", kind, stubborn, ended)
			}
			l.expect(t, want)
		}
	}
	noMoreGoroutines(t, before)
}

// TestEndedKeepsNothing ends generators in all ways, and keeps them: what their bodies had, what was sent and what was yielded is let go.
func TestEndedKeepsNothing(t *testing.T) {
	type large [1 << 10]int
	type largeGen = coro.Generator[*large, *large, int]
	for name, end := range map[string]func(g *largeGen){
		"to the end":       func(g *largeGen) { g.Next() },
		"by Send":          func(g *largeGen) {}, // in the last step
		"Close":            func(g *largeGen) { _, _ = g.Close() },
		"Throw":            func(g *largeGen) { g.Throw(io.EOF) },
		"panic":            func(g *largeGen) { g.Throw(coro.ErrRunning) },
		"Goexit":           func(g *largeGen) { g.Throw(coro.ErrGoexit) },
		"before, by Close": func(g *largeGen) { _, _ = g.Close() },
		"before, by Throw": func(g *largeGen) { g.Throw(io.EOF) },
	} {
		var refs []weak.Pointer[large]
		fresh := func() *large {
			v := new(large)
			refs = append(refs, weak.Make(v))
			return v
		}
		g := func() *largeGen {
			in := fresh()
			return coro.New(func(y *coro.Yielder[*large, *large]) (int, error) {
				for range 3 {
					v, err := y.Yield(fresh())
					switch err {
					case coro.ErrRunning:
						panic(err)
					case coro.ErrGoexit:
						runtime.Goexit()
					}
					if err != nil || v == nil {
						return in[0], err
					}
				}
				return in[1], nil
			})
		}()
		if !strings.HasPrefix(name, "before") {
			g.Next()
			g.Send(fresh())
			g.Send(fresh())
		}
		func() {
			defer func() { _ = recover() }()
			if name == "by Send" {
				g.Send(fresh())
			}
			end(g)
		}()
		runtime.GC()
		for i, r := range refs {
			if r.Value() != nil {
				t.Errorf("%s: %d of %d is still there", name, i, len(refs))
			}
		}
		if _, err := g.Result(); err == coro.ErrRunning || err == coro.ErrNotStarted {
			t.Errorf("%s: %v", name, err)
		}
		// It is over, however it ended: nothing is repeated.
		if _, ok := g.Next(); ok {
			t.Errorf("%s: a value", name)
		}
		_, err := g.Result()
		if _, again := g.Close(); again != err {
			t.Errorf("%s: Close: %v, Result: %v", name, again, err)
		}
	}
}

// TestDroppedUnruly drops generators whose bodies do all but end when they are told to: all are released, and nobody is disturbed.
func TestDroppedUnruly(t *testing.T) {
	before := runtime.NumGoroutine()
	for _, unruly := range []func(y *yielder, in *gen) (string, error){
		func(*yielder, *gen) (string, error) { panic(io.EOF) },
		func(*yielder, *gen) (string, error) { runtime.Goexit(); return "", nil },
		func(y *yielder, _ *gen) (string, error) { _, err := y.Yield(2); return "", err },
		func(y *yielder, in *gen) (string, error) { return coro.From(y, in) },
		func(y *yielder, in *gen) (string, error) {
			for range in.All() {
			}
			_, _ = y.Yield(3)
			return "", nil
		},
	} {
		for range 50 {
			body := func(next *gen) *gen {
				return coro.New(func(y *yielder) (string, error) {
					_, _ = y.Yield(1)
					return unruly(y, next)
				})
			}
			inner := body(body(nil))
			inner.Next()
			g := body(inner)
			g.Next()
			outer := coro.New(func(y *yielder) (string, error) { return coro.From(y, body(inner)) })
			outer.Next()
		}
	}
	if n := runtime.NumGoroutine(); n < before+100 {
		t.Fatalf("only %d goroutines: the test tests nothing", n)
	}
	noMoreGoroutines(t, before)
}
