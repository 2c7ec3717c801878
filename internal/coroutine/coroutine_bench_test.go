package coroutine_test

import (
	"iter"
	"testing"

	"github.com/seed6bcf1587/coop/internal/coroutine"
)

// BenchmarkTransfer is one switch of two that pass control to and fro.
func BenchmarkTransfer(b *testing.B) {
	var set coroutine.Set
	var owner coroutine.Coroutine
	var a *coroutine.Coroutine
	done := false
	a = set.New(func() {
		for !done {
			set.Transfer(a, &owner)
		}
		set.Exit(&owner)
	})
	for i := 0; i < b.N; i += 2 {
		set.Transfer(&owner, a)
	}
	done = true
	set.Transfer(&owner, a)
}

// BenchmarkPull is the plain way: next of iter.Pull, which is two switches.
func BenchmarkPull(b *testing.B) {
	next, stop := iter.Pull(func(yield func(struct{}) bool) {
		for yield(struct{}{}) {
		}
	})
	defer stop()
	for b.Loop() {
		next()
	}
}
