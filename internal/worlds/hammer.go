package worlds

import (
	"context"
	"math/rand/v2"
	"sync"
	"testing"
	"time"

	"github.com/seed6bcf1587/coop/hub"
)

// Hammer runs as many parties as named at once, in real time: a third on goroutines, the others on tasks of two hubs. Each has a
// random source of its own, seeded by its number. Hammer returns when all have ended.
func Hammer(t *testing.T, parties int, party func(ctx context.Context, rng *rand.Rand)) {
	t.Helper()
	var all sync.WaitGroup
	rng := func(i int) *rand.Rand { return rand.New(rand.NewPCG(uint64(i), 1)) }
	for i := 0; i < parties; i += 3 {
		all.Go(func() { party(t.Context(), rng(i)) })
	}
	for first := 1; first <= 2; first++ {
		all.Go(func() {
			err := hub.Run(t.Context(), func(ctx context.Context) error {
				for i := first; i < parties; i += 3 {
					hub.Go(ctx, func(ctx context.Context) error {
						party(ctx, rng(i))
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

// Impatient returns a context within ctx that ends soon or, one time in four, not at all.
func Impatient(ctx context.Context, rng *rand.Rand) (context.Context, context.CancelFunc) {
	if rng.IntN(4) == 0 {
		return ctx, func() {}
	}
	return hub.WithTimeout(ctx, time.Duration(rng.IntN(50_000)))
}
