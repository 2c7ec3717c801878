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
		{3, "From at depth 8, per value", "Generator.Next", 1.3, 0, delegated(8), next},
		{4, "Generator made, one value, closed", "iter.Pull, next, stop", 1.3, 0, makeGenerator, makePull},
		{5, "Greenlet.Switch, main there and back", "two nexts of iter.Pull", 0.85, 0, switchMain, pullTwice},
		{5, "Greenlet.Switch, another there and back", "two nexts of iter.Pull", 0.85, 0, switchOther, pullTwice},
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

// delegated takes values of a generator that delegates to one that delegates, and so on.
func delegated(depth int) func(n int) {
	return func(n int) {
		g := nested(depth)
		for range n {
			g.Next()
		}
		_, _ = g.Close()
	}
}

func nested(depth int) *coro.Generator[int, int, int] {
	if depth == 0 {
		return coro.New(forever)
	}
	return coro.New(func(y *coro.Yielder[int, int]) (int, error) { return coro.From(y, nested(depth-1)) })
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
	go answerWhenAsked(ask, answer)
	for range n {
		ask <- struct{}{}
		<-answer
	}
	close(ask)
}

func answerWhenAsked(ask <-chan struct{}, answer chan<- int) {
	for i := 0; ; i++ {
		if _, more := <-ask; !more {
			return
		}
		answer <- i
	}
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

func pullTwice(n int) { pullInts(2 * n) }

func switchMain(n int) {
	main := coro.Current[int]()
	g := coro.NewGreenlet(func(v int) int {
		for {
			v = main.Switch(v)
		}
	})
	for i := range n {
		g.Switch(i)
	}
	_, _ = g.Throw(coro.ErrExit)
}

func switchOther(n int) {
	var a, b *coro.Greenlet[int]
	a = coro.NewGreenlet(func(v int) int {
		for range n {
			v = b.Switch(v)
		}
		return v
	})
	b = coro.NewGreenlet(func(v int) int {
		for {
			v = a.Switch(v)
		}
	})
	a.Switch(1)
	_, _ = b.Throw(coro.ErrExit)
}
