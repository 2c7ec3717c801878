package semaphore_test

import (
	"context"
	"math/rand/v2"
	"sync/atomic"
	"testing"

	"github.com/seed6bcf1587/coop/internal/worlds"
	"github.com/seed6bcf1587/coop/semaphore"
)

func TestBoundedHopelessRequestHoldsUpNobody(t *testing.T) {
	worlds.Each(t, func(t *testing.T, w *worlds.World) {
		s := semaphore.NewBounded(2)
		served := inLine(w, s, 3, 2)
		expect(t, "three of two, then two", served, 2)
		s.SetLimit(5)
		w.Settle()
		expect(t, "three more", served, 3)
		s.Release(5)
		if n := s.Available(); n != 5 {
			t.Errorf("%d available", n)
		}
	})
}

func TestBoundedSetLimitDown(t *testing.T) {
	worlds.Each(t, func(t *testing.T, w *worlds.World) {
		s := semaphore.NewBounded(4)
		if err := s.Acquire(w.Ctx, 4); err != nil {
			t.Fatal(err)
		}
		served := inLine(w, s, 3, 1)
		s.SetLimit(2) // three are hopeless now
		if n := s.Available(); n != -2 {
			t.Errorf("%d available", n)
		}
		s.Release(2)
		w.Settle()
		expect(t, "two of two held", served)
		s.Release(1)
		w.Settle()
		expect(t, "one free", served, 1)
		s.SetLimit(4)
		w.Settle()
		expect(t, "two of four held", served)
		s.Release(1)
		w.Settle()
		expect(t, "one of four held", served, 3)
	})
}

func TestBoundedLimitZero(t *testing.T) {
	worlds.Each(t, func(t *testing.T, w *worlds.World) {
		s := semaphore.NewBounded(5)
		s.SetLimit(0)
		served := inLine(w, s, 1, 1, 1, 1, 1, 1)
		expect(t, "limit 0", served)
		if s.TryAcquire(1) || s.Waiting() != 6 {
			t.Errorf("%d wait", s.Waiting())
		}
		s.SetLimit(5)
		w.Settle()
		expect(t, "limit 5", served, 1, 1, 1, 1, 1)
		s.Release(4)
		w.Settle()
		expect(t, "four released", served, 1)
		s.SetLimit(0) // two are held
		served = inLine(w, s, 1)
		s.Release(2)
		w.Settle()
		expect(t, "limit 0, all released", served)
		s.SetLimit(1)
		w.Settle()
		expect(t, "limit 1", served, 1)
		if n := s.Available(); n != 0 || s.Waiting() != 0 {
			t.Errorf("%d available, %d wait", n, s.Waiting())
		}
	})
}

// TestBoundedSetLimitKeepsOrder makes a request hopeless for a while: it keeps its place.
func TestBoundedSetLimitKeepsOrder(t *testing.T) {
	worlds.Each(t, func(t *testing.T, w *worlds.World) {
		s := semaphore.NewBounded(3)
		if err := s.Acquire(w.Ctx, 3); err != nil {
			t.Fatal(err)
		}
		served := inLine(w, s, 3, 1)
		s.SetLimit(2)
		s.SetLimit(3)
		s.Release(3)
		w.Settle()
		expect(t, "three free again", served, 3)
		s.Release(3)
		w.Settle()
		expect(t, "and again", served, 1)
	})
}

func TestBoundedMisuse(t *testing.T) {
	s := semaphore.NewBounded(1)
	panics(t, "semaphore.NewBounded: negative limit -1", func() { semaphore.NewBounded(-1) })
	panics(t, "semaphore.Bounded.Release: 1 permits released, 0 held", func() { s.Release(1) })
	panics(t, "semaphore.Bounded.Release: 0 permits: must be at least 1", func() { s.Release(0) })
	panics(t, "semaphore.Bounded.Acquire: negative number of permits -1", func() { _ = s.Acquire(t.Context(), -1) })
	panics(t, "semaphore.Bounded.TryAcquire: negative number of permits -1", func() { s.TryAcquire(-1) })
	panics(t, "semaphore.Bounded.SetLimit: negative limit -1", func() { s.SetLimit(-1) })
	if n := s.Available(); n != 1 || !s.TryAcquire(1) {
		t.Errorf("%d available after misuse", n)
	}
	s.SetLimit(0)
	s.Release(1)
	panics(t, "semaphore.Bounded.Release: 1 permits released, 0 held", func() { s.Release(1) })
}

// TestBoundedSetLimitUnderFire changes the limit all the time. The witness is that in the end the limit is what is free.
func TestBoundedSetLimitUnderFire(t *testing.T) {
	worlds.Hammer(t, 32, func(t *testing.T) (func(context.Context, *rand.Rand), func()) {
		const most = 6
		s := semaphore.NewBounded(most)
		var used, got atomic.Int64
		party := func(ctx context.Context, rng *rand.Rand) {
			for range worlds.Rounds(50) {
				if rng.IntN(5) == 0 {
					s.SetLimit(rng.Int64N(most + 1))
				}
				n := 1 + rng.Int64N(most)
				c, cancel := worlds.Hasty(ctx, rng)
				if s.Acquire(c, n) == nil {
					if u := used.Add(n); u > most {
						t.Errorf("%d permits of at most %d in use", u, most)
					}
					worlds.Dawdle(ctx, rng)
					got.Add(1)
					used.Add(-n)
					s.Release(n)
				}
				cancel()
			}
		}
		return party, func() {
			s.SetLimit(4)
			if n, m := s.Available(), s.Waiting(); n != 4 || m != 0 || got.Load() == 0 {
				t.Errorf("%d of 4 available, %d waiting, %d got some", n, m, got.Load())
			}
		}
	})
}
