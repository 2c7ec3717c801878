// Package far implements the interfaces of package srv, and is not imported
// by it.
package far

import "github.com/seed6bcf1587/coop/testdata/handed/srv"

// A Tree calls what it is given.
type Tree struct{ n int }

// Walk calls fn two calls deep.
func (t *Tree) Walk(fn func()) { t.step(fn) }

func (t *Tree) step(fn func()) {
	for range t.n {
		fn()
	}
}

// Later starts what it is given.
type Later struct{}

// Later starts fn.
func (Later) Later(fn func()) { go fn() }

// A Host calls its visitors.
type Host struct{}

// Accept calls v.
func (Host) Accept(v srv.Visitor) { v.Visit() }

// A Stage hands on what it is given.
type Stage struct{ Under srv.Walker }

// Run gives fn to another one.
func (s Stage) Run(name string, fn func()) { s.Under.Walk(fn) }
