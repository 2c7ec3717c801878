package values

import (
	"context"
	"time"

	"github.com/seed6bcf1587/coop/hub"
)

// Quiet: the channel holds one value, and whoever puts one in takes the old
// one out first.
type latest struct{ ch chan int }

func newLatest() *latest { return &latest{ch: make(chan int, 1)} }

func (l *latest) put(n int) {
	select {
	case <-l.ch:
	default:
	}
	l.ch <- n
}

func drained(ctx context.Context, l *latest) {
	hub.Go(ctx, func(ctx context.Context) error {
		l.put(1)
		ch := make(chan int, 1)
		for i := range 3 {
			select {
			case <-ch:
			default:
			}
			ch <- i
		}
		return nil
	})
}

// Quiet: the time is over when the context is made.
func expired(ctx context.Context) {
	hub.Go(ctx, func(ctx context.Context) error {
		a, cancel := context.WithTimeout(ctx, 0)
		defer cancel()
		<-a.Done()
		b, cancel := context.WithTimeoutCause(ctx, -time.Second, nil)
		defer cancel()
		<-b.Done()
		c, cancel := context.WithDeadline(ctx, time.Time{})
		defer cancel()
		<-c.Done()
		d, cancel := context.WithDeadline(ctx, time.Now())
		defer cancel()
		<-d.Done()
		e, cancel := context.WithDeadline(ctx, time.Now().Add(-time.Second))
		defer cancel()
		<-e.Done()
		return nil
	})
}

// Blocking: it is not.
func notExpired(ctx context.Context) {
	hub.Go(ctx, func(ctx context.Context) error {
		a, cancel := context.WithTimeout(ctx, 1)
		defer cancel()
		<-a.Done() // want `channel receive blocks`
		b, cancel := context.WithDeadline(ctx, time.Now().Add(time.Second))
		defer cancel()
		<-b.Done() // want `channel receive blocks`
		return nil
	})
}

// Quiet: a case that is ready before the select is reached.
func readyCases(ctx context.Context, other chan int) {
	hub.Go(ctx, func(ctx context.Context) error {
		done, cancel := context.WithCancel(ctx)
		cancel()
		select {
		case <-done.Done():
		case <-other:
		}
		select {
		case <-time.After(0):
		case <-other:
		}
		room := make(chan int, 1)
		select {
		case room <- 1:
		case <-other:
		}
		return nil
	})
}

type optional struct {
	never chan int
	some  chan int
}

// Quiet: nothing is ever stored in the field, so that the guard never lets
// anybody wait.
func guarded(ctx context.Context, o *optional) {
	hub.Go(ctx, func(ctx context.Context) error {
		if o.never != nil {
			<-o.never
		}
		if ch := o.never; ch != nil {
			ch <- 1
		}
		return nil
	})
}

// Blocking: there is a channel, and the guard says no more.
func guardedSome(ctx context.Context) {
	o := &optional{some: make(chan int)}
	hub.Go(ctx, func(ctx context.Context) error {
		if o.some != nil {
			<-o.some // want `channel receive blocks the hub`
		}
		return nil
	})
}

// Blocking: nobody else is there who could receive.
func sendSelf(ctx context.Context) {
	hub.Go(ctx, func(ctx context.Context) error {
		ch := make(chan int)
		ch <- 1 // want `channel send blocks the hub \[chan, definite\]`
		<-ch    // quiet: what the send put there, had it returned
		return nil
	})
}

// Quiet: Done returns at once, and so does what looks at it.
func looksAtDone(ctx context.Context) {
	hub.Go(ctx, func(ctx context.Context) error {
		done := context.Background().Done()
		_ = done
		select {
		case <-context.Background().Done():
		default:
		}
		return ctx.Err()
	})
}

type limited struct {
	permits chan struct{}
	gate    chan struct{}
}

func newLimited(n int) *limited {
	return &limited{permits: make(chan struct{}, n), gate: make(chan struct{}, 1)}
}

// Quiet: what is received was put there by who receives it.
func permits(ctx context.Context, l *limited) {
	hub.Go(ctx, func(ctx context.Context) error {
		lock := make(chan struct{}, 1)
		lock <- struct{}{}
		defer func() { <-lock }()
		<-l.permits
		return nil
	})
}

// Blocking: a signal, which somebody else gives.
func signal(ctx context.Context, l *limited) {
	hub.Go(ctx, func(ctx context.Context) error {
		<-l.gate // want `channel receive blocks the hub`
		return nil
	})
}

// Quiet: the timer has run out, or it was stopped; and a look before.
func timers(ctx context.Context, t *time.Timer, ch chan int) {
	hub.Go(ctx, func(ctx context.Context) error {
		if !t.Stop() {
			<-t.C
		}
		for len(ch) > 0 {
			<-ch
		}
		return nil
	})
}
