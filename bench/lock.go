package bench

import (
	"context"
	"sync"

	xsemaphore "golang.org/x/sync/semaphore"

	"github.com/seed6bcf1587/coop/semaphore"
	"github.com/seed6bcf1587/coop/sync2"
)

func lockRows() []Row {
	return []Row{
		{13, "Semaphore Acquire and Release, alone", "x/sync/semaphore", 0.6, 0, semaphoreAlone, xsemaphoreAlone},
		{13, "Semaphore, 2 goroutines on 1 permit", "x/sync/semaphore", 1, 0, semaphoreShared, xsemaphoreShared},
		{14, "Mutex Lock and Unlock", "sync.Mutex", 1.5, 0, mutex, stdMutex},
		{14, "Mutex Lock and Unlock", "channel of size 1, select with ctx", 0.3, 0, mutexLive, channelMutex},
		{15, "RLock Lock and Unlock, held already", "sync.Mutex Lock and Unlock", 1.5, 0, rlock, stdMutex},
	}
}

// weighted is what both semaphores have in common.
type weighted interface {
	Acquire(ctx context.Context, n int64) error
	Release(n int64)
}

func semaphoreAlone(n int)   { acquireRelease(semaphore.New(1), n) }
func xsemaphoreAlone(n int)  { acquireRelease(xsemaphore.NewWeighted(1), n) }
func semaphoreShared(n int)  { share(semaphore.New(1), n) }
func xsemaphoreShared(n int) { share(xsemaphore.NewWeighted(1), n) }

func acquireRelease(s weighted, n int) {
	ctx := context.Background()
	for range n {
		if s.Acquire(ctx, 1) != nil {
			panic("bench: Acquire failed")
		}
		s.Release(1)
	}
}

func share(s weighted, n int) { both(func(int) { acquireRelease(s, n/2) }) }

func mutex(n int) { lockUnlock(context.Background(), n) }

func mutexLive(n int) {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	lockUnlock(ctx, n)
}

func lockUnlock(ctx context.Context, n int) {
	var m sync2.Mutex
	for range n {
		if m.Lock(ctx) != nil {
			panic("bench: Lock failed")
		}
		m.Unlock()
	}
}

func stdMutex(n int) {
	var m sync.Mutex
	for range n {
		m.Lock()
		m.Unlock() //lint:ignore SA2001 the pair is what is measured
	}
}

func channelMutex(n int) {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	m := make(chan struct{}, 1)
	for range n {
		select {
		case m <- struct{}{}:
		case <-ctx.Done():
			panic("bench: ctx ended")
		}
		<-m
	}
}

func rlock(n int) {
	ctx := context.Background()
	var l sync2.RLock
	_ = l.Lock(ctx)
	for range n {
		if l.Lock(ctx) != nil {
			panic("bench: Lock failed")
		}
		l.Unlock()
	}
	l.Unlock()
}
