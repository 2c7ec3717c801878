// Package convert has functions and types that become roots by being
// converted to what must not block.
package convert

import (
	"context"
	"time"

	"github.com/seed6bcf1587/coop/hub"
	"github.com/seed6bcf1587/coop/testdata/low"
)

func nap() { time.Sleep(1) }

// A func type of another package.
func register() {
	low.Register(func(n int) {
		nap() // want `time\.Sleep blocks a loop \[sleep, definite\]: func literal in register, nonblocking by low\.Callback`
		go nap()
	})
	low.Register(named)
}

func named(n int) {
	nap() // want `time\.Sleep blocks a loop .*: named, nonblocking by low\.Callback`
}

func wrapper(f func()) { low.Register(func(int) { f() }) }

// Through a wrapper.
func wrapped() {
	wrapper(func() {
		nap() // want `time\.Sleep blocks a loop`
	})
}

//blocklint:nonblocking
type tick func()

var onTick tick = func() {
	nap() // want `nonblocking by convert\.tick`
}

// Quiet: another func type.
var other func() = func() { nap() }

type listener struct{ name string }

func (l *listener) Told(n int) {
	nap() // want `time\.Sleep blocks a loop \[sleep, definite\]: \(\*listener\)\.Told, nonblocking by \(low\.Listener\)\.Told`
}

// Quiet: nothing is said about it.
func (l *listener) Park(ctx context.Context) error { nap(); return nil }
func (l *listener) Ask() error                     { return nil }

func listen() { low.Listen(&listener{}) }

// What directives say of an interface method holds for whatever is behind it.
func declared(ctx context.Context, l low.Listener) {
	hub.Go(ctx, func(ctx context.Context) error {
		if err := l.Park(ctx); err != nil {
			return err
		}
		_ = l.Park(context.Background()) // want `\(low\.Listener\)\.Park with context\.Background\(\) blocks the hub \[ctx, definite\]`
		return l.Ask()                   // want `\(low\.Listener\)\.Ask blocks the hub \[net, definite\]`
	})
}
