// Package clean has tasks that use every cooperative wait there is.
package clean

import (
	"context"
	"time"

	"github.com/seed6bcf1587/coop/event"
	"github.com/seed6bcf1587/coop/hub"
	"github.com/seed6bcf1587/coop/queue"
	"github.com/seed6bcf1587/coop/semaphore"
	"github.com/seed6bcf1587/coop/sync2"
)

type parts struct {
	event event.Event
	fifo  *queue.Queue[int]
	sem   *semaphore.Bounded
	lock  sync2.RLock
}

func run(ctx context.Context, p *parts) error {
	return hub.Run(ctx, func(ctx context.Context) error {
		t := hub.Go(ctx, func(ctx context.Context) error {
			p.event.Set()
			p.event.Clear()
			if err := p.fifo.Put(ctx, 1); err != nil {
				return err
			}
			return p.fifo.TryPut(2)
		})
		if err := p.event.Wait(ctx); err != nil {
			return err
		}
		if _, err := p.fifo.Get(ctx); err != nil {
			return err
		}
		if _, err := p.fifo.TryGet(); err != nil {
			return err
		}
		if err := p.sem.Acquire(ctx, 1); err != nil {
			return err
		}
		p.sem.Release(1)
		if err := p.lock.Lock(ctx); err != nil {
			return err
		}
		p.lock.Unlock()
		ctx, cancel := hub.WithTimeout(ctx, time.Second)
		defer cancel()
		if err := hub.Yield(ctx); err != nil {
			return err
		}
		if err := hub.Sleep(ctx, time.Second); err != nil {
			return err
		}
		t.Cancel(nil)
		return t.Join(ctx)
	})
}
