package coro

// A body is what goes on after the Generator or Greenlet that stands for it has been dropped.
type body interface {
	abandon() // ends it, if it has not ended
}

// abandon ends a body that nobody can reach any more. What goes wrong in that, nobody can be told. It is the garbage collector's cleanup
// for all of them; one that depended on the type would cost two allocations more.
func abandon(b body) {
	go func() {
		defer func() { _ = recover() }()
		b.abandon()
	}()
}
