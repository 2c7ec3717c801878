// Package calls has the ways in which a task reaches an operation inside
// one package.
package calls

import (
	"context"
	"sync"
	"time"

	"github.com/seed6bcf1587/coop/hub"
)

func pause()  { time.Sleep(time.Second) }
func pause2() { pause() }
func pause3() { pause2() }

// One call deep.
func depth1(ctx context.Context) {
	hub.Go(ctx, func(ctx context.Context) error {
		pause() // want `time\.Sleep blocks the hub \[sleep, definite\]: func literal in depth1, a task started by hub\.Go → calls/calls\.go:\d+ pause → calls/calls\.go:\d+ time\.Sleep$`
		return nil
	})
}

// Three calls deep.
func depth3(ctx context.Context) {
	hub.Go(ctx, func(ctx context.Context) error {
		pause3() // want `→ calls/calls\.go:\d+ pause3 → calls/calls\.go:\d+ pause2 → calls/calls\.go:\d+ pause → calls/calls\.go:\d+ time\.Sleep$`
		return nil
	})
}

// A declared function as the task: reported where it blocks.
func namedTask(ctx context.Context) { hub.Go(ctx, worker) }

func worker(ctx context.Context) error {
	pause() // want `: worker, a task started by hub\.Go →`
	return nil
}

// The same task started twice is one root.
func namedTwice(ctx context.Context) {
	hub.Go(ctx, twice)
	hub.Go(ctx, twice)
}

func twice(ctx context.Context) error {
	pause() // want `: twice, a task started by hub\.Go →`
	return nil
}

type server struct{ ch chan int }

func (s *server) wait() { <-s.ch }

func (s *server) loop(ctx context.Context) error {
	s.wait() // want `\(\*server\)\.loop, a task started by hub\.Go → calls/calls\.go:\d+ \(\*server\)\.wait → calls/calls\.go:\d+ channel receive`
	return nil
}

// A method value as the task.
func methodValue(ctx context.Context, s *server) { hub.Go(ctx, s.loop) }

type valued struct{ ch chan int }

func (v valued) wait() { <-v.ch }

// A method on a value, called as an expression.
func methodExpression(ctx context.Context, v valued) {
	hub.Go(ctx, func(ctx context.Context) error {
		valued.wait(v) // want `channel receive blocks`
		return nil
	})
}

type outer struct {
	name string
	*server
}

// A method promoted from an embedded struct.
func embedded(ctx context.Context, o outer) {
	hub.Go(ctx, func(ctx context.Context) error {
		o.wait() // want `channel receive blocks`
		return nil
	})
}

// A method value in a variable.
func methodInVariable(ctx context.Context, s *server) {
	hub.Go(ctx, func(ctx context.Context) error {
		f := s.wait
		f() // want `channel receive blocks the hub \[chan, definite\]`
		return nil
	})
}

// A literal called where it stands.
func immediate(ctx context.Context) {
	hub.Go(ctx, func(ctx context.Context) error {
		func() { // want `time\.Sleep blocks the hub`
			time.Sleep(1)
		}()
		return nil
	})
}

// A literal in a variable.
func literalInVariable(ctx context.Context) {
	hub.Go(ctx, func(ctx context.Context) error {
		f := func() { time.Sleep(1) }
		f() // want `time\.Sleep blocks the hub \[sleep, definite\]`
		return nil
	})
}

// A literal captured from the function around the task.
func captured(ctx context.Context) {
	f := func() { time.Sleep(1) }
	hub.Go(ctx, func(ctx context.Context) error {
		f() // want `time\.Sleep blocks the hub`
		return nil
	})
}

// A captured variable that is set after the task was made.
func capturedLater(ctx context.Context) {
	var f func()
	t := func(ctx context.Context) error {
		f() // want `time\.Sleep blocks the hub`
		return nil
	}
	f = pause
	hub.Go(ctx, t)
}

// Quiet: stored, never called.
func storedOnly(ctx context.Context) {
	hub.Go(ctx, func(ctx context.Context) error {
		f := func() { time.Sleep(1) }
		_ = f
		return nil
	})
}

// A deferred call runs in the task.
func deferred(ctx context.Context) {
	hub.Go(ctx, func(ctx context.Context) error {
		defer pause() // want `time\.Sleep blocks the hub`
		return nil
	})
}

// So does a deferred literal.
func deferredLiteral(ctx context.Context) {
	hub.Go(ctx, func(ctx context.Context) error {
		defer func() { time.Sleep(1) }() // want `time\.Sleep blocks the hub`
		return nil
	})
}

func arg(ch chan int) int { return <-ch }

// The operands of a deferred call are evaluated in the task, too.
func deferredOperand(ctx context.Context, ch chan int) {
	hub.Go(ctx, func(ctx context.Context) error {
		defer println(arg(ch)) // want `channel receive blocks`
		return nil
	})
}

func even(n int) {
	if n > 0 {
		odd(n - 1)
	}
}

func odd(n int) {
	if n == 0 {
		time.Sleep(1)
		return
	}
	even(n - 1)
}

// Mutual recursion.
func recursion(ctx context.Context) {
	hub.Go(ctx, func(ctx context.Context) error {
		even(3) // want `→ calls/calls\.go:\d+ even → calls/calls\.go:\d+ odd → calls/calls\.go:\d+ time\.Sleep$`
		return nil
	})
}

func generic[T any](ch chan T) T { return <-ch }

// A generic function.
func genericCall(ctx context.Context, ch chan string) {
	hub.Go(ctx, func(ctx context.Context) error {
		generic(ch) // want `→ calls/calls\.go:\d+ generic → calls/calls\.go:\d+ channel receive$`
		return nil
	})
}

type box[T any] struct{ ch chan T }

func (b *box[T]) get() T { return <-b.ch }

// A method of a generic type.
func genericMethod(ctx context.Context, b *box[int]) {
	hub.Go(ctx, func(ctx context.Context) error {
		b.get() // want `\(\*box\)\.get →`
		return nil
	})
}

func each(yield func(int) bool) {
	for i := range 3 {
		if !yield(i) {
			return
		}
	}
}

// The body of a range over a function.
func rangeOverFunc(ctx context.Context) {
	hub.Go(ctx, func(ctx context.Context) error {
		for range each { // want `time\.Sleep blocks the hub`
			time.Sleep(1)
		}
		return nil
	})
}

func slowEach(yield func(int) bool) {
	time.Sleep(1)
	yield(1)
}

// The iterator itself.
func slowIterator(ctx context.Context) {
	hub.Go(ctx, func(ctx context.Context) error {
		for range slowEach { // want `time\.Sleep blocks the hub`
		}
		return nil
	})
}

// Two operations are two findings.
func both(ctx context.Context, ch chan int) {
	hub.Go(ctx, func(ctx context.Context) error {
		time.Sleep(1) // want `time\.Sleep blocks`
		<-ch          // want `channel receive blocks`
		return nil
	})
}

// One operation reached twice is one finding.
func once(ctx context.Context) {
	hub.Go(ctx, func(ctx context.Context) error {
		pause() // want `time\.Sleep blocks`
		pause()
		return nil
	})
}

type sleeper interface{ nap() }
type heavy struct{}
type light struct{}

func (heavy) nap() { time.Sleep(1) }
func (light) nap() {}

// An interface whose value is plain to see.
func interfaceKnown(ctx context.Context) {
	hub.Go(ctx, func(ctx context.Context) error {
		var s sleeper = heavy{}
		s.nap() // want `time\.Sleep blocks the hub \[sleep, probable\]`
		return nil
	})
}

// Quiet: the value does not sleep.
func interfaceLight(ctx context.Context) {
	hub.Go(ctx, func(ctx context.Context) error {
		var s sleeper = light{}
		s.nap()
		return nil
	})
}

// An interface that a caller passes: what the program converts to it may be
// behind it.
func interfaceUnknown(ctx context.Context, s sleeper) {
	hub.Go(ctx, func(ctx context.Context) error {
		s.nap() // want `\(calls\.heavy\)\.nap as s\.nap → .* time\.Sleep$`
		return nil
	})
}

// Tasks started by a task.
func nested(ctx context.Context) {
	hub.Go(ctx, func(ctx context.Context) error {
		hub.Go(ctx, func(ctx context.Context) error {
			time.Sleep(1) // want `time\.Sleep blocks`
			return nil
		})
		return nil
	})
}

// Quiet: short work under a lock that nobody holds for long.
func shortLock(ctx context.Context, mu *sync.Mutex) {
	hub.Go(ctx, func(ctx context.Context) error {
		mu.Lock()
		defer mu.Unlock()
		return nil
	})
}
