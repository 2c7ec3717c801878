// Package srv gives functions to interfaces whose implementations it does
// not import.
package srv

import (
	"context"
	"time"

	"github.com/seed6bcf1587/coop/hub"
)

// A Walker calls fn.
type Walker interface{ Walk(fn func()) }

// A Deferrer starts fn.
type Deferrer interface{ Later(fn func()) }

// A Visitor is called by a [Host].
type Visitor interface{ Visit() }

// A Host takes visitors.
type Host interface{ Accept(v Visitor) }

// A Stage runs what it is given, or hands it on to a [Walker].
type Stage interface{ Run(name string, fn func()) }

// A Server has one of each.
type Server struct {
	Host     Host
	Stage    Stage
	Walker   Walker
	Deferrer Deferrer
	Around   func(next func())
}

// Run starts the tasks.
func (s *Server) Run(ctx context.Context) {
	hub.Go(ctx, func(ctx context.Context) error {
		s.Walker.Walk(func() { time.Sleep(1) })
		s.Deferrer.Later(func() { time.Sleep(1) })
		return nil
	})
	hub.Go(ctx, func(ctx context.Context) error {
		s.visit(func() { time.Sleep(2) })
		s.visit(func() {})
		return nil
	})
	hub.Go(ctx, func(ctx context.Context) error {
		s.Around(func() { time.Sleep(3) })
		return nil
	})
	hub.Go(ctx, func(ctx context.Context) error {
		s.Walker.Walk(func() { time.Sleep(4) }) //blocklint:ignore sleep nobody waits for this one
		return nil
	})
}

type sleeper struct{}

func (sleeper) Visit() { time.Sleep(6) }

// Visit starts tasks that give a value with a method.
func (s *Server) Visit(ctx context.Context) {
	hub.Go(ctx, func(ctx context.Context) error {
		s.Host.Accept(sleeper{})
		return nil
	})
	hub.Go(ctx, func(ctx context.Context) error {
		s.Stage.Run("x", func() { time.Sleep(7) })
		return nil
	})
}

func (s *Server) visit(f func()) { s.Walker.Walk(func() { f() }) }

// Serve starts a task that calls a parameter.
func Serve(ctx context.Context, w Walker) {
	hub.Go(ctx, func(ctx context.Context) error {
		w.Walk(func() { time.Sleep(5) })
		return nil
	})
}
