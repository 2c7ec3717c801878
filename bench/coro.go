package bench

import (
	"iter"

	"github.com/seed6bcf1587/coop/coro"
)

func coroRows() []Row {
	return []Row{
		{1, "Generator.Next", "next of iter.Pull", 1.15, 0, next, pullInts},
		{1, "Generator.Send", "next of iter.Pull", 1.2, 0, send, pullInts},
		{2, "Generator.Next", "two unbuffered channels", 0.35, 0, next, channelGenerator},
		{4, "Generator made, one value, closed", "iter.Pull, next, stop", 1.3, 0, makeGenerator, makePull},
	}
}

func forever(y *coro.Yielder[int, int]) (int, error) {
	for i := 0; ; i++ {
		if _, err := y.Yield(i); err != nil {
			return i, err
		}
	}
}

func next(n int) {
	g := coro.New(forever)
	for range n {
		g.Next()
	}
	_, _ = g.Close()
}

func send(n int) {
	g := coro.New(forever)
	g.Next()
	for range n {
		g.Send(1)
	}
	_, _ = g.Close()
}

func ints(yield func(int) bool) {
	for i := 0; yield(i); i++ {
	}
}

func pullInts(n int) {
	next, stop := iter.Pull(ints)
	defer stop()
	for range n {
		next()
	}
}

// channelGenerator is a generator as it is made of a goroutine and two channels: one asks, the other answers.
func channelGenerator(n int) {
	ask, answer := make(chan struct{}), make(chan int)
	go func() {
		for i := 0; ; i++ {
			if _, more := <-ask; !more {
				return
			}
			answer <- i
		}
	}()
	for range n {
		ask <- struct{}{}
		<-answer
	}
	close(ask)
}

func makeGenerator(n int) {
	for range n {
		g := coro.New(forever)
		g.Next()
		_, _ = g.Close()
	}
}

func makePull(n int) {
	for range n {
		next, stop := iter.Pull(ints)
		next()
		stop()
	}
}
