package pool_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"math/rand/v2"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/seed6bcf1587/coop/event"
	"github.com/seed6bcf1587/coop/internal/worlds"
	"github.com/seed6bcf1587/coop/pool"
)

// A witness sees what becomes of one job.
type witness struct {
	ran      atomic.Int32
	result   *event.Result[int] // nil: refused by SubmitWait, or has none
	accepted bool
	number   int
}

// A court has all witnesses.
type court struct {
	mu        sync.Mutex
	witnesses []*witness // guarded by mu

	busy
}

func (c *court) call() *witness {
	c.mu.Lock()
	defer c.mu.Unlock()
	w := &witness{number: len(c.witnesses)}
	c.witnesses = append(c.witnesses, w)
	return w
}

// job returns a job that w sees. inner, unless nil, is called in the middle, while the job does not count as busy.
func (c *court) job(w *witness, rng *rand.Rand, inner func(ctx context.Context)) func(ctx context.Context) (int, error) {
	how := rng.IntN(40)
	return func(ctx context.Context) (int, error) {
		w.ran.Add(1)
		c.in()
		defer c.out()
		if inner != nil {
			c.out()
			defer c.in()
			inner(ctx)
		}
		switch how {
		case 0:
			panic(io.EOF)
		case 1:
			runtime.Goexit()
		case 2:
			return 0, io.EOF
		case 3, 4, 5, 6:
			runtime.Gosched()
		case 7:
			time.Sleep(20 * time.Microsecond)
		}
		return w.number, nil
	}
}

// judge checks, when all has ended, that each job ran once if it was accepted and not dropped, and else never, and that it says so.
func (c *court) judge(t *testing.T, p *pool.Pool) {
	p.Close()
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	if err := p.Join(ctx); err != nil {
		t.Fatalf("the pool does not end: %v, %+v", err, p.Stats())
	}
	ran := uint64(0)
	for _, w := range c.witnesses {
		n := w.ran.Load()
		ran += uint64(n)
		var err error
		if w.result != nil {
			if !w.result.Ready() {
				t.Errorf("job %d has no result", w.number)
				continue
			}
			var v int
			if v, err = w.result.Get(ctx); err == nil && v != w.number {
				t.Errorf("job %d returned %d", w.number, v)
			}
		}
		refused := errors.Is(err, pool.ErrFull) || errors.Is(err, pool.ErrClosed) || errors.Is(err, pool.ErrTerminated)
		takenBack := errors.Is(err, errTaken)
		switch {
		case n > 1:
			t.Errorf("job %d ran %d times", w.number, n)
		case n == 1 && !w.accepted || n == 1 && refused:
			t.Errorf("job %d ran and was not accepted: %v", w.number, err)
		case n == 0 && w.result != nil && !refused && !takenBack:
			t.Errorf("job %d never ran: %v", w.number, err)
		}
	}
	s := p.Stats()
	if ran == 0 || s.Completed+s.Failed < ran || s.Submitted != s.Completed+s.Failed+s.Dropped || s.Running != 0 || s.Waiting != 0 {
		t.Errorf("%d jobs ran, %+v", ran, s)
	}
}

var errTaken = errors.New("taken back")

// TestHammer lets impatient parties at small pools: they submit in every way, also from inside jobs, wait for results, give up, take jobs back, and
// change the size; and some day the pool is closed or terminated in the middle.
func TestHammer(t *testing.T) {
	defer slog.SetDefault(slog.Default())
	slog.SetDefault(slog.New(slog.DiscardHandler)) // jobs of Go that call Goexit
	for _, v := range []struct {
		size    int
		backlog int // negative: no bound
		resize  bool
		finish  func(p *pool.Pool) // nil: none
	}{
		{1, -1, false, nil},
		{1, 0, false, nil},
		{3, 2, false, nil},
		{3, 2, true, nil},
		{2, -1, false, (*pool.Pool).Terminate},
		{2, 1, true, (*pool.Pool).Terminate},
		{2, 3, false, (*pool.Pool).Close},
	} {
		t.Run(fmt.Sprintf("%d,%d,%v,%v", v.size, v.backlog, v.resize, v.finish != nil), func(t *testing.T) {
			worlds.HammerOutside(t, 24, func(t *testing.T) (func(context.Context, *rand.Rand), func()) {
				var opts []pool.Option
				if v.backlog >= 0 {
					opts = append(opts, pool.WithBacklog(v.backlog))
				}
				p := pool.New(v.size, opts...)
				c := new(court)
				var calls atomic.Int32
				rounds := worlds.Rounds(60)
				party := func(ctx context.Context, rng *rand.Rand) {
					for range rounds {
						if v.finish != nil && int(calls.Add(1)) == 24*rounds*2/3 {
							v.finish(p)
						}
						hammerOnce(ctx, rng, p, c, v.resize)
					}
				}
				return party, func() {
					c.judge(t, p)
					if most := int(c.most.Load()); !v.resize && v.finish == nil && most > v.size { // Terminate ends waits of those that have lent their place
						t.Errorf("%d jobs ran at a time", most)
					}
					if now := c.now.Load(); now != 0 {
						t.Errorf("%d jobs still run", now)
					}
				}
			})
		})
	}
}

func hammerOnce(ctx context.Context, rng *rand.Rand, p *pool.Pool, c *court, resize bool) {
	hasty, cancel := worlds.Impatient(ctx, rng)
	defer cancel()
	w := c.call()
	switch rng.IntN(9) {
	case 0, 1:
		w.result, w.accepted = pool.Submit(p, c.job(w, rng, nil)), true
		_, _ = w.result.Get(hasty)
	case 2, 3:
		r, err := pool.SubmitWait(hasty, p, c.job(w, rng, nil))
		if err == nil {
			w.result, w.accepted = r, true
		}
		worlds.Dawdle(ctx, rng)
	case 4:
		job := c.job(w, rng, nil)
		quiet := func(ctx context.Context) error { // what goes wrong would be logged
			defer func() { _ = recover() }()
			_, _ = job(ctx)
			return nil
		}
		if rng.IntN(2) == 0 {
			w.accepted = p.Go(quiet) == nil
		} else {
			w.accepted = p.GoWait(hasty, quiet) == nil
		}
	case 5: // it waits for others, with all the patience in the world
		inner := []*witness{c.call(), c.call(), c.call()}
		jobs := []func(context.Context) (int, error){c.job(inner[0], rng, nil), c.job(inner[1], rng, nil), c.job(inner[2], rng, nil)}
		wait := rng.IntN(2) == 0
		w.result, w.accepted = pool.Submit(p, c.job(w, rng, func(ctx context.Context) {
			var rs []*event.Result[int]
			for i, in := range inner {
				if !wait {
					in.result, in.accepted = pool.Submit(p, jobs[i]), true
				} else if r, err := pool.SubmitWait(ctx, p, jobs[i]); err == nil {
					in.result, in.accepted = r, true
				}
				if in.result != nil {
					rs = append(rs, in.result)
				}
			}
			_, _ = event.All(rs...).Get(ctx)
			for _, r := range rs {
				_, _ = r.Get(ctx)
			}
		})), true
	case 6:
		inner := []*witness{c.call(), c.call(), c.call(), c.call()}
		jobs := make([]func(context.Context) (int, error), len(inner))
		for i, in := range inner {
			jobs[i] = c.job(in, rng, nil)
			in.accepted = true // perhaps; it must not run twice
		}
		vs, err := pool.Map(hasty, p, slices.Values([]int{0, 1, 2, 3}), func(ctx context.Context, i int) (int, error) { return jobs[i](ctx) })
		for i := range vs {
			if vs[i] != inner[i].number || inner[i].ran.Load() != 1 || err != nil {
				panic(fmt.Sprint("Map: ", vs, err))
			}
		}
	case 7:
		w.result, w.accepted = pool.Submit(p, c.job(w, rng, nil)), true
		w.result.Fail(errTaken)
	case 8:
		if resize {
			p.Resize(1 + rng.IntN(4))
		}
	}
}

// TestEachInOrder submits from several parties to a pool of one place: the jobs of each begin in its order.
func TestEachInOrder(t *testing.T) {
	for _, opts := range [][]pool.Option{nil, {pool.WithBacklog(0)}, {pool.WithBacklog(3)}} {
		worlds.HammerOutside(t, 12, func(t *testing.T) (func(context.Context, *rand.Rand), func()) {
			p := pool.New(1, opts...)
			var parties atomic.Int32
			var last [12]int // only jobs use it, one at a time
			inside := 0
			party := func(ctx context.Context, rng *rand.Rand) {
				me := parties.Add(1) - 1
				for i := range worlds.Rounds(100) {
					hasty, cancel := worlds.Impatient(ctx, rng)
					_, _ = pool.SubmitWait(hasty, p, func(context.Context) (int, error) {
						if inside++; inside != 1 {
							t.Error("two jobs at a time")
						}
						if i+1 <= last[me] {
							t.Errorf("job %d of party %d after job %d", i+1, me, last[me])
						}
						last[me] = i + 1
						inside--
						return 0, nil
					})
					cancel()
				}
			}
			return party, func() {
				p.Close()
				if err := p.Join(t.Context()); err != nil {
					t.Error(err)
				}
			}
		})
	}
}

// TestNoGoroutineIsLeft ends pools in every way, again and again. A goroutine that is left fails a synctest bubble.
func TestNoGoroutineIsLeft(t *testing.T) {
	for i := range 200 {
		synctest.Test(t, func(t *testing.T) {
			p := pool.New(1 + i%4)
			for j := range 10 {
				pool.Submit(p, func(ctx context.Context) (int, error) {
					if j == 5 {
						runtime.Goexit()
					}
					return pool.Submit(p, func(context.Context) (int, error) { return j, nil }).Get(ctx)
				})
			}
			switch i % 3 {
			case 0:
				p.Terminate()
			case 1:
				p.Close()
			default:
				if err := p.Join(t.Context()); err != nil {
					t.Error(err)
				}
				p.Close()
			}
			if err := p.Join(t.Context()); err != nil {
				t.Error(err)
			}
		})
	}
}
