// Package fixes has operations with and without a suggested fix.
package fixes

import (
	"context"
	"database/sql"
	"net/http"
	"os"
	"os/exec"
	"time"

	"github.com/seed6bcf1587/coop/event"
)

func start(ctx context.Context, fn func(ctx context.Context) error) { run(ctx, fn) }

func sleeps(ctx context.Context) {
	start(ctx, func(ctx context.Context) error {
		time.Sleep(time.Second) // want `sleep, definite`
		return nil
	})
}

// The context of the task has another name, and the function is a method.
type server struct {
	db  *sql.DB
	n   time.Duration
	err error
}

func (s *server) sleeps(c context.Context) {
	start(c, func(tctx context.Context) error {
		for range 3 {
			time.Sleep(s.n) // want `sleep, definite`
		}
		_, err := s.twice(tctx) // want `sleep, definite`
		return err
	})
}

// A helper with results before the error.
func (s *server) twice(ctx context.Context) (*server, error) {
	time.Sleep(2 * s.n)
	return s, nil
}

// A helper without results returns when the task is cancelled.
func pause(ctx context.Context) {
	if ctx.Err() == nil {
		time.Sleep(time.Second)
	}
}

func pauses(ctx context.Context) {
	start(ctx, func(ctx context.Context) error {
		pause(ctx) // want `sleep, definite`
		return nil
	})
}

// No fix: no context, or none by name, or a result that says nothing of
// failure.
func nothing(ctx context.Context) {
	start(ctx, func(_ context.Context) error {
		time.Sleep(time.Second) // want `sleep, definite`
		return nil
	})
	start(ctx, func(ctx context.Context) error {
		bare()          // want `sleep, definite`
		_ = number(ctx) // want `sleep, definite`
		return nil
	})
}

func bare() { time.Sleep(time.Second) }

func number(ctx context.Context) int {
	time.Sleep(time.Second)
	return 1
}

// No fix: what ctx means is not known, the statement is deferred, or a
// comment would be lost.
func hidden(ctx context.Context) {
	start(ctx, func(ctx context.Context) error {
		ctx, cancel := context.WithTimeout(ctx, time.Second)
		defer cancel()
		time.Sleep(time.Second) // want `sleep, definite`
		return ctx.Err()
	})
	start(ctx, func(ctx context.Context) error {
		defer time.Sleep(time.Second) // want `sleep, definite`
		return nil
	})
	start(ctx, func(ctx context.Context) error {
		time.Sleep( // want `sleep, definite`
			// long enough
			time.Second)
		return nil
	})
}

// No fix: what is deferred runs when the task was cancelled, too.
func cleans(ctx context.Context) {
	start(ctx, func(ctx context.Context) error {
		defer func() { // want `file, definite`
			_ = os.RemoveAll("tmp")
		}()
		return nil
	})
}

// Other places for a call.
func places(ctx context.Context, s *server) {
	start(ctx, func(ctx context.Context) error {
		var res, err = http.Get("http://example.com") // want `net, definite`
		if err != nil {
			return err
		}
		s.err = res.Body.Close()
		s.err = os.RemoveAll("f")                               // want `file, definite`
		use(must(s.db.QueryContext(ctx, "SELECT")))             // want `db, definite`
		switch _, err := http.Head("http://example.com"); err { // want `net, definite`
		case nil:
			time.Sleep(1) // want `sleep, definite`
		}
		return nil
	})
}

func must[T any](v T, _ error) T { return v }

func use(*sql.Rows) {}

// A value and an error: the call itself is replaced.
func (s *server) queries(ctx context.Context) {
	start(ctx, func(ctx context.Context) error {
		res, err := s.db.ExecContext(ctx, "DELETE") // want `db, definite`
		if err != nil {
			return err
		}
		_, err = res.RowsAffected()
		return err
	})
	start(ctx, func(ctx context.Context) error {
		if _, err := http.Get("http://example.com"); err != nil { // want `net, definite`
			return err
		}
		return nil
	})
}

// Only an error.
func errs(ctx context.Context) {
	start(ctx, func(ctx context.Context) error {
		err := os.RemoveAll("a") // want `file, definite`
		return err
	})
	start(ctx, func(ctx context.Context) error {
		if err := exec.CommandContext(ctx, "git", "fetch").Run(); err != nil { // want `exec, definite`
			return err
		}
		return os.RemoveAll("b") // want `file, definite`
	})
	start(ctx, func(ctx context.Context) error {
		os.RemoveAll("c") // want `file, definite`
		return nil
	})
}

// No fix: operands that must not move, a loop that a cancellation would let
// spin, three results.
func stays(ctx context.Context, name func() string, names chan string) {
	start(ctx, func(ctx context.Context) error {
		return os.RemoveAll(name()) // want `file, definite`
	})
	start(ctx, func(ctx context.Context) error {
		for {
			if err := os.RemoveAll("a"); err == nil { // want `file, definite`
				return nil
			}
		}
	})
	start(ctx, func(ctx context.Context) error {
		var err error
		_ = err
		{
			return os.RemoveAll("d") // want `file, definite`
		}
	})
	start(ctx, func(ctx context.Context) (err error) {
		return os.RemoveAll("e") // want `file, definite`
	})
}

// The wrong context.
func contexts(ctx context.Context, ev *event.Event) {
	start(ctx, func(tctx context.Context) error {
		if err := ev.Wait(context.Background()); err != nil { // want `ctx, definite`
			return err
		}
		return ev.Wait(ctx) // want `ctx, definite`
	})
	start(ctx, func(ctx context.Context) error {
		return waitTODO(ctx, ev) // want `ctx, definite`
	})
	// No fix: it is a context of its own making.
	start(ctx, func(ctx context.Context) error {
		own, cancel := context.WithCancel(context.Background())
		defer cancel()
		return ev.Wait(own) // want `ctx, definite`
	})
}

func waitTODO(ctx context.Context, ev *event.Event) error {
	return ev.Wait(context.TODO())
}
