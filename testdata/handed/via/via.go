// Package via stands between those who give functions and those who take
// them.
package via

import "github.com/seed6bcf1587/coop/testdata/handed/tree"

// Walk gives f to n, a package further.
func Walk(f func(), n tree.Node) { tree.WalkDeep(n, f) }

// Wrapped gives n a literal around f.
func Wrapped(n tree.Node, f func()) { tree.WalkWrapped(n, func() { f() }) }

// Sleeping gives n a function that blocks.
func Sleeping(n tree.Node) { tree.WalkSleeping(n) }

// A Guard calls a function between others.
type Guard struct{ name string }

// Run calls f.
func (g Guard) Run(f func()) {
	defer println(g.name)
	f()
}

// Start starts f.
func (g Guard) Start(f func()) { go f() }
