package hub_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"math/rand/v2"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/seed6bcf1587/coop/event"
	"github.com/seed6bcf1587/coop/hub"
	"github.com/seed6bcf1587/coop/queue"
	"github.com/seed6bcf1587/coop/sync2"
)

// TestAfterDoneIsOver asks an arrangement to end that the end of its own context has ended.
func TestAfterDoneIsOver(t *testing.T) {
	err := runVirtual(t, func(ctx context.Context) error {
		other, cancelOther := context.WithCancel(context.Background())
		defer cancelOther()
		fn := func(context.Context) error { t.Error("it ran"); return nil }
		for _, settle := range []func(){func() {}, func() { _ = hub.Yield(ctx) }} {
			own, cancel := hub.WithTimeout(ctx, time.Hour)
			stop := hub.AfterDone(own, other, fn)
			settle()
			cancel()
			_ = hub.Yield(ctx)
			if stop() {
				t.Error("stop says that it ended what had ended")
			}
		}
		cancelOther()
		_ = hub.Sleep(ctx, 1)
		return nil
	})
	if err != nil {
		t.Error(err)
	}
}

// mapEnds are ways to leave a loop over a map.
var mapEnds = map[string]func(){
	"panic":  func() { panic("yield") },
	"Goexit": runtime.Goexit,
}

// TestMapIteratorEnds has the iterator park, and then panic or call Goexit, while handlers are in Offload.
func TestMapIteratorEnds(t *testing.T) {
	eachMap(t, func(t *testing.T, ctx context.Context, m mapFunc, ordered bool) {
		for name, end := range mapEnds {
			for _, inYield := range []bool{false, true} {
				began, ended := 0, 0
				task := hub.Go(ctx, func(ctx context.Context) error {
					in := func(yield func(int) bool) {
						for i := range 4 {
							_ = hub.Yield(ctx)
							if !yield(i) {
								return
							}
						}
						if !inYield {
							end()
						}
					}
					for range m(ctx, 5, in, func(ctx context.Context, i int) (string, error) {
						began++
						defer func() { ended++ }()
						if i == 0 {
							return "", nil
						}
						return hub.Offload(ctx, func(ctx context.Context) (string, error) {
							<-ctx.Done()
							return "", nil
						})
					}) {
						if inYield {
							end()
						}
					}
					return nil
				})
				err := task.Join(ctx)
				if err == nil || began == 0 || began != ended {
					t.Errorf("%s, in yield %v: %v, %d began, %d ended", name, inYield, err, began, ended)
				}
			}
		}
	}, quiet())
}

// TestMapPulled reads a map through iter.Pull, and stops in its midst.
func TestMapPulled(t *testing.T) {
	eachMap(t, func(t *testing.T, ctx context.Context, m mapFunc, ordered bool) {
		for stopAt := range 7 {
			left := 0
			next, stop := iter.Pull2(m(ctx, 2, numbers(5), func(ctx context.Context, i int) (string, error) {
				left++
				defer func() { left-- }()
				return fmt.Sprint(i), hub.Sleep(ctx, time.Second)
			}))
			for i := range stopAt {
				v, err, ok := next()
				if want := i < 5; ok != want || ok && (v != fmt.Sprint(i) || err != nil) {
					t.Errorf("%d: %q, %v, %v", i, v, err, ok)
				}
			}
			stop()
			if left > 0 {
				t.Errorf("stopped after %d: %d are left", stopAt, left)
			}
		}
	})
}

// TestTimerInItsTask stops and resets a timer from the task that it started, and from callbacks.
func TestTimerInItsTask(t *testing.T) {
	onClocks(t, func(t *testing.T, ctx context.Context) error {
		var timer *hub.Timer
		n := 0
		done := new(event.Event)
		timer = hub.AfterFunc(ctx, time.Millisecond, func(ctx context.Context) error {
			n++
			if timer.Stop() {
				t.Error("Stop in its own task")
			}
			if n == 3 {
				hub.Current(ctx).OnDone(func(*hub.Task) {
					if timer.Reset(time.Hour) {
						t.Error("Reset in a callback")
					}
					if !timer.Stop() || timer.Stop() {
						t.Error("Stop in a callback")
					}
					done.Set()
				})
				return nil
			}
			if timer.Reset(time.Millisecond) || !timer.Reset(2*time.Millisecond) {
				t.Error("Reset in its own task")
			}
			return nil
		})
		if err := done.Wait(ctx); err != nil || n != 3 {
			t.Errorf("%v, it fired %d times", err, n)
		}
		return nil
	})
}

// TestTickerRaces waits for a ticker with many tasks, while others stop and reset it and cancel those: a model says who gets which tick.
func TestTickerRaces(t *testing.T) {
	for seed := range uint64(100) {
		rng := rand.New(rand.NewPCG(seed, 3))
		err := runVirtual(t, func(ctx context.Context) error {
			tk := hub.NewTicker(ctx, 10)
			base, period, stopped := hub.Now(ctx), time.Duration(10), false
			var last time.Time
			var tasks []*hub.Task
			for range 5 {
				tasks = append(tasks, hub.Go(ctx, func(ctx context.Context) error {
					for {
						at, err := tk.Wait(ctx)
						if err != nil {
							if now := err == hub.ErrStopped; now != stopped && ctx.Err() == nil {
								t.Errorf("seed %d: %v, stopped: %v", seed, err, stopped)
							}
							return nil
						}
						if d := at.Sub(base); d <= 0 || d%period != 0 || !at.After(last) || at.After(hub.Now(ctx)) {
							t.Errorf("seed %d: tick %v after %v", seed, d, last.Sub(base))
						}
						last = at
						_ = hub.Sleep(ctx, time.Duration(rng.IntN(25)))
					}
				}))
			}
			for range 30 {
				_ = hub.Sleep(ctx, time.Duration(rng.IntN(40)))
				switch rng.IntN(5) {
				case 0:
					period = time.Duration(1 + rng.IntN(20))
					tk.Reset(period)
					base, last = hub.Now(ctx), hub.Now(ctx)
				case 1:
					tasks[rng.IntN(len(tasks))].Cancel(io.EOF)
				}
			}
			tk.Stop()
			stopped = true
			return hub.JoinAll(ctx, tasks...)
		}, hub.WithSeed(seed))
		if err != nil {
			t.Errorf("seed %d: %v", seed, err)
		}
	}
}

// snooper looks at its hub in each call that it gets.
type snooper struct {
	hub.NoObserver
	hub  *hub.Hub
	seen int
}

func (s *snooper) look(t *hub.Task) {
	for _, i := range s.hub.Tasks() {
		if i.ID == t.ID() {
			s.seen++
		}
	}
}

func (s *snooper) Spawned(t *hub.Task)                           { s.look(t) }
func (s *snooper) Started(t *hub.Task)                           { s.look(t) }
func (s *snooper) Ended(t *hub.Task, _ error)                    { s.look(t) }
func (s *snooper) Turn(t *hub.Task, _ time.Duration)             { s.look(t) }
func (s *snooper) Waits(t *hub.Task, _ string)                   { s.look(t) }
func (s *snooper) Waited(t *hub.Task, _ string, _ time.Duration) { s.look(t) }

// TestTasksFromEverywhere looks at the tasks of a hub in its observers, callbacks, generators and offloaded functions, and while goroutines do too.
func TestTasksFromEverywhere(t *testing.T) {
	s := new(snooper)
	h := hub.New(hub.WithObserver(s), quiet())
	s.hub = h
	quit, gone := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(gone)
		for {
			select {
			case <-quit:
				return
			default:
				h.Tasks()
			}
		}
	}()
	err := h.Run(t.Context(), func(ctx context.Context) error {
		me := func(n int) {
			if got := len(h.Tasks()); got < n {
				t.Errorf("%d tasks", got)
			}
		}
		me(1)
		for range 3 {
			hub.Go(ctx, func(ctx context.Context) error {
				me(1)
				hub.Current(ctx).OnDone(func(*hub.Task) { me(0) })
				_ = hub.Yield(ctx)
				next, stop := iter.Pull(func(yield func(int) bool) { me(1); yield(1) })
				next()
				stop()
				_, err := hub.Offload(ctx, func(context.Context) (int, error) { me(1); return 0, nil })
				_ = hub.Sleep(ctx, time.Millisecond)
				return err
			})
		}
		return nil
	})
	close(quit)
	<-gone
	if err != nil || s.seen == 0 {
		t.Error(err, s.seen)
	}
}

// everything is a program that uses most of what a hub has, but Offload, whose functions end when they do.
func everything(seed uint64) func(ctx context.Context) error {
	return func(ctx context.Context) error {
		rng := rand.New(rand.NewPCG(seed, 5))
		var mu sync2.Mutex
		q := queue.NewFIFO[int](2)
		tk := hub.NewTicker(ctx, 7)
		foreign, cancel := context.WithCancel(context.Background())
		defer cancel()
		hub.AfterDone(ctx, foreign, func(ctx context.Context) error { tk.Stop(); return nil }, hub.Name("after"))
		g := hub.NewGroup(ctx)
		g.SetLimit(3)
		for i := range 12 {
			g.Go(func(ctx context.Context) error {
				within, done := hub.WithTimeout(ctx, time.Duration(1+rng.IntN(40)))
				defer done()
				if err := mu.Lock(within); err != nil {
					return nil
				}
				_ = hub.Sleep(within, time.Duration(rng.IntN(10)))
				mu.Unlock()
				_, _ = tk.Wait(within)
				_ = q.Put(within, i)
				g.Go(func(ctx context.Context) error {
					soon, done := hub.WithTimeout(ctx, 20)
					defer done()
					_, _ = q.Get(soon)
					return hub.Yield(ctx)
				})
				return nil
			})
		}
		hub.AfterFunc(ctx, 50, func(context.Context) error { cancel(); return nil })
		for v, err := range hub.MapUnordered(ctx, 3, numbers(9), func(ctx context.Context, i int) (int, error) {
			return i, hub.Sleep(ctx, time.Duration(rng.IntN(9)))
		}) {
			if _ = v; err != nil {
				return err
			}
		}
		a, b := hub.Go(ctx, tick(tk)), hub.Go(ctx, tick(tk))
		first, err := hub.WaitAny(ctx, a, b)
		if err != nil {
			return err
		}
		first.Cancel(io.EOF)
		b.Cancel(io.EOF)
		_ = hub.JoinAll(ctx, a, b)
		return g.Wait(ctx)
	}
}

func tick(tk *hub.Ticker) func(ctx context.Context) error {
	return func(ctx context.Context) error {
		for {
			if _, err := tk.Wait(ctx); err != nil {
				return nil
			}
		}
	}
}

// TestEventLogOfEverything writes the same log of the same seed, byte for byte, whatever the number of processors.
func TestEventLogOfEverything(t *testing.T) {
	seeds := 60
	if testing.Short() {
		seeds = 10
	}
	logs := map[string]bool{}
	for seed := range uint64(seeds) {
		var want []byte
		for _, procs := range []int{1, 2, 4, 2, 1} {
			before := runtime.GOMAXPROCS(procs)
			var log bytes.Buffer
			err := runVirtual(t, everything(seed), hub.WithSeed(seed), hub.WithEventLog(&log), quiet())
			runtime.GOMAXPROCS(before)
			if err != nil && !errors.Is(err, io.EOF) {
				t.Errorf("seed %d: %v", seed, err)
			}
			if want == nil {
				want = log.Bytes()
				logs[log.String()] = true
			} else if !bytes.Equal(want, log.Bytes()) {
				a, b := strings.Split(string(want), "\n"), strings.Split(log.String(), "\n")
				for i := range min(len(a), len(b)) {
					if a[i] != b[i] {
						t.Fatalf("seed %d, %d processors: line %d is\n%s\nand was\n%s", seed, procs, i, b[i], a[i])
					}
				}
				t.Fatalf("seed %d, %d processors: %d lines, %d before", seed, procs, len(b), len(a))
			}
		}
	}
	if len(logs) < seeds/2 {
		t.Errorf("%d different logs of %d seeds", len(logs), seeds)
	}
}
