package clients

import (
	"context"
	"time"

	"example.com/ships"

	"github.com/seed6bcf1587/coop/hub"
)

// What a module says of itself counts for those who use it.
func shipped(ctx context.Context, c *ships.Client) {
	hub.Go(ctx, func(ctx context.Context) error {
		ships.Busy()
		ships.Later(func() { time.Sleep(1) })
		c.Fetch() // want `\(\*ships\.Client\)\.Fetch blocks the hub \[net, definite\]`
		return nil
	})
}
