package sync2_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/seed6bcf1587/coop/hub"
	"github.com/seed6bcf1587/coop/internal/worlds"
	"github.com/seed6bcf1587/coop/sync2"
)

// naive is a re-entrant lock as simple as it can be.
type naive struct {
	owner *hub.Task
	depth int
	line  worlds.Line
}

func (l *naive) Lock(ctx context.Context) error {
	if ctx.Err() != nil {
		return ctx.Err()
	}
	me := hub.Current(ctx)
	if l.owner == nil || l.owner == me {
		l.owner = me
		l.depth++
		return nil
	}
	if _, err := l.line.Wait(ctx, 0); err != nil {
		return err
	}
	l.owner, l.depth = me, 1
	return nil
}

func (l *naive) Unlock(ctx context.Context) {
	if l.depth--; l.depth > 0 {
		return
	}
	l.owner = nil
	if len(l.line.Waiting) > 0 {
		l.line.Call(0)
		l.owner = new(hub.Task) // not free until the waiter has come
	}
}

// TestRLockAgainstReference compares random programs, with cancellation.
func TestRLockAgainstReference(t *testing.T) {
	worlds.Same(t, func(reference bool) func(ctx context.Context, rng *rand.Rand) string {
		var ours sync2.RLock
		var ref naive
		lock, unlock := ours.Lock, func(context.Context) { ours.Unlock() }
		if reference {
			lock, unlock = ref.Lock, ref.Unlock
		}
		return func(ctx context.Context, rng *rand.Rand) string {
			depth := 0
			var err error
			for range 1 + rng.IntN(3) {
				if err = lock(ctx); err == nil {
					depth++
				}
			}
			if depth > 0 {
				_ = hub.Sleep(context.WithoutCancel(ctx), time.Duration(rng.IntN(10_000)))
			}
			for range depth {
				unlock(ctx)
			}
			return fmt.Sprint("held to depth ", depth, " ", err)
		}
	})
}
