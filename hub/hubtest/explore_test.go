package hubtest_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/seed6bcf1587/coop/hub"
	"github.com/seed6bcf1587/coop/hub/hubtest"
	"github.com/seed6bcf1587/coop/sync2"
)

// A fake is a testing.TB that notes what is reported to it.
type fake struct {
	testing.TB
	errors, logs []string
}

func (f *fake) Helper() {}

func (f *fake) Errorf(format string, args ...any) {
	f.errors = append(f.errors, fmt.Sprintf(format, args...))
}

func (f *fake) Fatalf(format string, args ...any) {
	f.Errorf(format, args...)
	panic(f)
}

func (f *fake) Logf(format string, args ...any) {
	f.logs = append(f.logs, fmt.Sprintf(format, args...))
}

// explore returns what Explore reports, and what it logs.
func explore(t *testing.T, runs int, body func(ctx context.Context) error, opts ...hub.Option) (failure, log string) {
	f := &fake{TB: t}
	func() {
		defer func() {
			if v := recover(); v != nil && v != any(f) {
				panic(v)
			}
		}()
		hubtest.Explore(f, runs, body, opts...)
	}()
	return strings.Join(f.errors, "\n"), strings.Join(f.logs, "\n")
}

// lostUpdate has a bug: what one task adds between the other's reading and writing is lost. First in, first out, they do not meet.
func lostUpdate(ctx context.Context) error {
	balance := 0
	add := func(late int) func(ctx context.Context) error {
		return func(ctx context.Context) error {
			for range late {
				_ = hub.Yield(ctx)
			}
			read := balance
			_ = hub.Yield(ctx)
			balance = read + 1
			return nil
		}
	}
	if err := hub.JoinAll(ctx, hub.Go(ctx, add(0), hub.Name("early")), hub.Go(ctx, add(4), hub.Name("late"))); err != nil {
		return err
	}
	if balance != 2 {
		return fmt.Errorf("balance is %d", balance)
	}
	return nil
}

// deadlock has another: two tasks lock two mutexes in different orders. First in, first out, one is done before the other begins.
func deadlock(ctx context.Context) error {
	var a, b sync2.Mutex
	both := func(late int, first, second *sync2.Mutex) func(ctx context.Context) error {
		return func(ctx context.Context) error {
			for range late {
				_ = hub.Yield(ctx)
			}
			if err := first.Lock(ctx); err != nil {
				return err
			}
			defer first.Unlock()
			_ = hub.Yield(ctx)
			if err := second.Lock(ctx); err != nil {
				return err
			}
			second.Unlock()
			return nil
		}
	}
	return hub.JoinAll(ctx, hub.Go(ctx, both(0, &a, &b)), hub.Go(ctx, both(5, &b, &a)))
}

// TestPlanted finds both, and not without looking further than the first schedule.
func TestPlanted(t *testing.T) {
	for name, planted := range map[string]struct {
		body func(ctx context.Context) error
		says string
	}{
		"lost update": {lostUpdate, "balance is 1"},
		"deadlock":    {deadlock, "waits in sync2.Mutex.Lock"},
	} {
		t.Run(name, func(t *testing.T) {
			if failure, _ := explore(t, 1, planted.body); failure != "" {
				t.Errorf("the first schedule does not hide it: %s", failure)
			}
			failure, _ := explore(t, 100, planted.body)
			if !strings.Contains(failure, planted.says) {
				t.Fatalf("got %s", failure)
			}
			t.Log(failure)
			short := regexp.MustCompile(`COOP_SCHEDULE=(\S*) go test -run '\^TestPlanted\$/\^\S+\$'`).FindStringSubmatch(failure)
			seed := regexp.MustCompile(`COOP_SEED=(\d+)`).FindStringSubmatch(failure)
			if short == nil || seed == nil {
				t.Fatalf("it does not say how to run it again: %s", failure)
			}
			if n := strings.Count(short[1], ":"); n > 5 {
				t.Errorf("%d choices: %s", n, short[1])
			}
			if n := strings.Count(failure, "---- choice"); n != strings.Count(short[1], ":") {
				t.Errorf("%d choices are marked, not those of %s", n, short[1])
			}
			for variable, value := range map[string]string{"COOP_SCHEDULE": short[1], "COOP_SEED": seed[1]} {
				t.Run(variable, func(t *testing.T) {
					t.Setenv(variable, value)
					for range 3 {
						if again, _ := explore(t, 1, planted.body); !strings.Contains(again, planted.says) {
							t.Errorf("%s=%s: %q", variable, value, again)
						}
					}
				})
			}
		})
	}
}

// TestShortest knows how short the schedule can be: one choice, in which a task overtakes another, among a hundred that do not matter.
func TestShortest(t *testing.T) {
	failure, _ := explore(t, 100, func(ctx context.Context) error {
		var noise [20]*hub.Task
		for i := range noise {
			noise[i] = hub.Go(ctx, func(ctx context.Context) error {
				for range 5 {
					_ = hub.Yield(ctx)
				}
				return nil
			})
		}
		if err := hub.JoinAll(ctx, noise[:]...); err != nil {
			return err
		}
		order := ""
		first := hub.Go(ctx, func(context.Context) error { order += "1"; return nil })
		second := hub.Go(ctx, func(context.Context) error { order += "2"; return nil })
		_ = hub.JoinAll(ctx, first, second)
		if order != "12" {
			return errors.New("overtaken")
		}
		return nil
	})
	if !strings.Contains(failure, "overtaken") || !regexp.MustCompile(`COOP_SCHEDULE=\d+:1 go test`).MatchString(failure) {
		t.Error(failure)
	}
}

func TestNoFailure(t *testing.T) {
	n := 0
	failure, log := explore(t, 50, func(ctx context.Context) error {
		n++
		if now := hub.Now(ctx); now.Year() != 2000 {
			return fmt.Errorf("it is %v", now)
		}
		return hub.Sleep(ctx, time.Hour)
	})
	if n != 50 || failure != "" || log != "" {
		t.Errorf("%d runs, %q, %q", n, failure, log)
	}
	t.Setenv("COOP_SEED", "7")
	failure, log = explore(t, 50, lostUpdateFixed)
	if failure != "" || !strings.Contains(log, "does not fail\n") || !strings.Contains(log, `task 1 "main" is started from outside`) {
		t.Errorf("%q, %q", failure, log)
	}
}

func lostUpdateFixed(ctx context.Context) error {
	return hub.JoinAll(ctx, hub.Go(ctx, hub.Yield), hub.Go(ctx, hub.Yield))
}

// TestOtherFailures finds what fails in other ways.
func TestOtherFailures(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 1))
	for want, body := range map[string]func(ctx context.Context) error{
		"panic: oops": func(context.Context) error { panic("oops") },
		`task "stray": EOF`: func(ctx context.Context) error {
			hub.Go(ctx, func(context.Context) error { return io.EOF }, hub.Name("stray"))
			return nil
		},
		"does not do the same each": func(context.Context) error {
			if random.IntN(2) == 0 {
				return io.EOF
			}
			return nil
		},
		"the run does not end": func(ctx context.Context) error {
			hub.Go(ctx, spin)
			return spin(ctx)
		},
	} {
		if want == "the run does not end" && testing.Short() {
			continue
		}
		if failure, _ := explore(t, 30, body); !strings.Contains(failure, want) {
			t.Errorf("want %s, got %q", want, failure)
		}
	}
}

func spin(ctx context.Context) error {
	for {
		if err := hub.Yield(ctx); err != nil {
			return err
		}
	}
}

func TestBadEnvironment(t *testing.T) {
	for _, value := range []string{"x", "1", "1:0", "-1:1", "3:1,2:1", "1:1,"} {
		t.Setenv("COOP_SCHEDULE", value)
		if failure, _ := explore(t, 1, spin); !strings.Contains(failure, "is not a schedule") {
			t.Errorf("%s: %q", value, failure)
		}
	}
}
