package coro_test

import (
	"context"
	"fmt"
	"math/bits"
	"runtime"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/seed6bcf1587/coop/coro"
	"github.com/seed6bcf1587/coop/event"
	"github.com/seed6bcf1587/coop/hub"
)

// TestTwoGoroutines uses a generator from several goroutines at once: each value goes to one of them, and those that come at the wrong time get
// none. The body would race with itself if two of them got in.
func TestTwoGoroutines(t *testing.T) {
	const values, users = 20_000, 4
	last := 0
	g := coro.New(func(y *coro.Yielder[int, int]) (int, error) {
		for last < values {
			last++
			if _, err := y.Yield(last); err != nil {
				return 0, err
			}
		}
		return last, nil
	})
	var wg sync.WaitGroup
	var got [users][]int
	var refused [users]int
	for i := range users {
		wg.Go(func() {
			for {
				v, ok := g.Next()
				if ok {
					got[i] = append(got[i], v)
					continue
				}
				if _, err := g.Result(); err == nil {
					return
				} else if err != coro.ErrRunning && err != coro.ErrNotStarted {
					t.Error(err)
					return
				}
				refused[i]++
				runtime.Gosched()
			}
		})
	}
	wg.Wait()
	all := slices.Concat(got[:]...)
	slices.Sort(all)
	for i, v := range all {
		if v != i+1 {
			t.Fatalf("value %d is %d", i, v)
		}
	}
	if len(all) != values {
		t.Errorf("%d values", len(all))
	}
	t.Logf("refused %v", refused)
}

// TestGoroutinesInTurn hands a generator from goroutine to goroutine.
func TestGoroutinesInTurn(t *testing.T) {
	g := counter(4, new([]string))
	for want := range 4 {
		inGoroutine(func() {
			if v, ok := g.Next(); v != want || !ok {
				t.Errorf("got %d, %v", v, ok)
			}
		})
	}
	inGoroutine(func() {
		r, err := g.Close()
		result(t, "Close", r, err, 3, nil)
	})
}

func TestYieldAfterTheEnd(t *testing.T) {
	var leaked *coro.Yielder[int, int]
	g := coro.New(func(y *coro.Yielder[int, int]) (int, error) {
		leaked = y
		_, err := y.Yield(1)
		return 0, err
	})
	g.Next()
	_, _ = g.Close()
	defer func() {
		if got := recover(); got != "coro.Yielder.Yield: called outside the running body" {
			t.Errorf("panic %v", got)
		}
	}()
	_, _ = leaked.Yield(1)
}

func TestMisuse(t *testing.T) {
	panics := func(want string, f func()) {
		t.Helper()
		defer func() {
			if got := fmt.Sprint(recover()); got != want {
				t.Errorf("panic %q, want %q", got, want)
			}
		}()
		f()
	}
	panics("coro.New: nil function", func() { coro.New[int, int, int](nil) })
	var y *coro.Yielder[int, int]
	g := coro.New(func(inner *coro.Yielder[int, int]) (int, error) {
		y = inner
		_, err := y.Yield(1)
		return 0, err
	})
	g.Next()
	panics("iter.Pull: yield called again before next", func() { _, _ = y.Yield(2) })
	panics("coro.Generator.Throw: nil error", func() { g.Throw(nil) })
	if _, err := g.Close(); err != nil {
		t.Error(err)
	}
}

// drops is how many generators or greenlets are dropped: 10,000, or 1,000 where addresses have 32 bits. After tests with deep stacks the runtime
// begins new goroutines with large ones for a while, and so many of those do not fit there.
const drops = 1000 * (1 + 9*(bits.UintSize/64))

// TestDropped checks that generators nobody holds any more are closed, and their goroutines released.
func TestDropped(t *testing.T) {
	before := runtime.NumGoroutine()
	for range drops {
		counter(3, new([]string)).Next()
	}
	if n := runtime.NumGoroutine(); n < before+100 {
		t.Fatalf("only %d goroutines: the test tests nothing", n)
	}
	noMoreGoroutines(t, before)
}

func noMoreGoroutines(t *testing.T, before int) {
	t.Helper()
	for range 2000 {
		runtime.GC()
		if runtime.NumGoroutine() <= before {
			return
		}
		runtime.Gosched() // to the cleanups of the garbage collector; nothing tells when they have run
	}
	t.Errorf("%d goroutines, before %d", runtime.NumGoroutine(), before)
}

// TestBodyWaitsForTask lets the body of a generator wait in a task: the task waits, and others run.
func TestBodyWaitsForTask(t *testing.T) {
	var got []string
	err := hub.Run(t.Context(), func(ctx context.Context) error {
		hub.Go(ctx, func(ctx context.Context) error {
			if err := hub.Sleep(ctx, 1500*time.Millisecond); err != nil {
				return err
			}
			got = append(got, "other")
			return nil
		})
		g := coro.New(func(y *coro.Yielder[int, int]) (int, error) {
			for i := range 3 {
				if err := hub.Sleep(ctx, time.Second); err != nil {
					return 0, err
				}
				if _, err := y.Yield(i); err != nil {
					return 0, err
				}
			}
			return 0, nil
		})
		for v := range g.All() {
			got = append(got, fmt.Sprint(v))
			if err := hub.Yield(ctx); err != nil {
				return err
			}
		}
		return nil
	}, hub.WithVirtualClock(time.Unix(0, 0)))
	if s := fmt.Sprint(got); err != nil || s != "[0 other 1 2]" {
		t.Errorf("got %s, %v", s, err)
	}
}

// TestBodyCalledByGoroutine lets a body wait with a task's context when a plain goroutine calls it: the goroutine waits, and the task
// keeps control.
func TestBodyCalledByGoroutine(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		err := hub.Run(t.Context(), func(ctx context.Context) error {
			other := false
			hub.Go(ctx, func(ctx context.Context) error { other = true; return nil })
			g := coro.New(func(y *coro.Yielder[int, int]) (int, error) {
				_, err := y.Yield(1)
				if err != nil {
					return 0, err
				}
				return 0, hub.Sleep(ctx, time.Second)
			})
			g.Next()
			var called event.Event
			go func() {
				g.Next()
				called.Set()
			}()
			time.Sleep(2 * time.Second) //blocklint:ignore sleep the task keeps control
			if other || !called.IsSet() {
				t.Errorf("another task ran: %v; the goroutine is through: %v", other, called.IsSet())
			}
			return nil
		})
		if err != nil {
			t.Error(err)
		}
	})
}
