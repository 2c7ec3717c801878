package semaphore_test

import (
	"context"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/seed6bcf1587/coop/hub"
	"github.com/seed6bcf1587/coop/internal/worlds"
	"github.com/seed6bcf1587/coop/semaphore"
)

// either is what both kinds have in common.
type either interface {
	Acquire(ctx context.Context, n int64) error
	TryAcquire(n int64) bool
	Release(n int64)
	Available() int64
	Waiting() int
}

// kinds are the two semaphores.
var kinds = map[string]func(n int64) either{
	"Semaphore": func(n int64) either { return semaphore.New(n) },
	"Bounded":   func(n int64) either { return semaphore.NewBounded(n) },
}

// eachKind runs body for both semaphores in each world.
func eachKind(t *testing.T, body func(t *testing.T, w *worlds.World, make func(n int64) either)) {
	for name, make := range kinds {
		t.Run(name, func(t *testing.T) {
			worlds.Each(t, func(t *testing.T, w *worlds.World) { body(t, w, make) })
		})
	}
}

// inLine starts a party for each request, one after the other, and returns where they report that they were served.
func inLine(w *worlds.World, s either, requests ...int64) *worlds.Log[int64] {
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

func TestServedInOrder(t *testing.T) {
	eachKind(t, func(t *testing.T, w *worlds.World, make func(n int64) either) {
		s := make(3)
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
		if s.TryAcquire(1) || s.TryAcquire(0) {
			t.Error("TryAcquire passed those who wait")
		}
		if n := s.Available(); n != 2 {
			t.Errorf("%d available", n)
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
		s.Release(3)
		if !s.TryAcquire(2) || s.TryAcquire(2) || !s.TryAcquire(1) || !s.TryAcquire(0) {
			t.Error("TryAcquire took what was not there, or not what was")
		}
	})
}

func TestCancelledHeadLetsOthersPass(t *testing.T) {
	eachKind(t, func(t *testing.T, w *worlds.World, make func(n int64) either) {
		s := make(3)
		if err := s.Acquire(w.Ctx, 1); err != nil {
			t.Fatal(err)
		}
		var failed worlds.Log[error]
		w.Go(func(ctx context.Context) {
			ctx, cancel := w.Timeout(ctx, time.Second)
			defer cancel()
			failed.Add(s.Acquire(ctx, 3))
		})
		w.Settle()
		served := inLine(w, s, 1, 1)
		expect(t, "behind the head", served)
		w.Sleep(2 * time.Second)
		if errs := failed.Take(); len(errs) != 1 || !errors.Is(errs[0], context.DeadlineExceeded) {
			t.Errorf("the head got %v", errs)
		}
		expect(t, "the head has left", served, 1, 1)
	})
}

func TestCancelledLeaveTheLine(t *testing.T) {
	eachKind(t, func(t *testing.T, w *worlds.World, make func(n int64) either) {
		s := make(1)
		s.TryAcquire(1)
		var served worlds.Log[string]
		var cancels []context.CancelFunc
		for i := range 4 {
			w.Go(func(ctx context.Context) {
				ctx, cancel := context.WithCancel(ctx)
				cancels = append(cancels, cancel)
				served.Add(fmt.Sprint(i, " ", s.Acquire(ctx, 1)))
			})
			w.Settle()
		}
		cancels[0]()
		cancels[1]()
		w.Settle()
		if n := s.Waiting(); n != 2 {
			t.Errorf("%d wait", n)
		}
		got := served.Take()
		slices.Sort(got)
		if !slices.Equal(got, []string{"0 context canceled", "1 context canceled"}) {
			t.Errorf("cancelled: %q", got)
		}
		for i := 2; i < 4; i++ {
			s.Release(1)
			cancels[i]() // too late, it is served
			w.Settle()
			if got := served.Take(); !slices.Equal(got, []string{fmt.Sprint(i, " <nil>")}) {
				t.Errorf("released once more: %q", got)
			}
		}
		if n, m := s.Available(), s.Waiting(); n != 0 || m != 0 {
			t.Errorf("%d available, %d waiting", n, m)
		}
	})
}

// TestTurnsGoRound lets each party come back as soon as it has released: it stands at the end of the line.
func TestTurnsGoRound(t *testing.T) {
	eachKind(t, func(t *testing.T, w *worlds.World, make func(n int64) either) {
		s := make(1)
		var order worlds.Log[int]
		for i := range 3 {
			w.Go(func(ctx context.Context) {
				for range 3 {
					if err := s.Acquire(ctx, 1); err != nil {
						t.Error(err)
					}
					order.Add(i)
					_ = hub.Sleep(ctx, time.Second)
					s.Release(1)
				}
			})
			w.Settle()
		}
		w.Sleep(20 * time.Second)
		if got := order.Take(); !slices.Equal(got, []int{0, 1, 2, 0, 1, 2, 0, 1, 2}) {
			t.Errorf("turns: %v", got)
		}
	})
}

// TestLargeRequestDoesNotStarve asks for all permits, which are never free all at once by themselves.
func TestLargeRequestDoesNotStarve(t *testing.T) {
	eachKind(t, func(t *testing.T, w *worlds.World, make func(n int64) either) {
		const n = 4
		s := make(n)
		served := false
		for i := range n {
			s.TryAcquire(1)
			w.Go(func(ctx context.Context) {
				_ = hub.Sleep(ctx, time.Duration(i)*time.Millisecond)
				for !served {
					s.Release(1)
					if err := s.Acquire(ctx, 1); err != nil {
						t.Error(err)
					}
					_ = hub.Sleep(ctx, n*time.Millisecond)
				}
				s.Release(1)
			})
		}
		w.Sleep(100 * time.Millisecond)
		if err := s.Acquire(w.Ctx, n); err != nil {
			t.Error(err)
		}
		served = true
		s.Release(n)
		w.Sleep(100 * time.Millisecond)
		if got := s.Available(); got != n {
			t.Errorf("%d available in the end", got)
		}
	})
}

func TestEndedContext(t *testing.T) {
	eachKind(t, func(t *testing.T, w *worlds.World, make func(n int64) either) {
		s := make(1)
		why := errors.New("why")
		ctx, cancel := context.WithCancelCause(w.Ctx)
		cancel(why)
		for range 2 { // with and without a free permit
			if err := s.Acquire(ctx, 1); !errors.Is(err, why) || !errors.Is(err, context.Canceled) {
				t.Errorf("got %v", err)
			}
			s.TryAcquire(1)
		}
		if n := s.Available(); n != 0 {
			t.Errorf("%d available", n)
		}
	})
}

func TestZeroPermits(t *testing.T) {
	eachKind(t, func(t *testing.T, w *worlds.World, make func(n int64) either) {
		s := make(0)
		if s.TryAcquire(1) {
			t.Error("took a permit of none")
		}
		if err := s.Acquire(w.Ctx, 0); err != nil {
			t.Errorf("none of none: %v", err)
		}
	})
}

func TestSemaphoreGrows(t *testing.T) {
	worlds.Each(t, func(t *testing.T, w *worlds.World) {
		s := semaphore.New(0)
		served := inLine(w, s, 5, 2)
		for n := range int64(5) {
			if s.Available() != n {
				t.Errorf("%d available, want %d", s.Available(), n)
			}
			s.Release(1)
		}
		w.Settle()
		expect(t, "five released", served, 5)
		s.Release(100)
		w.Settle()
		expect(t, "a hundred more", served, 2)
		if n := s.Available(); n != 98 {
			t.Errorf("%d available", n)
		}
	})
}

// panics calls f and checks what it panics with.
func panics(t *testing.T, want string, f func()) {
	t.Helper()
	defer func() {
		t.Helper()
		if got := fmt.Sprint(recover()); got != want {
			t.Errorf("panic %q, want %q", got, want)
		}
	}()
	f()
}

func TestSemaphoreMisuse(t *testing.T) {
	s := semaphore.New(1)
	panics(t, "semaphore.New: negative number of permits -1", func() { semaphore.New(-1) })
	panics(t, "semaphore.Semaphore.Release: 0 permits: must be at least 1", func() { s.Release(0) })
	panics(t, "semaphore.Semaphore.Release: 9223372036854775807 permits on top of 1", func() { s.Release(math.MaxInt64) })
	panics(t, "semaphore.Semaphore.Acquire: negative number of permits -1", func() { _ = s.Acquire(t.Context(), -1) })
	panics(t, "semaphore.Semaphore.TryAcquire: negative number of permits -1", func() { s.TryAcquire(-1) })
	if n := s.Available(); n != 1 || !s.TryAcquire(1) {
		t.Errorf("%d available after misuse", n)
	}

	// The most that can be counted.
	for _, n := range []int64{0, 1, math.MaxInt64 - 1, math.MaxInt64} {
		s := semaphore.New(n)
		if n < math.MaxInt64 {
			s.Release(math.MaxInt64 - n)
		}
		panics(t, "semaphore.Semaphore.Release: 1 permits on top of 9223372036854775807", func() { s.Release(1) })
		if got := s.Available(); got != math.MaxInt64 || !s.TryAcquire(math.MaxInt64) || s.TryAcquire(1) {
			t.Errorf("%d available", got)
		}
	}
}

// TestConserves lets impatient parties fight for few permits. The witness is a plain count of permits in use.
func TestConserves(t *testing.T) {
	for name, make := range kinds {
		for _, limit := range []int64{1, 3} {
			t.Run(fmt.Sprint(name, limit), func(t *testing.T) { conserves(t, make, limit) })
		}
	}
}

func conserves(t *testing.T, make func(n int64) either, limit int64) {
	worlds.Hammer(t, 64, func(t *testing.T) (func(context.Context, *rand.Rand), func()) {
		s := make(limit)
		var used, got atomic.Int64
		party := func(ctx context.Context, rng *rand.Rand) {
			for range worlds.Rounds(50) {
				n := 1 + rng.Int64N(limit)
				c, cancel := worlds.Impatient(ctx, rng)
				if rng.IntN(10) == 0 {
					n = limit + 1 // in vain
					cancel()
					c, cancel = worlds.Hasty(ctx, rng)
				}
				if s.Acquire(c, n) == nil {
					if u := used.Add(n); u > limit {
						t.Errorf("%d permits of %d in use", u, limit)
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
			if n, m := s.Available(), s.Waiting(); n != limit || m != 0 {
				t.Errorf("%d available, %d waiting after all is over", n, m)
			}
			if got.Load() == 0 {
				t.Error("nobody ever got a permit")
			}
		}
	})
}

func TestUncontendedAllocatesNothing(t *testing.T) {
	ctx := t.Context()
	for name, make := range kinds {
		s := make(1)
		if n := testing.AllocsPerRun(1000, func() {
			_ = s.Acquire(ctx, 1)
			s.Release(1)
		}); n != 0 {
			t.Errorf("%s: %v allocations", name, n)
		}
	}
}

// shared is used in one synctest bubble after the other, and outside of any.
var shared = semaphore.New(1)

// TestAcrossBubbles checks that nothing of a wait in one bubble is kept that another must not touch.
func TestAcrossBubbles(t *testing.T) {
	use := func(t *testing.T) {
		live, cancel := context.WithCancel(context.Background())
		defer cancel()
		for _, ctx := range []context.Context{context.Background(), live} {
			var wg sync.WaitGroup
			for range 10 {
				wg.Go(func() {
					for range 20 {
						if err := shared.Acquire(ctx, 1); err != nil {
							t.Error(err)
						}
						runtime.Gosched()
						shared.Release(1)
					}
				})
			}
			wg.Wait()
		}
	}
	for range 3 {
		synctest.Test(t, use)
		use(t)
	}
}
