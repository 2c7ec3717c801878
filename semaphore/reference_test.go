package semaphore_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/seed6bcf1587/coop/internal/worlds"
	"github.com/seed6bcf1587/coop/semaphore"
)

// naive is a bounded semaphore as simple as it can be.
type naive struct {
	limit, free int
	line        worlds.Line
}

func (s *naive) Acquire(ctx context.Context, n int64) error {
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if s.TryAcquire(n) {
		return nil
	}
	_, err := s.line.Wait(ctx, int(n))
	if err != nil {
		s.serve()
	}
	return err
}

func (s *naive) TryAcquire(n int64) bool {
	if s.first() >= 0 || int(n) > s.free {
		return false
	}
	s.free -= int(n)
	return true
}

func (s *naive) Release(n int64) {
	s.free += int(n)
	s.serve()
}

func (s *naive) SetLimit(n int64) {
	s.free += int(n) - s.limit
	s.limit = int(n)
	s.serve()
}

// first returns the index of the first that does not wait in vain, or -1.
func (s *naive) first() int {
	for i, p := range s.line.Waiting {
		if p.N <= s.limit {
			return i
		}
	}
	return -1
}

func (s *naive) serve() {
	for i := s.first(); i >= 0 && s.line.Waiting[i].N <= s.free; i = s.first() {
		s.free -= s.line.Call(i).N
	}
}

func (s *naive) Available() int64 { return int64(s.free) }
func (s *naive) Waiting() int     { return len(s.line.Waiting) }

// TestBoundedAgainstReference compares random programs, with cancellation and a limit that changes.
func TestBoundedAgainstReference(t *testing.T) {
	const most = 4
	worlds.Same(t, func(reference bool) func(ctx context.Context, rng *rand.Rand) string {
		var s interface {
			either
			SetLimit(n int64)
		} = semaphore.NewBounded(most)
		if reference {
			s = &naive{limit: most, free: most}
		}
		var held []int64
		return func(ctx context.Context, rng *rand.Rand) string {
			n := 1 + rng.Int64N(most)
			switch rng.IntN(8) {
			case 0:
				s.SetLimit(n)
				return fmt.Sprint("SetLimit ", n)
			case 1:
				return fmt.Sprint(s.Available(), " available, ", s.Waiting(), " wait")
			case 2:
				ok := s.TryAcquire(n)
				if ok {
					held = append(held, n)
				}
				return fmt.Sprint("TryAcquire ", n, " ", ok)
			case 3, 4:
				if len(held) > 0 {
					n, held = held[0], held[1:]
					s.Release(n)
					return fmt.Sprint("Release ", n)
				}
			}
			err := s.Acquire(ctx, n)
			if err == nil {
				held = append(held, n)
			}
			return fmt.Sprint("Acquire ", n, " ", err)
		}
	})
}
