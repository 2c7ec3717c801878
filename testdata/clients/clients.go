// Package clients has tasks that call the libraries of others. What the
// table knows is reported as the call itself, the rest as what the way
// through the library leads to, and once for each call.
package clients

import (
	"context"

	"github.com/atotto/clipboard"
	"github.com/gofrs/flock"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/redis/go-redis/v9"
	"github.com/sourcegraph/conc"
	"google.golang.org/grpc"

	"github.com/seed6bcf1587/coop/hub"
)

// A helper program is run, and waited for.
func copies(ctx context.Context) {
	hub.Go(ctx, func(ctx context.Context) error {
		return clipboard.WriteAll("x") // want `\(\*exec\.Cmd\)\.Wait blocks the hub \[exec, definite\]: .* clipboard\.WriteAll → `
	})
}

// A lock of a file waits for other programs, unless it only tries.
func locks(ctx context.Context, l *flock.Flock) {
	hub.Go(ctx, func(ctx context.Context) error {
		if ok, err := l.TryLock(); ok || err != nil {
			return err
		}
		return l.Lock() // want `\(\*flock\.Flock\)\.Lock blocks the hub \[file, definite\]`
	})
}

// A client that calls itself through a func in a field.
func getKey(ctx context.Context, c *redis.Client) {
	hub.Go(ctx, func(ctx context.Context) error {
		return c.Get(ctx, "x").Err() // want `\(redis\.cmdable\)\.Get blocks the hub \[db, definite\]`
	})
}

// What runs in the group runs elsewhere; waiting for it is the mistake.
func groups(ctx context.Context) {
	hub.Go(ctx, func(ctx context.Context) error {
		var wg conc.WaitGroup
		wg.Go(func() { select {} })
		wg.Wait() // want `\(\*sync\.WaitGroup\)\.Wait blocks the hub \[wait, definite\]`
		return nil
	})
}

// One finding for each call, however many operations are behind it.
func database(ctx context.Context, p *pgxpool.Pool, c *pgx.Conn) {
	hub.Go(ctx, func(ctx context.Context) error {
		if _, err := p.Exec(ctx, "x"); err != nil { // want `\(\*pgxpool\.Pool\)\.Exec blocks the hub \[db, definite\]`
			return err
		}
		_ = c.TypeMap()
		return c.Ping(ctx) // want `\(\*pgx\.Conn\)\.Ping blocks the hub \[db, definite\]`
	})
}

// A call over the network, of the connection and of what stands for one.
func remote(ctx context.Context, c grpc.ClientConnInterface, d *grpc.ClientConn) {
	hub.Go(ctx, func(ctx context.Context) error {
		if _, err := grpc.NewClient("x"); err != nil {
			return err
		}
		if err := d.Invoke(ctx, "x", nil, nil); err != nil { // want `\(\*grpc\.ClientConn\)\.Invoke blocks the hub \[net, definite\]`
			return err
		}
		return c.Invoke(ctx, "x", nil, nil) // want `\(grpc\.ClientConnInterface\)\.Invoke blocks the hub \[net, probable\]`
	})
}
