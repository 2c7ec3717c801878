package event_test

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/seed6bcf1587/coop/event"
	"github.com/seed6bcf1587/coop/internal/worlds"
)

func TestSetWakesAllWhoWait(t *testing.T) {
	worlds.Each(t, func(t *testing.T, w *worlds.World) {
		var e event.Event
		var woken worlds.Log[error]
		for range 6 {
			w.Go(func(ctx context.Context) { woken.Add(e.Wait(ctx)) })
		}
		w.Settle()
		if n := len(woken.Take()); n != 0 {
			t.Errorf("%d returned before Set", n)
		}
		e.Set()
		e.Clear() // they wait no longer, whatever comes after
		w.Go(func(ctx context.Context) { woken.Add(e.Wait(ctx)) })
		w.Settle()
		if got := fmt.Sprint(woken.Take()); got != "[<nil> <nil> <nil> <nil> <nil> <nil>]" {
			t.Errorf("after Set and Clear: %s", got)
		}
		e.Set()
		e.Set()
		w.Settle()
		if got := fmt.Sprint(woken.Take()); got != "[<nil>]" {
			t.Errorf("who came after Clear got %s", got)
		}
	})
}

func TestIsSet(t *testing.T) {
	var e event.Event
	for _, c := range []struct {
		do   func()
		want bool
	}{{func() {}, false}, {e.Set, true}, {e.Set, true}, {e.Clear, false}, {e.Clear, false}, {e.Set, true}} {
		for _, attended := range []bool{false, true} {
			if c.do(); e.IsSet() != c.want {
				t.Errorf("set: %v, want %v", e.IsSet(), c.want)
			}
			if attended {
				e.Done()
			}
		}
	}
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

// TestNobodyPassesUnset lets two parties play ping-pong with two events, at which others wait and do nothing else. The witness is a plain
// variable: it says whose turn it is when either returns from Wait, and the race detector sees when both believe that it is theirs.
func TestNobodyPassesUnset(t *testing.T) {
	var live, cancel = context.WithCancel(context.Background())
	defer cancel()
	for name, contexts := range map[string][]context.Context{
		"endless": {context.Background()}, "live": {live}, "both": {context.Background(), live},
	} {
		t.Run(name, func(t *testing.T) {
			rounds := worlds.Rounds(5000)
			var sides [2]event.Event
			var turn int
			var over atomic.Bool
			var players, others sync.WaitGroup
			for me := range sides {
				mine, theirs := &sides[me], &sides[1-me]
				players.Go(func() {
					for i := range rounds {
						if err := mine.Wait(contexts[i%len(contexts)]); err != nil {
							t.Error(err)
						}
						if turn != me {
							t.Errorf("party %d passed in the turn of the other", me)
							return
						}
						turn = 1 - me
						mine.Clear()
						theirs.Set()
					}
				})
				for i := range 4 {
					others.Go(func() {
						for !over.Load() {
							if err := mine.Wait(contexts[i%len(contexts)]); err != nil {
								t.Error(err)
							}
							runtime.Gosched()
						}
					})
				}
			}
			sides[0].Set()
			players.Wait()
			over.Store(true)
			for i := range sides {
				sides[i].Set()
			}
			others.Wait()
		})
	}
}

// shared is used in one synctest bubble after the other, and outside of any.
var shared event.Event

// TestAcrossBubbles checks that nothing of a wait in one bubble is kept that another must not touch.
func TestAcrossBubbles(t *testing.T) {
	use := func(t *testing.T) {
		live, cancel := context.WithCancel(context.Background())
		defer cancel()
		for _, ctx := range []context.Context{context.Background(), live} {
			var wg sync.WaitGroup
			for range 10 {
				wg.Go(func() {
					if err := shared.Wait(ctx); err != nil {
						t.Error(err)
					}
				})
			}
			runtime.Gosched()
			shared.Set()
			wg.Wait()
			shared.Clear()
		}
	}
	for range 3 {
		synctest.Test(t, use)
		use(t)
	}
}

func TestWaitAllocatesNothing(t *testing.T) {
	var ping, pong event.Event
	ctx, cancel := context.WithCancel(context.Background())
	go func() {
		for ctx.Err() == nil {
			_ = ping.Wait(context.Background())
			ping.Clear()
			pong.Set()
		}
	}()
	if n := testing.AllocsPerRun(1000, func() {
		ping.Set()
		_ = pong.Wait(context.Background())
		pong.Clear()
	}); n != 0 {
		t.Errorf("%v allocations for each time there and back", n)
	}
	cancel()
	ping.Set()
}
