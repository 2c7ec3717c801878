// Package server runs tasks that call what it does not import.
package server

import (
	"context"

	"github.com/seed6bcf1587/coop/hub"
	"github.com/seed6bcf1587/coop/testdata/open/port"
)

// A Server calls its store, its notifier and its hooks in tasks.
type Server struct {
	OnSave func()
	onDone func()
	store  port.Store
	notify port.Notifier
}

// New returns a server. It stores done, for tasks to call.
func New(store port.Store, n port.Notifier, done func()) *Server {
	return &Server{store: store, notify: n, onDone: done}
}

// Run starts the tasks.
func (s *Server) Run(ctx context.Context) {
	hub.Go(ctx, s.handle)
	hub.Go(ctx, func(ctx context.Context) error {
		s.OnSave()
		s.onDone()
		return nil
	})
	hub.Go(ctx, func(ctx context.Context) error {
		return s.accepted()
	})
}

func (s *Server) handle(ctx context.Context) error {
	s.notify.Notify()
	_ = s.store.Len()
	return s.put("x")
}

func (s *Server) put(key string) error { return s.store.Save(key) }

func (s *Server) accepted() error {
	return s.store.Save("") //blocklint:ignore db the caller waits for nobody
}
