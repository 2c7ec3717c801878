package semaphore_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"github.com/seed6bcf1587/coop/hub"
	"github.com/seed6bcf1587/coop/internal/worlds"
	"github.com/seed6bcf1587/coop/semaphore"
)

// inLine starts a party for each request, one after the other, and returns where they report that they were served.
func inLine(w *worlds.World, s *semaphore.Bounded, requests ...int64) *worlds.Log[int64] {
	served := new(worlds.Log[int64])
	for _, n := range requests {
		w.Go(func(ctx context.Context) {
			if err := s.Acquire(ctx, n); err == nil {
				served.Add(n)
			}
		})
		w.Settle()
	}
	return served
}

func expect(t *testing.T, when string, served *worlds.Log[int64], want ...int64) {
	t.Helper()
	got := served.Take()
	slices.Sort(got) // who was served at once reports in any order
	if !slices.Equal(got, want) {
		t.Errorf("%s: served %v, want %v", when, got, want)
	}
}

func TestBoundedServesInOrder(t *testing.T) {
	worlds.Each(t, func(t *testing.T, w *worlds.World) {
		s := semaphore.NewBounded(3)
		if err := s.Acquire(w.Ctx, 3); err != nil {
			t.Fatal(err)
		}
		served := inLine(w, s, 3, 1, 2)
		if n := s.Waiting(); n != 3 {
			t.Errorf("Waiting() = %d", n)
		}
		s.Release(2)
		w.Settle()
		expect(t, "two free, three wanted first", served)
		if s.TryAcquire(1) {
			t.Error("TryAcquire passed those who wait")
		}
		s.Release(1)
		w.Settle()
		expect(t, "three free", served, 3)
		s.Release(3)
		w.Settle()
		expect(t, "three free again", served, 1, 2)
		if n, m := s.Available(), s.Waiting(); n != 0 || m != 0 {
			t.Errorf("%d available, %d waiting", n, m)
		}
	})
}

func TestBoundedCancelledHeadLetsOthersPass(t *testing.T) {
	worlds.Each(t, func(t *testing.T, w *worlds.World) {
		s := semaphore.NewBounded(3)
		if err := s.Acquire(w.Ctx, 1); err != nil {
			t.Fatal(err)
		}
		var failed error
		w.Go(func(ctx context.Context) {
			ctx, cancel := w.Timeout(ctx, time.Second)
			defer cancel()
			failed = s.Acquire(ctx, 3)
		})
		w.Settle()
		served := inLine(w, s, 1, 1)
		expect(t, "behind the head", served)
		w.Sleep(2 * time.Second)
		if !errors.Is(failed, context.DeadlineExceeded) {
			t.Errorf("the head got %v", failed)
		}
		expect(t, "the head has left", served, 1, 1)
	})
}

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

func TestBoundedMisuse(t *testing.T) {
	s := semaphore.NewBounded(1)
	for _, c := range []struct {
		want string
		do   func()
	}{
		{"semaphore.NewBounded: negative limit -1", func() { semaphore.NewBounded(-1) }},
		{"semaphore.Bounded.Release: 1 permits released, 0 held", func() { s.Release(1) }},
		{"semaphore.Bounded.Release: 0 permits: must be at least 1", func() { s.Release(0) }},
		{"semaphore.Bounded.Acquire: negative number of permits -1", func() { _ = s.Acquire(t.Context(), -1) }},
		{"semaphore.Bounded.TryAcquire: negative number of permits -1", func() { s.TryAcquire(-1) }},
		{"semaphore.Bounded.SetLimit: negative limit -1", func() { s.SetLimit(-1) }},
	} {
		func() {
			defer func() {
				if got := fmt.Sprint(recover()); got != c.want {
					t.Errorf("panic %q, want %q", got, c.want)
				}
			}()
			c.do()
		}()
	}
	// The count is unchanged, and the lock is free.
	if n := s.Available(); n != 1 {
		t.Errorf("%d available after misuse", n)
	}
}

// TestBoundedConserves lets impatient parties fight for few permits. The witness is a plain count of permits in use.
func TestBoundedConserves(t *testing.T) {
	const limit = 3
	s := semaphore.NewBounded(limit)
	var used, got atomic.Int64
	worlds.Hammer(t, 64, func(ctx context.Context, rng *rand.Rand) {
		for range 500 {
			n := 1 + rng.Int64N(limit)
			c, cancel := worlds.Impatient(ctx, rng)
			if rng.IntN(10) == 0 {
				n = limit + 1 // in vain
				cancel()
				c, cancel = hub.WithTimeout(ctx, 1000)
			}
			if s.Acquire(c, n) == nil {
				if u := used.Add(n); u > limit {
					t.Errorf("%d permits of %d in use", u, limit)
				}
				_ = hub.Yield(ctx)
				got.Add(1)
				used.Add(-n)
				s.Release(n)
			}
			cancel()
		}
	})
	if n, m := s.Available(), s.Waiting(); n != limit || m != 0 {
		t.Errorf("%d available, %d waiting after all is over", n, m)
	}
	if got.Load() == 0 {
		t.Error("nobody ever got a permit")
	}
}
