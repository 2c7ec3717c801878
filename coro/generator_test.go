package coro_test

import (
	"errors"
	"fmt"
	"io"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/seed6bcf1587/coop/coro"
)

// counter yields 0, 1, ... n-1 and returns n. It notes in log what Yield gives it.
func counter(n int, log *[]string) *coro.Generator[int, string, int] {
	return coro.New(func(y *coro.Yielder[int, string]) (int, error) {
		defer func() { *log = append(*log, "deferred") }()
		for i := range n {
			s, err := y.Yield(i)
			if err != nil {
				*log = append(*log, err.Error())
				return i, err
			}
			if s != "" {
				*log = append(*log, s)
			}
		}
		return n, nil
	})
}

func result[R comparable](t *testing.T, what string, r R, err error, wantR R, wantErr error) {
	t.Helper()
	if r != wantR || !errors.Is(err, wantErr) || (err == nil) != (wantErr == nil) {
		t.Errorf("%s: got %v, %v; want %v, %v", what, r, err, wantR, wantErr)
	}
}

func TestNextToTheEnd(t *testing.T) {
	var log []string
	g := counter(2, &log)
	r, err := g.Result()
	result(t, "Result before the start", r, err, 0, coro.ErrNotStarted)
	for want := range 2 {
		if v, ok := g.Next(); v != want || !ok {
			t.Errorf("got %d, %v", v, ok)
		}
		r, err = g.Result()
		result(t, "Result on the way", r, err, 0, coro.ErrRunning)
	}
	for range 2 {
		if v, ok := g.Next(); v != 0 || ok {
			t.Errorf("after the end: got %d, %v", v, ok)
		}
	}
	r, err = g.Result()
	result(t, "Result", r, err, 2, nil)
	r, err = g.Close()
	result(t, "Close after the end", r, err, 2, nil)
	if v, ok := g.Throw(io.EOF); v != 0 || ok {
		t.Errorf("Throw after the end: got %d, %v", v, ok)
	}
	r, err = g.Result()
	result(t, "Result after Throw after the end", r, err, 2, nil)
}

func TestSend(t *testing.T) {
	var log []string
	g := counter(3, &log)
	if _, ok := g.Send("too early"); ok {
		t.Error("Send of a value to a generator that has not started")
	}
	_, err := g.Result()
	if !errors.Is(err, coro.ErrNotStarted) {
		t.Error(err)
	}
	g.Send("") // the zero value is Next
	g.Send("a")
	g.Next()
	g.Send("b")
	if got := fmt.Sprint(log); got != "[a b deferred]" {
		t.Errorf("got %s", got)
	}
}

func TestThrow(t *testing.T) {
	var log []string
	g := counter(3, &log)
	g.Next()
	if _, ok := g.Throw(io.EOF); ok {
		t.Error("the body went on")
	}
	r, err := g.Result()
	result(t, "Result", r, err, 0, io.EOF)
	if got := fmt.Sprint(log); got != "[EOF deferred]" {
		t.Errorf("got %s", got)
	}

	g = counter(3, &log)
	log = nil
	if _, ok := g.Throw(io.EOF); ok || log != nil {
		t.Errorf("thrown before the start: %v, log %v", ok, log)
	}
	r, err = g.Result()
	result(t, "Result of one that never ran", r, err, 0, io.EOF)

	catches := coro.New(func(y *coro.Yielder[string, int]) (struct{}, error) {
		for {
			if _, err := y.Yield("value"); err != nil {
				if _, err := y.Yield("caught " + err.Error()); err != nil {
					return struct{}{}, err
				}
			}
		}
	})
	catches.Next()
	if v, ok := catches.Throw(io.EOF); v != "caught EOF" || !ok {
		t.Errorf("got %q, %v", v, ok)
	}
	if v, ok := catches.Next(); v != "value" || !ok {
		t.Errorf("got %q, %v", v, ok)
	}
	catches.Close()
}

func TestClose(t *testing.T) {
	var log []string
	g := counter(3, &log)
	for range 2 {
		r, err := g.Close()
		result(t, "Close before the start", r, err, 0, nil)
	}
	if _, ok := g.Next(); ok || log != nil {
		t.Errorf("a closed generator ran: %v", log)
	}

	g = counter(3, &log)
	g.Next()
	g.Next()
	for range 2 {
		r, err := g.Close()
		result(t, "Close", r, err, 1, nil)
	}
	if got := fmt.Sprint(log); got != "["+coro.ErrExit.Error()+" deferred]" {
		t.Errorf("got %s", got)
	}

	fails := coro.New(func(y *coro.Yielder[int, int]) (int, error) {
		_, _ = y.Yield(1)
		return 5, io.EOF
	})
	fails.Next()
	r, err := fails.Close()
	result(t, "Close of a body that fails otherwise", r, err, 5, io.EOF)
}

func TestCloseIgnored(t *testing.T) {
	before := runtime.NumGoroutine()
	deferred := false
	g := coro.New(func(y *coro.Yielder[int, int]) (int, error) {
		defer func() { deferred = true }()
		for i := 0; ; i++ {
			_, _ = y.Yield(i)
		}
	})
	g.Next()
	r, err := g.Close()
	result(t, "Close", r, err, 0, coro.ErrIgnoredExit)
	if !deferred {
		t.Error("the body's deferred function did not run")
	}
	noMoreGoroutines(t, before)
}

func TestRunning(t *testing.T) {
	var g *coro.Generator[int, int, int]
	g = coro.New(func(y *coro.Yielder[int, int]) (int, error) {
		if !g.Running() {
			t.Error("Running() is false inside the body")
		}
		if _, ok := g.Next(); ok {
			t.Error("Next inside the body")
		}
		if _, ok := g.Send(1); ok {
			t.Error("Send inside the body")
		}
		if _, ok := g.Throw(io.EOF); ok {
			t.Error("Throw inside the body")
		}
		r, err := g.Close()
		result(t, "Close inside the body", r, err, 0, coro.ErrRunning)
		s, err := y.Yield(1)
		return s, err
	})
	if v, ok := g.Next(); v != 1 || !ok || g.Running() {
		t.Errorf("got %d, %v, running %v", v, ok, g.Running())
	}
	g.Send(8)
	r, err := g.Result()
	result(t, "Result", r, err, 8, nil)
}

func TestPanic(t *testing.T) {
	before := runtime.NumGoroutine()
	g := coro.New(func(*coro.Yielder[int, int]) (int, error) { panic(io.EOF) })
	func() {
		defer func() {
			p, ok := recover().(*coro.PanicError)
			if !ok || p.Value != any(io.EOF) || !errors.Is(p, io.EOF) || !strings.Contains(string(p.Stack), "TestPanic.func") {
				t.Errorf("got %v", p)
			}
		}()
		g.Next()
	}()
	r, err := g.Result()
	result(t, "Result", r, err, 0, io.EOF)
	if _, ok := g.Next(); ok {
		t.Error("Next after the panic")
	}
	noMoreGoroutines(t, before)
}

func TestGoexit(t *testing.T) {
	before := runtime.NumGoroutine()
	g := coro.New(func(y *coro.Yielder[int, int]) (int, error) {
		_, _ = y.Yield(1)
		runtime.Goexit()
		return 0, nil
	})
	g.Next()
	if v, ok := g.Next(); v != 0 || ok {
		t.Errorf("got %d, %v", v, ok)
	}
	r, err := g.Result()
	result(t, "Result", r, err, 0, coro.ErrGoexit)
	noMoreGoroutines(t, before)
}

// TestGoexitThenPanic panics in a deferred function of a body that is on its way out: the caller is not taken along.
func TestGoexitThenPanic(t *testing.T) {
	before := runtime.NumGoroutine()
	for _, leave := range []func(y *coro.Yielder[int, int]){
		func(*coro.Yielder[int, int]) { runtime.Goexit() },
		func(y *coro.Yielder[int, int]) { _, _ = y.Yield(2) }, // ignores ErrExit
	} {
		g := coro.New(func(y *coro.Yielder[int, int]) (int, error) {
			defer func() { panic(io.EOF) }()
			_, _ = y.Yield(1)
			leave(y)
			return 0, nil
		})
		g.Next()
		func() {
			defer func() {
				if p, ok := recover().(*coro.PanicError); !ok || p.Value != any(io.EOF) {
					t.Errorf("panic %v", p)
				}
			}()
			_, _ = g.Close()
		}()
	}
	noMoreGoroutines(t, before)
}

// TestGoexitOnLockedThread lets the runtime check that a coroutine stays on its thread.
func TestGoexitOnLockedThread(t *testing.T) {
	before := runtime.NumGoroutine()
	done := make(chan struct{})
	go func() {
		defer close(done)
		runtime.LockOSThread()
		defer runtime.UnlockOSThread()
		g := coro.New(func(*coro.Yielder[int, int]) (int, error) { runtime.Goexit(); return 0, nil })
		if _, ok := g.Next(); ok {
			t.Error("a value of a body that called Goexit")
		}
	}()
	<-done
	noMoreGoroutines(t, before)
}

// TestCloseFailsOtherwise joins a failure to ErrExit.
func TestCloseFailsOtherwise(t *testing.T) {
	for _, c := range []struct{ err, want error }{
		{coro.ErrExit, nil},
		{fmt.Errorf("wrapped: %w", coro.ErrExit), nil},
		{errors.Join(coro.ErrExit, io.EOF), io.EOF},
	} {
		g := coro.New(func(y *coro.Yielder[int, int]) (int, error) {
			_, _ = y.Yield(1)
			return 7, c.err
		})
		g.Next()
		r, err := g.Close()
		result(t, c.err.Error(), r, err, 7, c.want)
	}
}

func TestAll(t *testing.T) {
	var log []string
	g := counter(5, &log)
	for v := range g.All() {
		if v == 1 {
			break
		}
	}
	if got := slices.Collect(g.All()); !slices.Equal(got, []int{2, 3, 4}) {
		t.Errorf("got %v", got)
	}
}
