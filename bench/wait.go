package bench

import (
	"context"
	"runtime"
	"sync"
	"sync/atomic"

	"github.com/seed6bcf1587/coop/event"
	"github.com/seed6bcf1587/coop/sync2"
)

func waitRows() []Row {
	return []Row{
		{11, "Event.IsSet", "atomic.Bool Load", 1.5, 0, isSet, loadBool},
		{11, "Event.Wait on a set event", "atomic.Bool Load", 4, 0, waitSet, loadBool},
		{12, "Event: wake one and be answered", "unbuffered channel, there and back", 1.1, 0, eventPingPong, channelPingPong},
		{16, "Cond: Notify and Wait, to and fro", "sync.Cond", 1.3, 0, condPingPong, stdCondPingPong},
		{0, "Cond: to and fro with a live ctx", "sync.Cond", 0, 0, liveCondPingPong, stdCondPingPong},
		{0, "Event: to and fro with a live ctx", "channel of size 1, there and back", 0, 0, liveEventPingPong, bufferedPingPong},
	}
}

func isSet(n int) {
	var e event.Event
	e.Set()
	all := true
	for i := 0; i < n; i += 4 { // a shorter loop measures where the linker puts it
		all = e.IsSet() && all
		all = e.IsSet() && all
		all = e.IsSet() && all
		all = e.IsSet() && all
	}
	runtime.KeepAlive(all) // or it would not be computed
}

func loadBool(n int) {
	var b atomic.Bool
	b.Store(true)
	all := true
	for i := 0; i < n; i += 4 {
		all = b.Load() && all
		all = b.Load() && all
		all = b.Load() && all
		all = b.Load() && all
	}
	runtime.KeepAlive(all) // or it would not be computed
}

func waitSet(n int) {
	var e event.Event
	e.Set()
	ctx := context.Background()
	for i := 0; i < n; i += 4 {
		a, b, c, d := e.Wait(ctx), e.Wait(ctx), e.Wait(ctx), e.Wait(ctx)
		if a != nil || b != nil || c != nil || d != nil {
			panic("bench: Wait failed")
		}
	}
}

func eventPingPong(n int) { pingPongEvents(context.Background(), n) }

func liveEventPingPong(n int) {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	pingPongEvents(ctx, n)
}

func pingPongEvents(ctx context.Context, n int) {
	var ping, pong event.Event
	go func() {
		for range n {
			_ = ping.Wait(ctx)
			ping.Clear()
			pong.Set()
		}
	}()
	for range n {
		ping.Set()
		_ = pong.Wait(ctx)
		pong.Clear()
	}
}

func channelPingPong(n int)  { pingPongChannels(make(chan struct{}), make(chan struct{}), n) }
func bufferedPingPong(n int) { pingPongChannels(make(chan struct{}, 1), make(chan struct{}, 1), n) }

func pingPongChannels(ping, pong chan struct{}, n int) {
	go func() {
		for range n {
			<-ping
			pong <- struct{}{}
		}
	}()
	for range n {
		ping <- struct{}{}
		<-pong
	}
}

func condPingPong(n int) { pingPongCond(context.Background(), n) }

func liveCondPingPong(n int) {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	pingPongCond(ctx, n)
}

func pingPongCond(ctx context.Context, n int) {
	var m sync2.Mutex
	c := sync2.NewCond(&m)
	turn := 0
	play := func(me int) {
		_ = m.Lock(ctx)
		for range n {
			for turn != me {
				_ = c.Wait(ctx)
			}
			turn = 1 - me
			c.Notify(1)
		}
		m.Unlock()
	}
	both(play)
}

func stdCondPingPong(n int) {
	var m sync.Mutex
	c := sync.NewCond(&m)
	turn := 0
	both(func(me int) {
		m.Lock()
		for range n {
			for turn != me {
				c.Wait()
			}
			turn = 1 - me
			c.Signal()
		}
		m.Unlock()
	})
}

// both runs play as party 0 and as party 1, at once.
func both(play func(me int)) {
	var wg sync.WaitGroup
	wg.Go(func() { play(0) })
	wg.Go(func() { play(1) })
	wg.Wait()
}
