// Stall is a small order server on a hub whose tasks stall it in eight
// places, and stay clear of it in as many others. It is there to be checked:
//
//	go run ./cmd/blocklint ./examples/stall/...
package main

import (
	"context"
	"log"
	"time"

	"github.com/seed6bcf1587/coop/event"
	"github.com/seed6bcf1587/coop/examples/stall/store"
	"github.com/seed6bcf1587/coop/hub"
	"github.com/seed6bcf1587/coop/queue"
)

// A server takes orders, saves them and tells a partner about them.
type server struct {
	store  *store.Store
	orders *queue.Queue[string]
	ready  event.Event
	done   chan struct{}
	alerts chan string
}

func main() {
	st, err := store.Open("postgres", "dbname=orders", "/tmp/orders")
	if err != nil {
		log.Fatal(err)
	}
	s := &server{store: st, orders: queue.NewFIFO[string](16), done: make(chan struct{}), alerts: make(chan string, 64)}
	if err := hub.Run(context.Background(), s.serve); err != nil {
		log.Fatal(err)
	}
}

// serve starts one task for each thing that the server does.
func (s *server) serve(ctx context.Context) error {
	for _, task := range []func(context.Context) error{
		s.poll, s.supervise, s.drain, s.gather, s.record, s.maintain, s.notify,
		s.wait, s.take, s.offer, s.background, s.count, s.prepare, s.report, s.register,
	} {
		hub.Go(ctx, task)
	}
	every(ctx, time.Minute, func() { _ = s.store.Compact() }) // stalls: a directory tree is removed, 3 calls deep
	return nil
}

// every runs f in a task again and again.
func every(ctx context.Context, d time.Duration, f func()) {
	hub.Go(ctx, func(ctx context.Context) error {
		for hub.Sleep(ctx, d) == nil {
			f()
		}
		return nil
	})
}
