package coro_test

import (
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/seed6bcf1587/coop/coro"
	"github.com/seed6bcf1587/coop/internal/goid"
)

// TestFromChain delegates to a generator that has started and itself delegates to one that has started, and so on.
func TestFromChain(t *testing.T) {
	before := runtime.NumGoroutine()
	const depth = 50
	g := coro.New(func(y *yielder) (string, error) {
		return "core", coro.FromSeq(y, func(yield func(int) bool) {
			for i := 0; i < 40 && yield(i); i++ {
			}
		})
	})
	g.Next()
	for i := range depth {
		inner := g
		g = coro.New(func(y *yielder) (string, error) {
			if _, err := y.Yield(100 + i); err != nil {
				return "", err
			}
			r, err := coro.From(y, inner)
			return r + "+", err
		})
		g.Next()
		if i%2 == 0 {
			g.Next() // every other one delegates already
		}
	}
	var got []int
	for v := range g.All() {
		got = append(got, v)
	}
	r, err := g.Result()
	result(t, "Result", r, err, "core"+strings.Repeat("+", depth), nil)
	if len(got) != 40-1-depth/2 || got[0] != 1+depth/2 || got[len(got)-1] != 39 {
		t.Errorf("got %v", got)
	}
	noMoreGoroutines(t, before)
}

// TestFromOnOneGoroutine pins how it is that depth costs nothing: all bodies are on one goroutine.
func TestFromOnOneGoroutine(t *testing.T) {
	on := map[int64]bool{}
	g := nested(100, func(y *yielder) (string, error) {
		on[goid.Get()] = true
		_, err := y.Yield(1)
		return "", err
	}, func() { on[goid.Get()] = true })
	g.Next()
	if len(on) != 1 {
		t.Errorf("the bodies are on %d goroutines", len(on))
	}
	_, _ = g.Close()
}

func nested(depth int, core func(y *yielder) (string, error), each func()) *gen {
	if depth == 0 {
		return coro.New(core)
	}
	return coro.New(func(y *yielder) (string, error) {
		each()
		return coro.From(y, nested(depth-1, core, each))
	})
}

// TestDroppedWhileDelegating drops generators that delegate to others, which have goroutines of their own or not.
func TestDroppedWhileDelegating(t *testing.T) {
	before := runtime.NumGoroutine()
	for i := range drops {
		inner := counter(3, new([]string))
		if i%2 == 0 {
			inner.Next()
		}
		coro.New(func(y *coro.Yielder[int, string]) (int, error) { return coro.From(y, inner) }).Next()
	}
	if n := runtime.NumGoroutine(); n < before+100 {
		t.Fatalf("only %d goroutines: the test tests nothing", n)
	}
	noMoreGoroutines(t, before)
}

type node struct {
	value       int
	left, right *node
}

// balanced returns a tree of 2^depth-1 nodes with values in order from first on.
func balanced(depth, first int) *node {
	if depth == 0 {
		return nil
	}
	half := 1<<(depth-1) - 1
	return &node{first + half, balanced(depth-1, first), balanced(depth-1, first+half+1)}
}

func (n *node) walk(y *coro.Yielder[int, struct{}]) (struct{}, error) {
	if n == nil {
		return struct{}{}, nil
	}
	if _, err := coro.From(y, coro.New(n.left.walk)); err != nil {
		return struct{}{}, err
	}
	if _, err := y.Yield(n.value); err != nil {
		return struct{}{}, err
	}
	return coro.From(y, coro.New(n.right.walk))
}

func (n *node) each(t *testing.T) (took time.Duration) {
	start := time.Now()
	want := 0
	for v := range coro.New(n.walk).All() {
		if v != want {
			t.Fatalf("got %d, want %d", v, want)
		}
		want++
	}
	return time.Since(start)
}

// TestTree walks trees of a million nodes, and one that is as deep as it has nodes. If a value cost a switch a level, the deep one would cost
// thirty times as much per node as the flat one.
func TestTree(t *testing.T) {
	if testing.Short() {
		t.Skip("takes seconds")
	}
	took := balanced(20, 0).each(t)
	t.Logf("%d ns a node, a tree of 2^20", took.Nanoseconds()/(1<<20))

	perNode := func(depth int) int64 {
		least := int64(1 << 62)
		for range 3 {
			var chain *node
			for i := depth - 1; i >= 0; i-- {
				chain = &node{i, nil, chain}
			}
			least = min(least, chain.each(t).Nanoseconds()/int64(depth))
		}
		return least
	}
	var flat, deep int64
	for range 5 { // the machine may have been busy with something else
		flat, deep = perNode(1000), perNode(30_000)
		t.Logf("%d ns a node at depth 1,000; %d ns at depth 30,000", flat, deep)
		if deep <= 10*flat {
			return
		}
	}
	t.Errorf("a node costs %d times as much at thirty times the depth", deep/flat)
}
