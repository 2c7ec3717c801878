package values

import (
	"context"
	"time"

	"github.com/seed6bcf1587/coop/hub"
)

// Quiet: whichever way is taken, something was sent.
func branches(ctx context.Context, ok bool) {
	hub.Go(ctx, func(ctx context.Context) error {
		ch := make(chan error, 1)
		if ok {
			ch <- nil
		} else {
			ch <- context.Canceled
		}
		return <-ch
	})
}

// On one of the ways nothing was sent.
func branch(ctx context.Context, ok bool) {
	hub.Go(ctx, func(ctx context.Context) error {
		ch := make(chan error, 1)
		if ok {
			ch <- nil
		}
		return <-ch // want `channel receive blocks the hub \[chan, definite\]`
	})
}

func noChannel(ctx context.Context) {
	hub.Go(ctx, func(ctx context.Context) error {
		var ch chan int
		ch <- 1 // want `channel send blocks the hub \[chan, definite\]`
		return nil
	})
}

var jobs = make(chan func(), 4)

func job() { jobs <- func() { time.Sleep(1) } }

// A function that comes out of a select.
func selected(ctx context.Context) {
	hub.Go(ctx, func(ctx context.Context) error {
		select {
		case f := <-jobs:
			f() // want `time\.Sleep blocks the hub \[sleep, probable\]`
		default:
		}
		return nil
	})
}
