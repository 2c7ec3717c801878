package worlds

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/seed6bcf1587/coop/hub"
)

// Hammer lets many parties at one primitive, and checks afterwards. setUp makes the primitive, and returns what a party does and what
// must hold when all have ended.
//
// It does so in real time, with a third of the parties on goroutines and the others on tasks of two hubs; and then on the virtual
// clock of one hub, with many seeds for its schedule. A failure of the second kind names its seed and happens again with it.
func Hammer(t *testing.T, parties int, setUp func(t *testing.T) (party func(ctx context.Context, rng *rand.Rand), check func())) {
	t.Run("real", func(t *testing.T) { HammerOutside(t, parties, setUp) })
	t.Run("seeded", func(t *testing.T) {
		for seed := range uint64(Rounds(4)) {
			if !t.Run(fmt.Sprint(seed), func(t *testing.T) { onSeed(t, seed, parties, setUp) }) {
				return
			}
		}
	})
}

// HammerOutside is the part of Hammer that runs in real time: for what waits for something outside of a hub.
func HammerOutside(t *testing.T, parties int, setUp func(t *testing.T) (party func(ctx context.Context, rng *rand.Rand), check func())) {
	party, check := setUp(t)
	defer check()
	var all sync.WaitGroup
	for i := 0; i < parties; i += 3 {
		ctx := t.Context()
		if i%6 == 0 {
			ctx = context.Background() // which has ways of its own through the primitives
		}
		all.Go(func() { party(ctx, source(uint64(i))) })
	}
	for first := 1; first <= 2; first++ {
		all.Go(func() {
			err := hub.Run(t.Context(), func(ctx context.Context) error {
				for i := first; i < parties; i += 3 {
					hub.Go(ctx, func(ctx context.Context) error {
						party(ctx, source(uint64(i)))
						return nil
					})
				}
				return nil
			})
			if err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
}

func onSeed(t *testing.T, seed uint64, parties int, setUp func(t *testing.T) (func(ctx context.Context, rng *rand.Rand), func())) {
	party, check := setUp(t)
	err := hub.Run(t.Context(), func(ctx context.Context) error {
		for i := range parties {
			hub.Go(ctx, func(ctx context.Context) error {
				party(ctx, source(seed<<32+uint64(i)))
				return nil
			})
		}
		return nil
	}, hub.WithVirtualClock(time.Unix(0, 0)), hub.WithSeed(seed))
	if err != nil {
		t.Error(err)
	}
	check()
}

func source(seed uint64) *rand.Rand { return rand.New(rand.NewPCG(seed, 1)) }

// Rounds returns n, or as many times that as the environment variable COOP_HAMMER says.
func Rounds(n int) int {
	if times, err := strconv.Atoi(os.Getenv("COOP_HAMMER")); err == nil {
		n *= times
	}
	return n
}

// Impatient returns a context within ctx that ends after at most 50 microseconds or, one time in four, not at all.
func Impatient(ctx context.Context, rng *rand.Rand) (context.Context, context.CancelFunc) {
	if rng.IntN(4) == 0 {
		return ctx, func() {}
	}
	return Hasty(ctx, rng)
}

// Hasty returns a context within ctx that ends after at most 50 microseconds.
func Hasty(ctx context.Context, rng *rand.Rand) (context.Context, context.CancelFunc) {
	return hub.WithTimeout(ctx, time.Duration(rng.IntN(50_000)))
}

// Dawdle lets others have a turn, and on a virtual clock also lets time pass now and then.
func Dawdle(ctx context.Context, rng *rand.Rand) {
	if hub.Current(ctx) != nil && rng.IntN(4) == 0 {
		_ = hub.Sleep(ctx, time.Duration(1+rng.IntN(20_000)))
		return
	}
	_ = hub.Yield(ctx)
}
