// Package handed has functions that are given to a function, which gives
// them to a method or a function that it is given as well.
package handed

import (
	"context"
	"time"

	"github.com/seed6bcf1587/coop/hub"
	"github.com/seed6bcf1587/coop/testdata/handed/tree"
	"github.com/seed6bcf1587/coop/testdata/handed/via"
)

type node interface{ each(f func()) }

type (
	calls  struct{}
	starts struct{}
	keeps  struct{ f func() }
	idle   struct{}
	list   []node
)

func (calls) each(f func())    { f() }
func (starts) each(f func())   { go f() }
func (k *keeps) each(f func()) { k.f = f }
func (idle) each(func())       {}
func (l list) each(f func()) {
	for _, n := range l {
		n.each(f)
	}
}

func walk(n node, f func())        { n.each(f) }
func walkWrapped(n node, f func()) { n.each(func() { f() }) }
func walkSleeping(n node)          { n.each(func() { time.Sleep(4) }) }
func walkDeep(n node, f func())    { walkMore(f, n) }
func walkMore(f func(), n node)    { walk(n, f) }
func apply(run func(func()), f func()) {
	run(f)
}

// One call deep.
func near(ctx context.Context) {
	hub.Go(ctx, func(ctx context.Context) error {
		walk(calls{}, func() { time.Sleep(1) }) // want `time\.Sleep blocks the hub \[sleep, probable\]: func literal in near, .* walk → handed/handed\.go:\d+ \(calls\)\.each as n\.each → handed/handed\.go:\d+ func literal in near as f → handed/handed\.go:\d+ time\.Sleep$`
		walk(starts{}, func() { time.Sleep(1) })
		walk(new(keeps), func() { time.Sleep(1) })
		walk(idle{}, func() { time.Sleep(1) })
		walk(calls{}, func() { go time.Sleep(1) })
		return nil
	})
}

// Deeper, in a literal around it, and known there.
func deeper(ctx context.Context) {
	hub.Go(ctx, func(ctx context.Context) error {
		walkDeep(calls{}, func() { time.Sleep(2) })    // want `time\.Sleep blocks the hub \[sleep, probable\]`
		walkWrapped(calls{}, func() { time.Sleep(3) }) // want `time\.Sleep blocks the hub \[sleep, probable\]`
		walkSleeping(calls{})                          // want `time\.Sleep blocks the hub \[sleep, probable\]`
		walkDeep(starts{}, func() { time.Sleep(2) })
		walkWrapped(starts{}, func() { time.Sleep(3) })
		walkSleeping(starts{})
		walkSleeping(new(keeps))
		return nil
	})
}

// A node among others.
func nested(ctx context.Context) {
	hub.Go(ctx, func(ctx context.Context) error {
		walk(list{idle{}, list{calls{}}}, func() { time.Sleep(1) }) // want `time\.Sleep blocks the hub \[sleep, probable\]`
		return nil
	})
}

// A function that calls its argument in place of a method.
func function(ctx context.Context) {
	once := func(f func()) { f() }
	hub.Go(ctx, func(ctx context.Context) error {
		apply(func(f func()) { f() }, func() { time.Sleep(1) }) // want `time\.Sleep blocks the hub \[sleep, definite\]`
		apply(once, func() { time.Sleep(1) })                   // want `time\.Sleep blocks the hub \[sleep, (definite|probable)\]`
		apply(calls{}.each, func() { time.Sleep(1) })           // want `time\.Sleep blocks the hub \[sleep, definite\]`
		apply(func(f func()) { go f() }, func() { time.Sleep(1) })
		apply(func(f func()) { _ = f }, func() { time.Sleep(1) })
		apply(starts{}.each, func() { time.Sleep(1) })
		return nil
	})
}

type sleeper struct{}

func (sleeper) Visit() { time.Sleep(1) }
func (sleeper) Leave() {}

// The same across packages.
func far(ctx context.Context) {
	hub.Go(ctx, func(ctx context.Context) error {
		tree.Walk(tree.Leaf{}, func() { time.Sleep(1) })          // want `time\.Sleep blocks the hub \[sleep, probable\]: .* tree\.Walk → tree/tree\.go:\d+ \(tree\.Leaf\)\.Each as n\.Each → tree/tree\.go:\d+ func literal in far as f → handed/handed\.go:\d+ time\.Sleep$`
		tree.WalkWrapped(tree.Leaf{}, func() { time.Sleep(1) })   // want `time\.Sleep blocks the hub \[sleep, probable\]`
		tree.WalkSleeping(tree.Leaf{})                            // want `time\.Sleep blocks the hub \[sleep, probable\]`
		tree.Each(tree.Leaf{}, func() { time.Sleep(1) })          // want `time\.Sleep blocks the hub \[sleep, probable\]`
		tree.Apply(tree.Leaf{}.Each, func() { time.Sleep(1) })    // want `time\.Sleep blocks the hub \[sleep, definite\]`
		tree.Apply(tree.Runner(), func() { time.Sleep(1) })       // want `time\.Sleep blocks the hub \[sleep, definite\]`
		tree.Runner()(func() { time.Sleep(1) })                   // want `time\.Sleep blocks the hub \[sleep, definite\]`
		tree.ApplyLater(calls{}.each, func() { time.Sleep(1) })() // want `time\.Sleep blocks the hub \[sleep, definite\]`
		tree.Visiting(tree.Leaf{}, sleeper{})                     // want `time\.Sleep blocks the hub \[sleep, probable\]`
		return nil
	})
}

// And through one between them.
func farther(ctx context.Context, g via.Guard) {
	hub.Go(ctx, func(ctx context.Context) error {
		via.Walk(func() { time.Sleep(1) }, tree.Leaf{})    // want `time\.Sleep blocks the hub \[sleep, probable\]`
		via.Wrapped(tree.Leaf{}, func() { time.Sleep(1) }) // want `time\.Sleep blocks the hub \[sleep, probable\]`
		via.Sleeping(tree.Leaf{})                          // want `time\.Sleep blocks the hub \[sleep, probable\]`
		tree.Apply(g.Run, func() { time.Sleep(1) })        // want `time\.Sleep blocks the hub \[sleep, definite\]`
		return nil
	})
}

// Quiet: elsewhere, later or never.
func quiet(ctx context.Context, g via.Guard, unknown tree.Node) {
	hub.Go(ctx, func(ctx context.Context) error {
		for _, n := range []tree.Node{tree.Background{}, new(tree.Stored), tree.Empty{}} {
			tree.Walk(n, func() { time.Sleep(1) })
			tree.WalkWrapped(n, func() { time.Sleep(1) })
			tree.WalkSleeping(n)
			via.Walk(func() { time.Sleep(1) }, n)
			via.Wrapped(n, func() { time.Sleep(1) })
			via.Sleeping(n)
		}
		tree.Each(tree.Background{}, func() { time.Sleep(1) })
		tree.Apply(g.Start, func() { time.Sleep(1) })
		tree.Visiting(tree.Background{}, sleeper{})
		tree.Visiting(new(tree.Stored), sleeper{})
		tree.Visiting(tree.Empty{}, sleeper{})
		return nil
	})
}

// Made tasks by a method: what is given is a root.
type spawner struct{ ctx context.Context }

func (s spawner) each(f func()) {
	hub.Go(s.ctx, func(context.Context) error {
		f()
		return nil
	})
}

func tasks(ctx context.Context) {
	walk(spawner{ctx}, func() {
		time.Sleep(1) // want `time\.Sleep blocks the hub \[sleep, .*, a task started by walk`
	})
}
