// Command trafficlight shows an Event: a light turns green and red, and cars pass while it is green.
//
// It is a simulation on a virtual clock. It ends at once, and prints the same each time.
package main

import (
	"context"
	"fmt"
	"io"
	"log"
	"os"
	"time"

	"github.com/seed6bcf1587/coop/event"
	"github.com/seed6bcf1587/coop/hub"
)

const (
	red   = 30 * time.Second
	green = 20 * time.Second
)

// crossing is a road with a light. Its tasks need no lock for it: they run one at a time.
type crossing struct {
	out   io.Writer
	start time.Time
	green event.Event
}

func (c *crossing) printf(ctx context.Context, format string, args ...any) {
	fmt.Fprintf(c.out, "%4.0fs  ", hub.Now(ctx).Sub(c.start).Seconds())
	fmt.Fprintf(c.out, format+"\n", args...)
}

// light turns red and green for ever.
func (c *crossing) light(ctx context.Context) error {
	for {
		c.green.Clear()
		c.printf(ctx, "light turns red")
		if err := hub.Sleep(ctx, red); err != nil {
			return err
		}
		c.printf(ctx, "light turns green")
		c.green.Set()
		if err := hub.Sleep(ctx, green); err != nil {
			return err
		}
	}
}

// car arrives, waits for green and passes.
func (c *crossing) car(ctx context.Context, name string) error {
	c.printf(ctx, "%s arrives", name)
	if err := c.green.Wait(ctx); err != nil {
		return err
	}
	c.printf(ctx, "%s passes", name)
	return nil
}

func simulate(ctx context.Context, out io.Writer) error {
	start := time.Date(2026, 1, 1, 8, 0, 0, 0, time.UTC)
	return hub.Run(ctx, func(ctx context.Context) error {
		c := &crossing{out: out, start: start}
		hub.Go(ctx, c.light, hub.Name("light"), hub.Daemon())
		for _, name := range []string{"red car", "blue car", "green car", "white car", "black car", "taxi"} {
			if err := hub.Sleep(ctx, 12*time.Second); err != nil {
				return err
			}
			hub.Go(ctx, func(ctx context.Context) error { return c.car(ctx, name) }, hub.Name(name))
		}
		return nil
	}, hub.WithVirtualClock(start))
}

func main() {
	if err := simulate(context.Background(), os.Stdout); err != nil {
		log.Fatal(err)
	}
}
