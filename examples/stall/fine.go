package main

import (
	"context"
	"net/http"
	"time"

	"github.com/seed6bcf1587/coop/examples/stall/store"
	"github.com/seed6bcf1587/coop/hub"
)

// wait is fine: an event parks the task, and so does the hub's own sleep.
func (s *server) wait(ctx context.Context) error {
	if err := s.ready.Wait(ctx); err != nil {
		return err
	}
	return hub.Sleep(ctx, time.Second)
}

// take is fine: the queue parks the task until there is an order.
func (s *server) take(ctx context.Context) error {
	_, err := s.orders.Get(ctx)
	return err
}

// offer is fine: a select with a default never waits.
func (s *server) offer(ctx context.Context) error {
	select {
	case s.alerts <- "full":
	default:
	}
	return nil
}

// background is fine: each of these runs on a goroutine.
func (s *server) background(ctx context.Context) error {
	go s.tell("background")
	store.InBackground(s.store.Backup)
	time.AfterFunc(time.Minute, func() { _ = s.store.Save("late") })
	return nil
}

// count is fine: nobody holds the lock of the store for long.
func (s *server) count(ctx context.Context) error {
	_ = s.store.Count()
	return nil
}

// prepare is fine: making a request is not sending it, and Sleep(0) returns
// at once.
func (s *server) prepare(ctx context.Context) error {
	time.Sleep(0)
	_, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://partner.example", nil)
	return err
}

// report is fine: there is room in the channels for all that is sent.
func (s *server) report(ctx context.Context) error {
	results := make(chan error, 2)
	results <- nil
	results <- nil
	s.alerts <- "reported"
	return nil
}

// register is fine: the function is stored, not called.
func (s *server) register(ctx context.Context) error {
	onExit = append(onExit, func() { time.Sleep(time.Second) })
	return nil
}

var onExit []func()
