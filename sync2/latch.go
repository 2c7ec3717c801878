package sync2

import (
	"context"
	"fmt"
	"sync/atomic"

	"github.com/seed6bcf1587/coop/internal/park"
)

// A Latch is where parties wait until a number of things have happened, once. [NewLatch] makes one; the zero value is open, for
// it waits for nothing. A Latch must not be copied after first use.
//
// In the terms of the Go memory model, each CountDown synchronizes before the return of each Wait, and before a receive from
// Done that succeeds.
//
// A sync.WaitGroup is a latch that can be counted up and used again, without a context and for goroutines only.
type Latch struct {
	left atomic.Int64
	gate park.Gate
}

// NewLatch returns a latch that opens after n calls of CountDown. It panics if n is negative.
func NewLatch(n int) *Latch {
	if n < 0 {
		panic(fmt.Sprintf("sync2.NewLatch: negative count %d", n))
	}
	l := new(Latch)
	l.left.Store(int64(n))
	return l
}

// CountDown says that one of the things has happened. The last one lets all who wait go on. CountDown panics, and changes nothing, if the
// count is zero already.
func (l *Latch) CountDown() {
	for {
		left := l.left.Load()
		if left == 0 {
			panic("sync2.Latch.CountDown: the count is zero already")
		}
		if l.left.CompareAndSwap(left, left-1) {
			if left == 1 {
				l.gate.Open()
			}
			return
		}
	}
}

// Count returns how many calls of CountDown are missing at this moment.
func (l *Latch) Count() int { return int(l.left.Load()) }

// Wait waits until the count is zero. If ctx ends first, it returns its cause.
//
//blocklint:cooperative
func (l *Latch) Wait(ctx context.Context) error {
	return l.opened().Wait(ctx, "sync2.Latch.Wait")
}

// opened returns the gate, which nobody has opened if the count has been zero from the beginning.
func (l *Latch) opened() *park.Gate {
	if l.left.Load() == 0 {
		l.gate.Open()
	}
	return &l.gate
}

// Done returns a channel that is closed when the count is zero, for use in select.
func (l *Latch) Done() <-chan struct{} { return l.opened().Done() }
