package fixes

import (
	"context"
	"time"

	coop "github.com/seed6bcf1587/coop/hub"
)

func run(ctx context.Context, fn func(ctx context.Context) error) { coop.Go(ctx, fn) }

// Here the package has another name already.
func renamed(ctx context.Context) {
	coop.Go(ctx, func(ctx context.Context) error {
		time.Sleep(1) // want `sleep, definite`
		return nil
	})
}

// Two roots reach one operation: it has one fix.
func shared(ctx context.Context) error {
	time.Sleep(2)
	return nil
}

func sharing(ctx context.Context) {
	coop.Go(ctx, func(ctx context.Context) error { return shared(ctx) }) // want `sleep, definite`
	coop.Go(ctx, func(ctx context.Context) error { return shared(ctx) }) // want `sleep, definite`
}
