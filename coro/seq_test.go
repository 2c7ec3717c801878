package coro_test

import (
	"io"
	"iter"
	"runtime"
	"slices"
	"testing"

	"github.com/seed6bcf1587/coop/coro"
)

func TestFromSeq(t *testing.T) {
	ended := false
	seq := func(yield func(int) bool) {
		defer func() { ended = true }()
		for i := range 3 {
			if !yield(i) {
				return
			}
		}
	}
	through := func() *coro.Generator[int, string, int] {
		ended = false
		return coro.New(func(y *yielder) (int, error) { return 8, coro.FromSeq(y, seq) })
	}
	g := through()
	if got := slices.Collect(g.All()); !slices.Equal(got, []int{0, 1, 2}) || !ended {
		t.Errorf("got %v, ended %v", got, ended)
	}
	r, err := g.Result()
	result(t, "Result", r, err, 8, nil)

	g = through()
	g.Next()
	if v, ok := g.Send("goes nowhere"); v != 1 || !ok {
		t.Errorf("Send: got %d, %v", v, ok)
	}
	if _, ok := g.Throw(io.EOF); ok || !ended {
		t.Errorf("Throw: %v, ended %v", ok, ended)
	}
	r, err = g.Result()
	result(t, "Result after Throw", r, err, 8, io.EOF)

	g = through()
	g.Next()
	r, err = g.Close()
	result(t, "Close", r, err, 8, nil)
	if !ended {
		t.Error("Close did not end the sequence")
	}
}

func TestOf(t *testing.T) {
	g := coro.Of(slices.Values([]int{1, 2, 3}))
	g.Next()
	if got := slices.Collect(g.All()); !slices.Equal(got, []int{2, 3}) {
		t.Errorf("got %v", got)
	}
	g = coro.Of(slices.Values([]int{1, 2, 3}))
	g.Next()
	if _, ok := g.Throw(io.EOF); ok {
		t.Error("a value after Throw")
	}
	_, err := g.Result()
	result(t, "Result", 0, err, 0, io.EOF)

	defer func() {
		if got := recover(); got != "coro.Of: nil function" {
			t.Errorf("panic %v", got)
		}
	}()
	coro.Of[int](nil)
}

// TestPipeline chains generators by range loops.
func TestPipeline(t *testing.T) {
	before := runtime.NumGoroutine()
	stage := func(in iter.Seq[int], f func(int) (int, bool)) *coro.Generator[int, struct{}, int] {
		return coro.New(func(y *coro.Yielder[int, struct{}]) (n int, err error) {
			for v := range in {
				if w, keep := f(v); keep {
					if _, err := y.Yield(w); err != nil {
						return n, err
					}
					n++
				}
			}
			return n, nil
		})
	}
	numbers := coro.Of(func(yield func(int) bool) {
		for i := 1; yield(i); i++ {
		}
	})
	squares := stage(numbers.All(), func(v int) (int, bool) { return v * v, true })
	odd := stage(squares.All(), func(v int) (int, bool) { return v, v%2 == 1 })
	var got []int
	for v := range odd.All() {
		if got = append(got, v); len(got) == 4 {
			break
		}
	}
	if !slices.Equal(got, []int{1, 9, 25, 49}) {
		t.Errorf("got %v", got)
	}
	n, err := odd.Close()
	result(t, "Close", n, err, 3, nil)
	_, _ = squares.Close()
	_, _ = numbers.Close()
	noMoreGoroutines(t, before)
}
