package pool_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/seed6bcf1587/coop/event"
	"github.com/seed6bcf1587/coop/internal/worlds"
	"github.com/seed6bcf1587/coop/pool"
)

// A step is one call of a method, and how long to wait after.
type step struct {
	what  byte
	n     int
	pause int
}

// unit is what durations are multiples of. To each that belongs to call i, 1<<i nanoseconds are added, so that no two things happen at the same
// moment, and the order of what happens does not depend on the scheduler.
const (
	maxSteps = 40
	unit     = time.Duration(1) << (maxSteps + 1)
)

func lasts(n, i int) time.Duration { return time.Duration(n)*unit + 1<<i }

func decode(program []byte) []step {
	var steps []step
	for ; len(program) >= 2 && len(steps) < maxSteps; program = program[2:] {
		steps = append(steps, step{program[0] % 16, int(program[1] % 32), int(program[0]/16) % 3})
	}
	return steps
}

// naive is a pool as simple as it can be: nothing runs, and time is a number.
type naive struct {
	now           time.Duration
	size, backlog int
	closed        error
	running       []*naiveJob
	line, room    []*naiveJob
	log           []string
}

type naiveJob struct {
	id     int
	lasts  time.Duration
	at     time.Duration // running: when it ends; in room: when its submitter gives up
	failed bool
	known  bool // has a Result
}

func (p *naive) report(format string, args ...any) {
	p.log = append(p.log, fmt.Sprintf("%20d ", p.now)+fmt.Sprintf(format, args...))
}

func (p *naive) submit(j *naiveJob) error {
	switch {
	case p.closed != nil:
		return p.closed
	case len(p.running) < p.size:
		p.begin(j)
	case len(p.line) < p.backlog:
		p.line = append(p.line, j)
	default:
		return pool.ErrFull
	}
	j.known = true
	return nil
}

func (p *naive) begin(j *naiveJob) {
	j.known = true
	if j.failed {
		return
	}
	p.report("%d begins", j.id)
	j.at = p.now + j.lasts
	p.running = append(p.running, j)
}

func (p *naive) fill() {
	for {
		for len(p.line) > 0 && len(p.running) < p.size {
			j := p.line[0]
			p.line = p.line[1:]
			p.begin(j)
			for len(p.room) > 0 && len(p.line) < p.backlog {
				p.room[0].known = true
				p.line = append(p.line, p.room[0])
				p.room = p.room[1:]
			}
		}
		if len(p.room) == 0 || len(p.running) >= p.size {
			return
		}
		j := p.room[0]
		p.room = p.room[1:]
		p.begin(j)
	}
}

// pass lets time pass.
func (p *naive) pass(d time.Duration) {
	until := p.now + d
	for {
		i := first(p.running, until)
		k := first(p.room, until)
		switch {
		case i < 0 && k < 0:
			p.now = until
			return
		case k < 0 || i >= 0 && p.running[i].at < p.room[k].at:
			j := p.running[i]
			p.now = j.at
			p.running = slices.Delete(p.running, i, i+1)
			if !j.failed {
				p.report("%d: %d <nil>", j.id, j.id)
			}
			p.fill()
		default:
			j := p.room[k]
			p.now = j.at
			p.room = slices.Delete(p.room, k, k+1)
			p.report("%d not submitted: %v", j.id, context.DeadlineExceeded)
		}
	}
}

// first returns which of jobs has the earliest moment of those until the given one, or -1.
func first(jobs []*naiveJob, until time.Duration) int {
	least := -1
	for i, j := range jobs {
		if j.at <= until && (least < 0 || j.at < jobs[least].at) {
			least = i
		}
	}
	return least
}

func (p *naive) close(why error) {
	if why == pool.ErrClosed && p.closed != nil {
		return
	}
	p.closed = why
	for _, j := range p.room {
		p.report("%d not submitted: %v", j.id, why)
	}
	p.room = nil
	if why == pool.ErrClosed {
		return
	}
	for _, j := range slices.Concat(p.running, p.line) {
		if !j.failed {
			p.report("%d: 0 %v", j.id, why)
		}
	}
	p.running, p.line = nil, nil
}

func (p *naive) run(steps []step) {
	jobs := make([]*naiveJob, len(steps))
	for i, s := range steps {
		switch {
		case s.what < 8:
			jobs[i] = &naiveJob{id: i, lasts: lasts(s.n%5, i)}
			if err := p.submit(jobs[i]); err != nil {
				p.report("%d: 0 %v", i, err)
			}
		case s.what < 12:
			jobs[i] = &naiveJob{id: i, lasts: lasts(s.n%5, i), at: p.now + lasts(1+s.n/5, i)}
			if err := p.submit(jobs[i]); err == pool.ErrFull {
				p.room = append(p.room, jobs[i])
			} else if err != nil {
				p.report("%d not submitted: %v", i, err)
			}
		case s.what < 13:
			p.size = 1 + s.n%4
			p.fill()
		case s.what < 15:
			if j := jobs[s.n%(i+1)]; j != nil && j.known && !j.failed && (slices.Contains(p.running, j) || slices.Contains(p.line, j)) {
				j.failed = true
				p.report("%d: 0 %v", j.id, io.EOF)
			}
		case s.n == 0:
			p.close(pool.ErrTerminated)
		case s.n == 1:
			p.close(pool.ErrClosed)
		}
		p.report("%d run, %d wait", len(p.running), len(p.line))
		p.pass(time.Duration(s.pause) * unit)
	}
	p.close(pool.ErrClosed)
	p.pass(1000 * unit)
}

// actual does with a pool what naive.run does, and returns what happened.
func actual(t *testing.T, size, backlog int, steps []step) []string {
	start := time.Now()
	var log worlds.Log[string]
	report := func(format string, args ...any) {
		log.Add(fmt.Sprintf("%20d ", time.Since(start)) + fmt.Sprintf(format, args...))
	}
	p := pool.New(size, pool.WithBacklog(backlog))
	results := make([]*event.Result[int], len(steps))
	for i, s := range steps {
		fn := func(ctx context.Context) (int, error) {
			report("%d begins", i)
			return sleepFor(lasts(s.n%5, i), i)(ctx)
		}
		follow := func(r *event.Result[int]) {
			results[i] = r
			r.OnDone(func(v int, err error) {
				if errors.Is(err, pool.ErrTerminated) {
					err = pool.ErrTerminated
				}
				report("%d: %d %v", i, v, err)
			})
		}
		switch {
		case s.what < 8:
			follow(pool.Submit(p, fn))
		case s.what < 12:
			go func() {
				ctx, cancel := context.WithTimeout(t.Context(), lasts(1+s.n/5, i))
				defer cancel()
				if r, err := pool.SubmitWait(ctx, p, fn); err != nil {
					report("%d not submitted: %v", i, err)
				} else {
					follow(r)
				}
			}()
		case s.what < 13:
			p.Resize(1 + s.n%4)
		case s.what < 15:
			if r := results[s.n%(i+1)]; r != nil {
				r.Fail(io.EOF)
			}
		case s.n == 0:
			p.Terminate()
		case s.n == 1:
			p.Close()
		}
		synctest.Wait()
		stats := p.Stats()
		report("%d run, %d wait", stats.Running, stats.Waiting)
		time.Sleep(time.Duration(s.pause) * unit)
		synctest.Wait()
	}
	p.Close()
	if err := p.Join(t.Context()); err != nil {
		t.Error(err)
	}
	synctest.Wait()
	if s := p.Stats(); s.Submitted != s.Completed+s.Failed+s.Dropped || s.Running != 0 || s.Waiting != 0 || s.Idle != 0 {
		t.Errorf("at the end: %+v", s)
	}
	return log.Take()
}

func compare(t *testing.T, size, backlog int, program []byte) {
	steps := decode(program)
	reference := &naive{size: size, backlog: backlog}
	reference.run(steps)
	var got []string
	synctest.Test(t, func(t *testing.T) { got = actual(t, size, backlog, steps) })
	want := reference.log
	slices.Sort(got)
	slices.Sort(want)
	for i := range max(len(got), len(want)) {
		if i >= len(got) || i >= len(want) || got[i] != want[i] {
			t.Fatalf("size %d, backlog %d, %v\nours:\n%s\nreference:\n%s", size, backlog, steps, lines(got[:min(i+1, len(got))]), lines(want[:min(i+1, len(want))]))
		}
	}
}

func lines(log []string) string {
	s := ""
	for _, l := range log {
		s += l + "\n"
	}
	return s
}

// TestAgainstReference compares random programs.
func TestAgainstReference(t *testing.T) {
	for seed := range uint64(worlds.Rounds(300)) {
		rng := rand.New(rand.NewPCG(seed, 1))
		program := make([]byte, 2*(1+rng.IntN(maxSteps)))
		for i := range program {
			program[i] = byte(rng.Uint32())
		}
		compare(t, 1+rng.IntN(3), rng.IntN(4), program)
	}
}

// FuzzPool does the same with programs that the fuzzer makes up.
func FuzzPool(f *testing.F) {
	f.Add(uint8(1), uint8(0), []byte{0, 4, 8, 4, 8, 9, 16, 0, 47, 1})
	f.Add(uint8(2), uint8(2), []byte{0, 4, 0, 3, 0, 2, 0, 1, 8, 20, 12, 3, 13, 2, 32, 0, 15, 0})
	f.Fuzz(func(t *testing.T, size, backlog uint8, program []byte) {
		compare(t, 1+int(size%4), int(backlog%4), program)
	})
}
