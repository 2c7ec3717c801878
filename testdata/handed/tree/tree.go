// Package tree has functions that give functions to what they are given, and
// types that do with these what they like.
package tree

import "time"

// A Node hands its function on, or does not.
type Node interface{ Each(f func()) }

// A Visitor is called by an [Accepter].
type Visitor interface {
	Visit()
	Leave()
}

// An Accepter takes visitors.
type Accepter interface{ Accept(v Visitor) }

// Walk gives f to n.
func Walk(n Node, f func()) { n.Each(f) }

// WalkWrapped gives n a literal around f.
func WalkWrapped(n Node, f func()) {
	n.Each(func() {
		println("node")
		f()
	})
}

// WalkSleeping gives n a function that blocks.
func WalkSleeping(n Node) { n.Each(func() { time.Sleep(1) }) }

// WalkDeep gives f to n, three calls deeper.
func WalkDeep(n Node, f func()) { walk1(n, f) }

func walk1(n Node, f func()) { walk2(f, n) }
func walk2(f func(), n Node) { Walk(n, f) }

// Apply gives f to run.
func Apply(run func(func()), f func()) { run(f) }

// ApplyLater returns a function that gives f to run.
func ApplyLater(run func(func()), f func()) func() { return func() { run(f) } }

// Runner returns a function that calls what it is given.
func Runner() func(f func()) {
	return func(f func()) { f() }
}

// Visiting gives v to a.
func Visiting(a Accepter, v Visitor) { a.Accept(v) }

// Each is Walk for any type that has the method.
func Each[N interface{ Each(f func()) }](n N, f func()) { n.Each(f) }

// Leaf calls its function.
type Leaf struct{}

// Each calls f.
func (Leaf) Each(f func()) { f() }

// Accept calls a method of v.
func (Leaf) Accept(v Visitor) { v.Visit() }

// Background starts its function.
type Background struct{}

// Each starts f.
func (Background) Each(f func()) { go f() }

// Accept starts a method of v.
func (Background) Accept(v Visitor) { go v.Visit() }

// Stored keeps its function.
type Stored struct {
	fs []func()
	vs []Visitor
}

// Each keeps f.
func (s *Stored) Each(f func()) { s.fs = append(s.fs, f) }

// Accept keeps v.
func (s *Stored) Accept(v Visitor) { s.vs = append(s.vs, v) }

// Empty has nothing to call a function for.
type Empty struct{}

// Each does nothing.
func (Empty) Each(func()) {}

// Accept calls the other method.
func (Empty) Accept(v Visitor) { v.Leave() }

// List is a node of nodes.
type List []Node

// Each calls f for each node below.
func (l List) Each(f func()) {
	for _, n := range l {
		n.Each(f)
	}
}
