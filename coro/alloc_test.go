package coro_test

import (
	"io"
	"testing"

	"github.com/seed6bcf1587/coop/coro"
)

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
