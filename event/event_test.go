package event_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/seed6bcf1587/coop/event"
	"github.com/seed6bcf1587/coop/internal/worlds"
)

func TestSetWakesAllWhoWait(t *testing.T) {
	worlds.Each(t, func(t *testing.T, w *worlds.World) {
		var e event.Event
		var woken worlds.Log[error]
		for range 5 {
			w.Go(func(ctx context.Context) { woken.Add(e.Wait(ctx)) })
		}
		w.Settle()
		if n := len(woken.Take()); n != 0 {
			t.Errorf("%d returned before Set", n)
		}
		e.Set()
		e.Clear() // they wait no longer, whatever comes after
		w.Settle()
		if got := fmt.Sprint(woken.Take()); got != "[<nil> <nil> <nil> <nil> <nil>]" {
			t.Errorf("after Set: %s", got)
		}
		if e.IsSet() {
			t.Error("set after Clear")
		}
	})
}

func TestWaitOnSetEventTakesNoTurn(t *testing.T) {
	worlds.Each(t, func(t *testing.T, w *worlds.World) {
		var e event.Event
		e.Set()
		e.Set()
		other := false
		if w.Name == "tasks" { // elsewhere others run at any time
			w.Go(func(context.Context) { other = true })
		}
		if err := e.Wait(w.Ctx); err != nil {
			t.Error(err)
		}
		if other {
			t.Error("Wait on a set event gave up control")
		}
		e.Clear()
		e.Clear()
		ctx, cancel := w.Timeout(w.Ctx, time.Second)
		defer cancel()
		if err := e.Wait(ctx); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("Wait on a cleared event: %v", err)
		}
	})
}

func TestEndedContextComesFirst(t *testing.T) {
	worlds.Each(t, func(t *testing.T, w *worlds.World) {
		var e event.Event
		e.Set()
		why := errors.New("why")
		ctx, cancel := context.WithCancelCause(w.Ctx)
		cancel(why)
		if err := e.Wait(ctx); !errors.Is(err, why) || !errors.Is(err, context.Canceled) {
			t.Errorf("got %v", err)
		}
	})
}

func TestCancelledWaiterLeaves(t *testing.T) {
	worlds.Each(t, func(t *testing.T, w *worlds.World) {
		var e event.Event
		why := errors.New("why")
		var ends worlds.Log[error]
		var cancels []context.CancelCauseFunc
		for range 3 {
			w.Go(func(ctx context.Context) {
				ctx, cancel := context.WithCancelCause(ctx)
				cancels = append(cancels, cancel)
				ends.Add(e.Wait(ctx))
			})
			w.Settle()
		}
		cancels[1](why)
		w.Settle()
		if got := ends.Take(); len(got) != 1 || !errors.Is(got[0], why) || !errors.Is(got[0], context.Canceled) {
			t.Errorf("one was cancelled: %v", got)
		}
		e.Set()
		w.Settle()
		if got := fmt.Sprint(ends.Take()); got != "[<nil> <nil>]" {
			t.Errorf("the others got %s", got)
		}
	})
}

func TestDone(t *testing.T) {
	worlds.Each(t, func(t *testing.T, w *worlds.World) {
		closed := func(c <-chan struct{}) bool {
			select {
			case <-c:
				return true
			default:
				return false
			}
		}
		var e event.Event
		first := e.Done()
		if closed(first) {
			t.Error("closed before Set")
		}
		e.Set()
		if !closed(first) || !closed(e.Done()) {
			t.Error("open after Set")
		}
		e.Clear()
		if !closed(first) || closed(e.Done()) {
			t.Error("Clear must install a new channel and leave the old one closed")
		}
	})
}
