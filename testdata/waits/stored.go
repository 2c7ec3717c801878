package waits

import (
	"context"
	"sync"
	"time"

	"github.com/seed6bcf1587/coop/hub"
)

type session struct {
	mu  sync.Mutex
	ctx context.Context
}

func newSession(ctx context.Context) *session { return &session{ctx: ctx} }

func sessions(ctx context.Context) {
	s := newSession(ctx)
	hub.Go(ctx, s.run)
	hub.Go(ctx, s.try)
	hub.Go(ctx, s.spin)
}

// Each task has a ctx of its own; the stored one is that of another.
func (s *session) run(ctx context.Context) error {
	return hub.Sleep(s.ctx, time.Second) // want `hub\.Sleep with the ctx that newSession stored blocks the hub \[ctx, probable\]`
}

// Quiet where the lock is not taken.
func (s *session) try(ctx context.Context) error {
	if !s.mu.TryLock() {
		return hub.Yield(ctx)
	}
	defer s.mu.Unlock()
	return hub.Sleep(ctx, time.Second) // want `hub\.Sleep with a sync\.Mutex held blocks the hub \[held, definite\]`
}

// A loop stands where its for statement does.
func (s *session) spin(ctx context.Context) error {
	n := 0
	if s.ctx == nil {
		for { // want `loop without end blocks the hub \[spin, definite\]`
		}
	}
	for { // want `loop without end blocks the hub \[spin, definite\]`
		if n > 3 {
			continue
		}
		n++
	}
}
