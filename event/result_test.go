package event_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"math/rand/v2"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/seed6bcf1587/coop/event"
	"github.com/seed6bcf1587/coop/internal/worlds"
)

func TestResultFirstWins(t *testing.T) {
	worlds.Each(t, func(t *testing.T, w *worlds.World) {
		var r event.Result[int]
		var got worlds.Log[string]
		for range 3 {
			w.Go(func(ctx context.Context) {
				v, err := r.Get(ctx)
				got.Add(fmt.Sprint(v, " ", err))
			})
		}
		short, cancel := w.Timeout(w.Ctx, time.Second)
		defer cancel()
		if v, err := r.Get(short); v != 0 || !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("got %d, %v", v, err)
		}
		if r.Ready() || len(got.Take()) > 0 {
			t.Error("ready too early")
		}
		if !r.Set(7) || r.Set(8) || r.Fail(io.EOF) || !r.Ready() {
			t.Error("the first must win, and only the first")
		}
		w.Settle()
		if s := fmt.Sprint(got.Take()); s != "[7 <nil> 7 <nil> 7 <nil>]" {
			t.Errorf("got %s", s)
		}
		if v, err := r.Get(short); v != 0 || !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("with an ended context: %d, %v", v, err)
		}
		select {
		case <-r.Done():
		default:
			t.Error("Done is open")
		}

		var f event.Result[int]
		if !f.Fail(io.EOF) || f.Set(1) {
			t.Error("the first must win, and only the first")
		}
		if v, err := f.Get(w.Ctx); v != 0 || err != io.EOF {
			t.Errorf("got %d, %v", v, err)
		}
	})
}

func TestResultCallbacks(t *testing.T) {
	var log bytes.Buffer
	defer slog.SetDefault(slog.Default())
	slog.SetDefault(slog.New(slog.NewTextHandler(&log, nil)))

	var r event.Result[int]
	var got []string
	note := func(name string) func(int, error) {
		return func(v int, err error) { got = append(got, fmt.Sprint(name, v, err)) }
	}
	r.OnDone(note("a"))
	unlinkB := r.OnDone(note("b"))
	var unlinkE func()
	r.OnDone(func(int, error) {
		got = append(got, "c")
		unlinkE() // during delivery
		r.OnDone(note("added by c, "))
		if r.Set(2) {
			t.Error("set twice")
		}
	})
	r.OnDone(func(int, error) { panic("oops") })
	unlinkD := r.OnDone(note("d"))
	unlinkE = r.OnDone(note("e"))
	unlinkB()
	unlinkB()
	if got != nil {
		t.Errorf("%q before Set", got)
	}
	r.Set(1)
	unlinkD() // too late
	r.OnDone(note("late"))
	if s := strings.Join(got, " "); s != "a1 <nil> c d1 <nil> added by c, 1 <nil> late1 <nil>" {
		t.Errorf("got %s", s)
	}
	if s := log.String(); strings.Count(s, "a callback panicked") != 1 || !strings.Contains(s, "oops") {
		t.Errorf("logged %s", s)
	}
}

// TestResultCallbackGoexit ends the goroutine that delivers, in the middle: the others are called all the same.
func TestResultCallbackGoexit(t *testing.T) {
	var r event.Result[int]
	n := 0
	for i := range 5 {
		r.OnDone(func(int, error) {
			n++
			if i%2 == 0 {
				runtime.Goexit()
			}
		})
	}
	var wg sync.WaitGroup
	wg.Go(func() { r.Set(1) })
	wg.Wait()
	if n != 5 {
		t.Errorf("%d of 5 called", n)
	}
	r.OnDone(func(int, error) { n++ })
	if n != 6 {
		t.Error("one that was added later was not called")
	}
}

func TestResultMisuse(t *testing.T) {
	for want, f := range map[string]func(){
		"event.Result.Fail: nil error":      func() { new(event.Result[int]).Fail(nil) },
		"event.Result.OnDone: nil function": func() { new(event.Result[int]).OnDone(nil) },
		"event.Then: nil function":          func() { event.Then[int, int](new(event.Result[int]), nil) },
		"event.Catch: nil function":         func() { event.Catch(new(event.Result[int]), nil) },
		"event.First: no results":           func() { event.First[int]() },
	} {
		func() {
			defer func() {
				if got := recover(); got != want {
					t.Errorf("panic %v, want %v", got, want)
				}
			}()
			f()
		}()
	}
}

func get[T any](t *testing.T, r *event.Result[T]) string {
	t.Helper()
	if !r.Ready() {
		return "not ready"
	}
	v, err := r.Get(t.Context())
	if err != nil {
		return err.Error()
	}
	return fmt.Sprint(v)
}

func TestChain(t *testing.T) {
	double := func(n int) (string, error) { return fmt.Sprint(2 * n), nil }
	fails := func(int) (string, error) { return "", io.EOF }
	mourn := func(error) (string, error) { return "", io.ErrClosedPipe }
	rescue := func(err error) (string, error) { return "rescued from " + err.Error(), nil }
	for _, c := range []struct {
		name  string
		start func(r *event.Result[int])
		chain func(r *event.Result[int]) *event.Result[string]
		want  string
	}{
		{"Then", func(r *event.Result[int]) { r.Set(4) },
			func(r *event.Result[int]) *event.Result[string] { return event.Then(r, double) }, "8"},
		{"Then of a failure", func(r *event.Result[int]) { r.Fail(io.ErrNoProgress) },
			func(r *event.Result[int]) *event.Result[string] { return event.Then(r, double) }, io.ErrNoProgress.Error()},
		{"Then that fails", func(r *event.Result[int]) { r.Set(4) },
			func(r *event.Result[int]) *event.Result[string] { return event.Then(r, fails) }, "EOF"},
		{"Catch", func(r *event.Result[int]) { r.Fail(io.ErrNoProgress) },
			func(r *event.Result[int]) *event.Result[string] { return event.Catch(event.Then(r, double), rescue) },
			"rescued from " + io.ErrNoProgress.Error()},
		{"Catch that fails", func(r *event.Result[int]) { r.Fail(io.ErrNoProgress) },
			func(r *event.Result[int]) *event.Result[string] { return event.Catch(event.Then(r, double), mourn) },
			io.ErrClosedPipe.Error()},
		{"Catch of a value", func(r *event.Result[int]) { r.Set(4) },
			func(r *event.Result[int]) *event.Result[string] { return event.Catch(event.Then(r, double), rescue) }, "8"},
	} {
		var r event.Result[int]
		before := c.chain(&r)
		if got := get(t, before); got != "not ready" {
			t.Errorf("%s: %s before the start", c.name, got)
		}
		c.start(&r)
		for _, chained := range []*event.Result[string]{before, c.chain(&r)} {
			if got := get(t, chained); got != c.want {
				t.Errorf("%s: got %s, want %s", c.name, got, c.want)
			}
		}
	}
}

func TestChainPanics(t *testing.T) {
	var r event.Result[int]
	panics := event.Then(&r, func(int) (int, error) { panic(io.EOF) })
	var exits *event.Result[int]
	var wg sync.WaitGroup
	wg.Go(func() {
		exits = event.Then(&r, func(int) (int, error) { runtime.Goexit(); return 0, nil })
		r.Set(1)
	})
	wg.Wait()
	var p *event.PanicError
	if _, err := panics.Get(t.Context()); !errors.As(err, &p) || !errors.Is(err, io.EOF) || !strings.Contains(string(p.Stack), "TestChainPanics") {
		t.Errorf("got %v", err)
	}
	var f event.Result[int]
	f.Fail(io.ErrNoProgress)
	if _, err := event.Catch(&f, func(error) (int, error) { panic(io.EOF) }).Get(t.Context()); !errors.As(err, &p) || !errors.Is(err, io.EOF) {
		t.Errorf("got %v", err)
	}
	if got := get(t, exits); !strings.Contains(got, "Goexit") {
		t.Errorf("got %s", got)
	}
}

func TestAllAndFirst(t *testing.T) {
	var a, b, c event.Result[int]
	all := event.All(&a, &b, &a, &c)
	first := event.First(&a, &b, &c)
	b.Set(2)
	if got := get(t, first); got != "2" {
		t.Errorf("First: %s", got)
	}
	c.Set(3)
	if got := get(t, all); got != "not ready" {
		t.Errorf("All: %s", got)
	}
	a.Set(1)
	if got := get(t, all); got != "[1 2 1 3]" {
		t.Errorf("All: %s", got)
	}
	if got := get(t, event.All[int]()); got != "[]" {
		t.Errorf("All of none: %s", got)
	}

	var d, never event.Result[int]
	all, first = event.All(&a, &d, &never), event.First(&d, &never)
	d.Fail(io.EOF)
	if x, y := get(t, all), get(t, first); x != "EOF" || y != "EOF" {
		t.Errorf("All: %s, First: %s", x, y)
	}
}

// TestAllAndFirstInAnyOrder sets results forwards and backwards, all with values or one with an error, before and after they are asked for.
func TestAllAndFirstInAnyOrder(t *testing.T) {
	for n := 1; n < 10; n++ {
		for _, backwards := range []bool{false, true} {
			for bad := -1; bad < n; bad++ {
				rs := make([]*event.Result[int], n)
				for i := range rs {
					rs[i] = new(event.Result[int])
				}
				all, first := event.All(rs...), event.First(rs...)
				wantAll, wantFirst := "not ready", "not ready"
				for done := range n {
					if a, f := get(t, all), get(t, first); a != wantAll || f != wantFirst {
						t.Fatalf("%d of %d set, number %d fails: All: %s, want %s; First: %s, want %s", done, n, bad, a, wantAll, f, wantFirst)
					}
					i := done
					if backwards {
						i = n - 1 - done
					}
					outcome := fmt.Sprint(i)
					if i == bad {
						outcome, wantAll = "EOF", "EOF"
						rs[i].Fail(io.EOF)
					} else {
						rs[i].Set(i)
					}
					if done == 0 {
						wantFirst = outcome
					}
				}
				if bad < 0 {
					wantAll = "[0 1 2 3 4 5 6 7 8"[:2*n] + "]"
				}
				for _, a := range []*event.Result[[]int]{all, event.All(rs...)} {
					if got := get(t, a); got != wantAll {
						t.Errorf("All of %d, number %d fails: %s, want %s", n, bad, got, wantAll)
					}
				}
			}
		}
	}
}

// TestLongChain sets the first of ten thousand results that hang on each other.
func TestLongChain(t *testing.T) {
	const length = 10_000
	var start event.Result[int]
	end := &start
	for range length {
		end = event.Then(end, func(n int) (int, error) { return n + 1, nil })
	}
	start.Set(0)
	if got := get(t, end); got != fmt.Sprint(length) {
		t.Errorf("got %s", got)
	}
}

// TestFirstLeavesLosersAlone waits for one that is never set, again and again.
func TestFirstLeavesLosersAlone(t *testing.T) {
	var never, set event.Result[int]
	set.Set(1)
	heap := func() uint64 {
		runtime.GC()
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		return m.HeapAlloc
	}
	before := heap()
	for range 100_000 {
		event.First(&never, &set)
	}
	if after := heap(); after > before+1<<20 {
		t.Errorf("heap %d before, %d after", before, after)
	}
	runtime.KeepAlive(&never)
}

// TestResultUnderFire sets results, adds callbacks and waits, all at once. The witness counts: one winner each, each callback once.
func TestResultUnderFire(t *testing.T) {
	const parties, rounds = 24, 200
	worlds.Hammer(t, parties, func(t *testing.T) (func(context.Context, *rand.Rand), func()) {
		var results [rounds]event.Result[int]
		var inside [rounds]atomic.Int32
		var winners, calls, added atomic.Int64
		party := func(ctx context.Context, rng *rand.Rand) {
			for i := range results {
				r := &results[i]
				switch rng.IntN(3) {
				case 0:
					if r.Set(i) {
						winners.Add(1)
					}
				case 1:
					added.Add(1)
					r.OnDone(func(v int, err error) {
						if v != i || err != nil {
							t.Errorf("round %d: got %d, %v", i, v, err)
						}
						if n := inside[i].Add(1); n != 1 {
							t.Errorf("round %d: %d callbacks at once", i, n)
						}
						runtime.Gosched()
						inside[i].Add(-1)
						calls.Add(1)
					})
				case 2:
					hasty, cancel := worlds.Hasty(ctx, rng)
					if v, err := r.Get(hasty); err == nil && v != i {
						t.Errorf("round %d: got %d", i, v)
					}
					cancel()
				}
			}
		}
		return party, func() {
			for i := range results {
				if results[i].Set(i) {
					winners.Add(1)
				}
			}
			if winners.Load() != rounds || calls.Load() != added.Load() {
				t.Errorf("%d winners of %d; %d calls of %d", winners.Load(), rounds, calls.Load(), added.Load())
			}
		}
	})
}

// TestResultSleepers lets goroutines that no context ends wait for many Results, each in an order of its own, while others set them: each is woken, once, by
// the Result that it waits for, and not by one before at which it waited with the same means.
func TestResultSleepers(t *testing.T) {
	const sleepers = 6
	results := make([]event.Result[int], worlds.Rounds(3000))
	ctx := context.Background()
	var all sync.WaitGroup
	for i := range sleepers {
		all.Go(func() {
			rng := rand.New(rand.NewPCG(1, uint64(i)))
			for first := 0; first < len(results); first += 10 {
				for _, k := range rng.Perm(10) {
					n := first + k
					if v, err := results[n].Get(ctx); v != n || err != nil {
						t.Errorf("result %d is %d, %v", n, v, err)
						return
					}
				}
			}
		})
	}
	for i := range 2 {
		all.Go(func() {
			for n := i; n < len(results); n += 2 {
				if n%7 == 0 {
					runtime.Gosched()
				}
				results[n].Set(n)
			}
		})
	}
	all.Wait()
}

// TestResultAcrossBubbles waits for Results in one synctest bubble after the other, and outside.
func TestResultAcrossBubbles(t *testing.T) {
	wait := func(t *testing.T) {
		var r event.Result[int]
		var all sync.WaitGroup
		for range 3 {
			all.Go(func() {
				if v, err := r.Get(context.Background()); v != 1 || err != nil {
					t.Errorf("got %d, %v", v, err)
				}
			})
		}
		r.Set(1)
		all.Wait()
	}
	for range 10 {
		synctest.Test(t, func(t *testing.T) {
			var r event.Result[int]
			var woken atomic.Int32
			for range 3 {
				go func() {
					_, _ = r.Get(context.Background())
					woken.Add(1)
				}()
				synctest.Wait() // it is durably blocked
			}
			r.Set(1)
			synctest.Wait()
			if n := woken.Load(); n != 3 {
				t.Errorf("%d of 3 were woken", n)
			}
			wait(t)
		})
		wait(t)
	}
}
