package hub_test

import (
	"context"
	"errors"
	"io"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/seed6bcf1587/coop/event"
	"github.com/seed6bcf1587/coop/hub"
)

// TestCallbackPanicsAtTheEnd adds callbacks that panic to tasks that have ended, from goroutines, while Run puts its error together.
func TestCallbackPanicsAtTheEnd(t *testing.T) {
	for range 200 {
		var wg sync.WaitGroup
		quit := make(chan struct{})
		err := hub.Run(t.Context(), func(ctx context.Context) error {
			ended := hub.Go(ctx, func(context.Context) error { return nil })
			_ = ended.Join(ctx)
			for range 2 {
				wg.Go(func() {
					for {
						select {
						case <-quit:
							return
						default:
							ended.OnDone(func(*hub.Task) { panic("oops") })
						}
					}
				})
			}
			return hub.Yield(ctx)
		}, quiet())
		close(quit)
		wg.Wait()
		if err != nil && !strings.Contains(err.Error(), "a callback of task") {
			t.Error(err)
		}
	}
}

// TestMisusedSchedule gives answers out of range, always or now and then.
func TestMisusedSchedule(t *testing.T) {
	for every := range 30 {
		every, n := every+1, 0
		v := panicOf(func() {
			_ = runVirtual(t, func(ctx context.Context) error {
				for range 5 {
					hub.Go(ctx, func(ctx context.Context) error {
						for range 3 {
							if err := hub.Yield(ctx); err != nil {
								return err
							}
							_ = hub.Sleep(ctx, 1)
						}
						return nil
					})
				}
				return nil
			}, quiet(), hub.WithSchedule(func(k int) int {
				if n++; n%every == 0 {
					return k
				}
				return 0
			}))
		})
		if s, _ := v.(string); s == "" && n >= every || s != "" && !strings.HasPrefix(s, "hub.WithSchedule: choice") {
			t.Errorf("every %d: %v", every, v)
		}
	}
}

// TestSchedulePanics has the function of WithSchedule panic: Run does, with its stack, when the tasks have ended.
func TestSchedulePanics(t *testing.T) {
	ended := 0
	v := panicOf(func() {
		_ = runVirtual(t, func(ctx context.Context) error {
			for range 3 {
				hub.Go(ctx, func(ctx context.Context) error {
					defer func() { ended++ }()
					return hub.Sleep(ctx, time.Hour)
				})
			}
			return hub.Sleep(ctx, time.Hour)
		}, quiet(), hub.WithSchedule(func(n int) int {
			if n == 4 { // all have slept
				panic(io.EOF)
			}
			return 0
		}))
	})
	if p, _ := v.(*hub.PanicError); p == nil || p.Value != io.EOF || !strings.Contains(string(p.Stack), "TestSchedulePanics") || ended != 3 {
		t.Errorf("%v, %d have ended", v, ended)
	}
}

// TestOffloadStorm offloads ten thousand functions, many of which are given up while they wait, run or end, and shrinks and grows the crew with it.
func TestOffloadStorm(t *testing.T) {
	var running, most, ran atomic.Int64
	err := hub.Run(t.Context(), func(ctx context.Context) error {
		g := hub.NewGroup(ctx)
		want, given := 0, 0
		for i := range 10_000 {
			g.Go(func(ctx context.Context) error {
				if i%3 == 0 {
					var cancel context.CancelFunc
					ctx, cancel = hub.WithTimeout(ctx, time.Duration(i%50)*time.Microsecond)
					defer cancel()
				}
				n, err := hub.Offload(ctx, func(ctx context.Context) (int, error) {
					most.Store(max(most.Load(), running.Add(1)))
					defer running.Add(-1)
					ran.Add(1)
					if i%7 == 0 {
						time.Sleep(20 * time.Microsecond)
					}
					return i, nil
				})
				switch {
				case err == nil && n != i:
					t.Errorf("%d got the result of %d", i, n)
				case err == nil:
					want++
				case errors.Is(err, context.DeadlineExceeded):
					given++
				default:
					t.Error(err)
				}
				return nil
			})
		}
		err := g.Wait(ctx)
		if want+given != 10_000 || given == 0 || want < 6000 {
			t.Errorf("%d ended, %d were given up", want, given)
		}
		return err
	}, hub.WithOffloadLimit(40))
	if err != nil || running.Load() != 0 || most.Load() > 40 {
		t.Errorf("%v, %d run, %d at once", err, running.Load(), most.Load())
	}
}

// TestJoinAllOfItself panics at once, whatever else it waits for.
func TestJoinAllOfItself(t *testing.T) {
	err := runVirtual(t, func(ctx context.Context) error {
		never := hub.Go(ctx, new(event.Event).Wait, hub.Daemon())
		v := panicOf(func() { _ = hub.JoinAll(ctx, never, hub.Current(ctx)) })
		if v != `hub.JoinAll: task "main" joins itself` {
			t.Error(v)
		}
		return nil
	})
	if err != nil {
		t.Error(err)
	}
}

// TestWaitAnyLog says of no task that nobody waits for it while somebody does.
func TestWaitAnyLog(t *testing.T) {
	var log strings.Builder
	err := runVirtual(t, func(ctx context.Context) error {
		a, b := after(ctx, time.Second, io.EOF), after(ctx, time.Minute, nil)
		first, err := hub.WaitAny(ctx, b, a)
		if first != a || err != nil {
			t.Error(first, err)
		}
		_ = first.Join(ctx)
		return nil
	}, logTo(&log))
	if err != nil || log.Len() > 0 {
		t.Errorf("%v, %s", err, &log)
	}
}
