package worlds

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/seed6bcf1587/coop/event"
	"github.com/seed6bcf1587/coop/hub"
)

// Same runs a random program twice on a virtual clock, for many seeds: once with each of two implementations of the same thing, of which one is so
// simple that it is seen to be right. It fails if they do not do the same at the same times. setUp makes one or the other, and returns
// what a party does again and again: one random step, and a word for what came of it.
func Same(t *testing.T, setUp func(reference bool) func(ctx context.Context, rng *rand.Rand) string) {
	t.Helper()
	for seed := range uint64(Rounds(100)) {
		ours, want := trace(t, seed, setUp(false)), trace(t, seed, setUp(true))
		if i := firstDifference(ours, want); i >= 0 {
			t.Fatalf("seed %d: after\n%s\nours goes on with\n%s\nand the reference with\n%s", seed,
				strings.Join(ours[max(0, i-10):i], "\n"), at(ours, i), at(want, i))
		}
		if len(ours) == 0 {
			t.Fatal("nothing happened")
		}
	}
}

func trace(t *testing.T, seed uint64, step func(ctx context.Context, rng *rand.Rand) string) []string {
	var log []string
	err := hub.Run(t.Context(), func(ctx context.Context) error {
		start := hub.Now(ctx)
		for i := range 8 {
			hub.Go(ctx, func(ctx context.Context) error {
				rng := source(seed<<8 + uint64(i))
				for range 30 {
					if err := hub.Sleep(ctx, time.Duration(1+rng.IntN(20_000))); err != nil {
						return err
					}
					hasty, cancel := Hasty(ctx, rng)
					what := step(hasty, rng)
					cancel()
					log = append(log, fmt.Sprintf("%8d party %d: %s", hub.Now(ctx).Sub(start), i, what))
				}
				return nil
			})
		}
		return nil
	}, hub.WithVirtualClock(time.Unix(0, 0)))
	if err != nil {
		t.Errorf("seed %d: %v", seed, err)
	}
	return log
}

func firstDifference(a, b []string) int {
	for i := range max(len(a), len(b)) {
		if at(a, i) != at(b, i) {
			return i
		}
	}
	return -1
}

func at(log []string, i int) string {
	if i < len(log) {
		return log[i]
	}
	return "the end"
}

// A Line is the reference for whatever waits in line: a list of those who wait, each for an event of its own. It is for the tasks of one hub, which
// need no lock.
type Line struct{ Waiting []*Place }

// A Place is one that waits.
type Place struct {
	N      int // what for
	called event.Event
}

// Wait waits at the end of the line until it is called or ctx ends.
func (l *Line) Wait(ctx context.Context, n int) (*Place, error) {
	p := &Place{N: n}
	l.Waiting = append(l.Waiting, p)
	err := p.called.Wait(ctx)
	if err == nil || !slices.Contains(l.Waiting, p) {
		return p, nil
	}
	l.Waiting = slices.DeleteFunc(l.Waiting, func(q *Place) bool { return q == p })
	return p, err
}

// Call takes the i-th out of the line and ends its wait.
func (l *Line) Call(i int) *Place {
	p := l.Waiting[i]
	l.Waiting = slices.Delete(l.Waiting, i, i+1)
	p.called.Set()
	return p
}
