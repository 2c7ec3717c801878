package hubtest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/seed6bcf1587/coop/hub"
)

// The environment variables that make Explore run one schedule again, instead of many.
const (
	seedVariable     = "COOP_SEED"     // a number, as [Explore] reports it
	scheduleVariable = "COOP_SCHEDULE" // choices, as [Explore] reports them
)

// start is what the virtual clock shows at first.
var start = time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC)

// Explore runs body in a hub again and again, as main is run by [hub.Run], each time with another schedule: first with that of a hub without options, in which tasks
// run in the order in which they became ready, and then with those of the seeds 1 to runs-1, see [hub.WithSeed]. The hub has a virtual
// clock, and logs nothing; opts may change that, but not the schedule.
//
// A run fails if Run returns an error: because body or a task that nobody joined returned one, or panicked, or because of a deadlock, or
// when it does not end within a million steps of its tasks. body reports what is wrong by its error and not by t: when a run fails, Explore runs it again many times, to find a shorter
// schedule that fails, one that differs from the first run's in as few choices as possible. It reports that one as an error of t, step by step,
// and how to run it again: the environment variable COOP_SCHEDULE has the choices of that schedule, COOP_SEED the seed with which it was found. With one
// of them set, Explore runs only that, and logs its steps also if it does not fail.
//
// body must do the same each time if the schedule is the same: it uses what is made in it, and no goroutines, clocks or random
// numbers of its own. If it fails and then does not with the same schedule, Explore says so. A body that keeps the hub without a wait keeps Explore, too.
//
// Explore returns when all runs are done or one has failed. It panics if runs is less than 1 or body is nil.
func Explore(t testing.TB, runs int, body func(ctx context.Context) error, opts ...hub.Option) {
	t.Helper()
	if runs < 1 {
		panic("hubtest.Explore: less than 1 run")
	}
	if body == nil {
		panic("hubtest.Explore: nil function")
	}
	e := &explorer{body: body, opts: opts}
	if s, ok := os.LookupEnv(scheduleVariable); ok {
		want, err := parseSchedule(s)
		if err != nil {
			t.Fatalf("hubtest.Explore: %s: %v", scheduleVariable, err)
		}
		e.replay(t, want)
		return
	}
	if s, ok := os.LookupEnv(seedVariable); ok {
		seed, err := strconv.ParseUint(s, 10, 64)
		if err != nil {
			t.Fatalf("hubtest.Explore: %s: %v", seedVariable, err)
		}
		e.replay(t, e.run(bySeed(seed), nil).made)
		return
	}
	for seed := range uint64(runs) {
		if r := e.run(bySeed(seed), nil); r.err != nil {
			e.report(t, seed, runs, r)
			return
		}
	}
}

// replay runs one schedule and tells all about it.
func (e *explorer) replay(t testing.TB, want schedule) {
	t.Helper()
	r, steps := e.trace(want)
	made := r.made.String()
	if len(made) > maxTrace {
		made = made[:maxTrace] + "..."
	}
	if r.err != nil {
		t.Errorf("hubtest: schedule %q fails: %v\n%s", made, r.err, steps)
	} else {
		t.Logf("hubtest: schedule %q does not fail\n%s", made, steps)
	}
}

// report tells what is known of a failure.
func (e *explorer) report(t testing.TB, seed uint64, runs int, found result) {
	t.Helper()
	r, steps := e.run(found.made.pick(), nil), ""
	if r.err != nil {
		r, steps = e.trace(e.shrink(found.made))
	}
	if r.err == nil {
		t.Errorf("hubtest: run %d of %d, seed %d, fails: %v\n"+
			"With the same schedule it does not fail again: body does not do the same each time.", seed+1, runs, seed, found.err)
		return
	}
	if r.err.Error() != found.err.Error() {
		steps += "This one fails differently: " + r.err.Error() + "\n"
	}
	t.Errorf("hubtest: run %d of %d, seed %d, fails: %v\n"+
		"The schedule below does with %d of %d choices that are not the first in line:\n%s"+
		"Again: %s=%s go test -run '^%s$'\nor, not shortened, with %s=%d",
		seed+1, runs, seed, found.err, len(r.made), len(found.made), steps,
		scheduleVariable, r.made, testName(t), seedVariable, seed)
}

// testName returns the name of t as the flag -run wants it.
func testName(t testing.TB) string {
	name := strings.ReplaceAll(regexp.QuoteMeta(t.Name()), "/", "$/^")
	return strings.ReplaceAll(name, "'", `'\''`) // for the shell
}

// An explorer runs one body under many schedules.
type explorer struct {
	body func(ctx context.Context) error
	opts []hub.Option
}

// A result is what came of a run.
type result struct {
	err  error
	made schedule // the choices that were made
}

// tooLong is after how many steps a run is given up.
var tooLong = 1_000_000

var errEndless = errors.New("hubtest: the run does not end: its tasks have made a million steps")

// patience is an observer that ends runs which are too long.
type patience struct {
	hub.NoObserver
	steps int
	end   func(cause error)
}

func (p *patience) Turn(*hub.Task, time.Duration) {
	if p.steps++; p.steps == tooLong {
		p.end(errEndless)
	}
}

// run runs the body with the choices of pick, and tells of those that are not the first in line.
func (e *explorer) run(pick picker, chosen func(step, of, choice int), opts ...hub.Option) result {
	ctx, cancel := context.WithCancelCause(context.Background())
	defer cancel(nil)
	var r result
	step := 0
	all := append([]hub.Option{hub.WithVirtualClock(start), hub.WithLogger(slog.New(slog.DiscardHandler))}, e.opts...)
	all = append(all, hub.WithSchedule(func(n int) int {
		c := pick(step, n)
		if c > 0 {
			r.made = append(r.made, choice{step, c})
			if chosen != nil {
				chosen(step, n, c)
			}
		}
		step++
		return c
	}), hub.WithObserver(&patience{end: cancel}))
	r.err = hub.Run(ctx, e.body, append(all, opts...)...)
	if r.err == nil && context.Cause(ctx) == errEndless {
		r.err = errEndless // the tasks made nothing of it
	}
	return r
}

// maxTrace is how many bytes of a trace are shown at most: the last.
const maxTrace = 16 << 10

// A tail keeps the last of what is written to it.
type tail struct {
	bytes.Buffer
	cut bool
}

func (l *tail) Write(p []byte) (int, error) {
	if l.Len() > 2*maxTrace {
		l.Next(l.Len() - maxTrace)
		l.cut = true
	}
	return l.Buffer.Write(p)
}

func (l *tail) String() string {
	s := l.Buffer.String()
	if cut := len(s) - maxTrace; cut > 0 {
		s, l.cut = s[cut:], true
	}
	if l.cut {
		_, s, _ = strings.Cut(s, "\n")
		s = "...\n" + s
	}
	return s
}

// trace runs a schedule and returns what came of it and its steps, with the choices marked.
func (e *explorer) trace(s schedule) (result, string) {
	var log tail
	r := e.run(s.pick(), func(step, of, c int) {
		fmt.Fprintf(&log, "             ---- choice %d: number %d of %d in line\n", step, c+1, of)
	}, hub.WithEventLog(&log))
	return r, log.String()
}
