// Command bakery shows a bounded queue: one baker, who must wait while the shelf is full, and two customers, who give up when
// there is no bread for too long.
//
// It is a simulation on a virtual clock. It ends at once, and prints the same each time.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"os"
	"time"

	"github.com/seed6bcf1587/coop/hub"
	"github.com/seed6bcf1587/coop/queue"
)

type bakery struct {
	out   io.Writer
	start time.Time
	shelf *queue.Queue[string]
}

func (b *bakery) printf(ctx context.Context, format string, args ...any) {
	fmt.Fprintf(b.out, "%3.0f min  ", hub.Now(ctx).Sub(b.start).Minutes())
	fmt.Fprintf(b.out, format+"\n", args...)
}

// bake fills the shelf: six loaves quickly, and after a break two more.
func (b *bakery) bake(ctx context.Context) error {
	for i := 1; i <= 8; i++ {
		if i == 7 {
			b.printf(ctx, "baker takes a break")
			if err := hub.Sleep(ctx, time.Hour); err != nil {
				return err
			}
		}
		if err := hub.Sleep(ctx, 2*time.Minute); err != nil {
			return err
		}
		loaf := fmt.Sprintf("loaf %d", i)
		before := hub.Now(ctx)
		if err := b.shelf.Put(ctx, loaf); err != nil {
			return err
		}
		if waited := hub.Now(ctx).Sub(before); waited > 0 {
			b.printf(ctx, "baker shelves %s after %v at the full shelf", loaf, waited)
		} else {
			b.printf(ctx, "baker shelves %s", loaf)
		}
	}
	return nil
}

// buy takes a loaf, eats for a while and comes back, until there is nothing for as long as patience lasts.
func (b *bakery) buy(ctx context.Context, name string, patience, eating time.Duration) error {
	for {
		loaf, err := b.get(ctx, patience)
		if errors.Is(err, context.DeadlineExceeded) {
			b.printf(ctx, "%s leaves: no bread for %v", name, patience)
			return nil
		}
		if err != nil {
			return err
		}
		b.printf(ctx, "%s takes %s", name, loaf)
		if err := hub.Sleep(ctx, eating); err != nil {
			return err
		}
	}
}

// get takes a loaf if there is one before patience ends. Nothing is lost when it ends: a loaf goes to somebody else.
func (b *bakery) get(ctx context.Context, patience time.Duration) (string, error) {
	ctx, cancel := hub.WithTimeout(ctx, patience)
	defer cancel()
	return b.shelf.Get(ctx)
}

func simulate(ctx context.Context, out io.Writer) error {
	start := time.Date(2026, 1, 1, 6, 0, 0, 0, time.UTC)
	return hub.Run(ctx, func(ctx context.Context) error {
		b := &bakery{out: out, start: start, shelf: queue.NewFIFO[string](2)}
		hub.Go(ctx, b.bake, hub.Name("baker"))
		hub.Go(ctx, func(ctx context.Context) error { return b.buy(ctx, "Ada", 90*time.Minute, 11*time.Minute) }, hub.Name("Ada"))
		hub.Go(ctx, func(ctx context.Context) error { return b.buy(ctx, "Bob", 15*time.Minute, 11*time.Minute) }, hub.Name("Bob"))
		return nil
	}, hub.WithVirtualClock(start))
}

func main() {
	if err := simulate(context.Background(), os.Stdout); err != nil {
		log.Fatal(err)
	}
}
