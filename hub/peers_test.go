package hub_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/seed6bcf1587/coop/event"
	"github.com/seed6bcf1587/coop/hub"
	"github.com/seed6bcf1587/coop/queue"
	"github.com/seed6bcf1587/coop/sync2"
)

// This file is behaviours that the tests of gevent, asyncio, trio, Temporal's dispatcher and Python's sched assert, as far as they apply and no other file here
// has them.

// TestLinkToOthers has callbacks hand a task's end on: gevent links greenlets to results and queues.
func TestLinkToOthers(t *testing.T) {
	err := runVirtual(t, func(ctx context.Context) error {
		for range 3 {
			good := hub.Spawn(ctx, func(context.Context) (int, error) { return 100, nil })
			var r event.Result[int]
			q := queue.NewFIFO[*hub.Task](0)
			good.OnDone(func(*hub.Task) {
				v, err := good.Get(ctx) // it does not wait: the task has ended
				if err != nil {
					t.Error(err)
				}
				r.Set(v)
			})
			good.OnDone(func(t *hub.Task) { _ = q.TryPut(t) })
			task, err := q.Get(ctx)
			if v, err2 := r.Get(ctx); task != good.Task || v != 100 || err != nil || err2 != nil {
				t.Errorf("%v, %v, %v", v, err, err2)
			}
			bad := hub.Go(ctx, func(context.Context) error { return io.EOF })
			var failed event.Result[int]
			bad.OnDone(func(t *hub.Task) { failed.Fail(t.Err()) })
			if _, err := failed.Get(ctx); err != io.EOF {
				t.Error(err)
			}
			_ = bad.Join(ctx)
		}
		return nil
	}, quiet())
	if err != nil {
		t.Error(err)
	}
}

// TestKill cancels a task before it starts, after, while it waits, and one that is to start later. It does not run on, is told once, and a second cancellation is
// none.
func TestKill(t *testing.T) {
	err := runVirtual(t, func(ctx context.Context) error {
		for name, age := range map[string]int{"new": 0, "ready": 1, "waits": 2} {
			steps, told, called := 0, 0, 0
			task := hub.Go(ctx, func(ctx context.Context) error {
				steps++
				_ = hub.Yield(ctx)
				err := hub.Sleep(ctx, time.Hour)
				if told++; err == nil {
					steps = 100
				}
				return err
			})
			task.OnDone(func(*hub.Task) { called++ })
			for range age {
				_ = hub.Yield(ctx)
			}
			task.Cancel(nil)
			task.Cancel(io.EOF)
			if err := task.Join(ctx); !errors.Is(err, context.Canceled) || errors.Is(err, io.EOF) {
				t.Errorf("%s: %v", name, err)
			}
			task.Cancel(io.EOF)
			_ = hub.Sleep(ctx, 2*time.Hour)
			if steps != min(age, 1) || told != min(age, 1) || called != 1 {
				t.Errorf("%s: %d steps, told %d times, %d callbacks", name, steps, told, called)
			}
		}
		ran := false
		if !hub.AfterFunc(ctx, time.Minute, func(context.Context) error { ran = true; return nil }).Stop() {
			t.Error("it was not to start any more")
		}
		_ = hub.Sleep(ctx, time.Hour)
		if ran {
			t.Error("stopped, and it ran")
		}
		return nil
	})
	if err != nil {
		t.Error(err)
	}
}

// TestCancellationStays has each wait fail after a cancellation, and none that is shielded from it.
func TestCancellationStays(t *testing.T) {
	err := runVirtual(t, func(ctx context.Context) error {
		task := hub.Go(ctx, func(ctx context.Context) error {
			hub.Current(ctx).Cancel(io.EOF)
			for range 3 {
				if err := hub.Sleep(ctx, time.Hour); !errors.Is(err, io.EOF) {
					t.Errorf("Sleep: %v", err)
				}
				if err := hub.Yield(ctx); !errors.Is(err, io.EOF) {
					t.Errorf("Yield: %v", err)
				}
				var set event.Event
				set.Set()
				if err := set.Wait(ctx); !errors.Is(err, io.EOF) {
					t.Errorf("Wait on a set event: %v", err)
				}
			}
			shield := context.WithoutCancel(ctx)
			start := hub.Now(ctx)
			if err := hub.Sleep(shield, time.Minute); err != nil || hub.Now(ctx).Sub(start) != time.Minute {
				t.Errorf("shielded: %v", err)
			}
			// A timeout within the shield works, and so does a cancellation.
			short, cancel := hub.WithTimeout(shield, time.Second)
			if err := hub.Sleep(short, time.Hour); !errors.Is(err, context.DeadlineExceeded) {
				t.Errorf("timeout within the shield: %v", err)
			}
			cancel()
			short, cancel = hub.WithTimeout(shield, time.Second)
			cancel()
			if err := hub.Sleep(short, time.Hour); !errors.Is(err, context.Canceled) {
				t.Errorf("cancelled within the shield: %v", err)
			}
			if err := hub.Sleep(shield, time.Minute); err != nil {
				t.Errorf("after that: %v", err)
			}
			return nil
		})
		return task.Join(ctx)
	})
	if err != nil {
		t.Error(err)
	}
}

// TestCancelInheritance cancels the outermost of nested groups: all leaves are told in the same instant, and each group waits for its own.
func TestCancelInheritance(t *testing.T) {
	err := runVirtual(t, func(ctx context.Context) error {
		var told []string
		top := hub.NewGroup(ctx)
		for _, w := range []string{"w1", "w2"} {
			top.Go(func(ctx context.Context) error {
				g := hub.NewGroup(ctx)
				for _, l := range []string{"l1", "l2"} {
					g.Go(func(ctx context.Context) error {
						err := new(event.Event).Wait(ctx)
						told = append(told, w+l)
						if hub.Now(ctx) != epoch.Add(time.Second) {
							t.Errorf("told at %v", hub.Now(ctx))
						}
						return err
					})
				}
				return g.Wait(ctx)
			})
		}
		top.Go(func(ctx context.Context) error { _ = hub.Sleep(ctx, time.Second); return io.EOF })
		if err := top.Wait(ctx); err != io.EOF {
			t.Error(err)
		}
		if slices.Sort(told); !slices.Equal(told, []string{"w1l1", "w1l2", "w2l1", "w2l2"}) {
			t.Errorf("told: %v", told)
		}
		return nil
	})
	if err != nil {
		t.Error(err)
	}
}

// TestNestedGroupFailures has a failure of an inner group end its task, which fails the outer one; and one of the outer cancel the inner.
func TestNestedGroupFailures(t *testing.T) {
	for _, innerFirst := range []bool{true, false} {
		var inner error
		err := runVirtual(t, func(ctx context.Context) error {
			crash := func(after time.Duration, err error) func(ctx context.Context) error {
				return func(ctx context.Context) error {
					if err := hub.Sleep(ctx, after); err != nil {
						return err
					}
					return err
				}
			}
			g := hub.NewGroup(ctx)
			early, late := time.Second, 10*time.Second
			if !innerFirst {
				early, late = late, early
			}
			g.Go(crash(late, io.ErrClosedPipe))
			g.Go(func(ctx context.Context) error {
				g := hub.NewGroup(ctx)
				g.Go(crash(early, io.EOF))
				inner = g.Wait(ctx)
				return inner
			})
			return g.Wait(ctx)
		}, quiet())
		if innerFirst && (err != io.EOF || inner != io.EOF) || !innerFirst && (err != io.ErrClosedPipe || !errors.Is(inner, io.ErrClosedPipe)) {
			t.Errorf("inner first: %v: outer %v, inner %v", innerFirst, err, inner)
		}
	}
}

// TestTimeoutEdges is asyncio's tests of timeouts.
func TestTimeoutEdges(t *testing.T) {
	onClocks(t, func(t *testing.T, ctx context.Context) error {
		start := hub.Now(ctx)
		within := func(ctx context.Context, d time.Duration, fn func(ctx context.Context) error) error {
			ctx, cancel := hub.WithTimeout(ctx, d)
			defer cancel()
			return fn(ctx)
		}
		sleep := func(d time.Duration) func(ctx context.Context) error {
			return func(ctx context.Context) error { return hub.Sleep(ctx, d) }
		}
		for _, d := range []time.Duration{0, -time.Hour} {
			for _, fn := range []func(ctx context.Context) error{sleep(time.Hour), sleep(0), hub.Yield} {
				if err := within(ctx, d, fn); !errors.Is(err, context.DeadlineExceeded) {
					t.Errorf("timeout of %v: %v", d, err)
				}
			}
		}
		for _, at := range []time.Time{{}, start.Add(-1), start} {
			if ctx, cancel := hub.WithDeadline(ctx, at); ctx.Err() != context.DeadlineExceeded {
				t.Errorf("deadline %v: %v", at, ctx.Err())
				cancel()
			}
		}
		if hub.Now(ctx) != start {
			t.Errorf("that took until %v", hub.Now(ctx))
		}
		// An error of another kind is not changed, in time or late.
		if err := within(ctx, time.Second, func(context.Context) error { return io.EOF }); err != io.EOF {
			t.Error(err)
		}
		if err := within(ctx, time.Second, func(ctx context.Context) error { _ = hub.Sleep(ctx, time.Hour); return io.EOF }); err != io.EOF {
			t.Error(err)
		}
		// A cancellation is not taken for the timeout, and the timeout not for a cancellation of the task.
		task := hub.Go(ctx, func(ctx context.Context) error {
			return within(ctx, time.Hour, func(inner context.Context) error {
				hub.Current(ctx).Cancel(nil)
				return hub.Sleep(inner, 2*time.Hour)
			})
		})
		if err := task.Join(ctx); !errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("cancelled in a timeout: %v", err)
		}
		task = hub.Go(ctx, func(ctx context.Context) error {
			_ = within(ctx, time.Second, sleep(time.Hour))
			return ctx.Err()
		})
		if err := task.Join(ctx); err != nil {
			t.Errorf("after a timeout: %v", err)
		}
		// One timeout while cleaning up after another.
		err := within(ctx, time.Second, func(inner context.Context) error {
			err := hub.Sleep(inner, time.Hour)
			if err := within(ctx, time.Second, sleep(time.Hour)); !errors.Is(err, context.DeadlineExceeded) {
				t.Errorf("in the clean-up: %v", err)
			}
			return err
		})
		if !errors.Is(err, context.DeadlineExceeded) {
			t.Error(err)
		}
		return nil
	})
	// Both deadlines pass while the task keeps the hub: each is told at its own level.
	synctest.Test(t, func(t *testing.T) {
		err := hub.Run(t.Context(), func(ctx context.Context) error {
			outer, cancel := hub.WithTimeout(ctx, 100*time.Millisecond)
			defer cancel()
			inner, cancel := hub.WithTimeout(outer, 10*time.Millisecond)
			defer cancel()
			time.Sleep(50 * time.Millisecond) //blocklint:ignore sleep it keeps the hub: that is what is tested
			if err := hub.Sleep(inner, time.Second); !errors.Is(err, context.DeadlineExceeded) || outer.Err() != nil {
				t.Errorf("inner: %v, outer: %v", err, outer.Err())
			}
			start := time.Now()
			if err := hub.Sleep(outer, time.Second); !errors.Is(err, context.DeadlineExceeded) || time.Since(start) != 50*time.Millisecond {
				t.Errorf("outer: %v after %v", err, time.Since(start))
			}
			return nil
		})
		if err != nil {
			t.Error(err)
		}
	})
}

// TestJoinDoesNotCancel cancels a task that joins another, which goes on.
func TestJoinDoesNotCancel(t *testing.T) {
	err := runVirtual(t, func(ctx context.Context) error {
		inner := hub.Spawn(ctx, func(ctx context.Context) (int, error) { return 42, hub.Sleep(ctx, time.Hour) })
		outer := hub.Go(ctx, inner.Join)
		_ = hub.Yield(ctx)
		outer.Cancel(io.EOF)
		if err := outer.Join(ctx); !errors.Is(err, io.EOF) {
			t.Error(err)
		}
		if v, err := inner.Get(ctx); v != 42 || err != nil {
			t.Errorf("%v, %v", v, err)
		}
		return nil
	})
	if err != nil {
		t.Error(err)
	}
}

// TestAsCompleted waits for tasks one after the other, as gevent's iwait and asyncio's as_completed do.
func TestAsCompleted(t *testing.T) {
	err := runVirtual(t, func(ctx context.Context) error {
		left := []*hub.Task{after(ctx, 3*time.Second, nil), after(ctx, time.Second, nil), after(ctx, 2*time.Second, nil)}
		left = append(left, left[1])
		var at []float64
		for len(left) > 0 {
			task, err := hub.WaitAny(ctx, left...)
			if err != nil {
				return err
			}
			left = slices.DeleteFunc(left, func(t *hub.Task) bool { return t == task })
			at = append(at, hub.Now(ctx).Sub(epoch).Seconds())
		}
		if !slices.Equal(at, []float64{1, 2, 3}) {
			t.Error(at)
		}
		return nil
	})
	if err != nil {
		t.Error(err)
	}
}

// TestCurrent asks in tasks that take turns.
func TestCurrent(t *testing.T) {
	err := runVirtual(t, func(ctx context.Context) error {
		var tasks []*hub.Task
		for i := range 3 {
			tasks = append(tasks, hub.Go(ctx, func(ctx context.Context) error {
				for range 3 {
					if hub.Current(ctx) != tasks[i] {
						t.Errorf("task %d is %v", i, hub.Current(ctx).Name())
					}
					_ = hub.Yield(ctx)
				}
				return nil
			}))
		}
		return hub.JoinAll(ctx, tasks...)
	})
	if err != nil {
		t.Error(err)
	}
}

// TestStarterGoesOnFirst starts tasks, which do not run before the one that starts them waits.
func TestStarterGoesOnFirst(t *testing.T) {
	var history []string
	err := runVirtual(t, func(ctx context.Context) error {
		for i := range 5 {
			hub.Go(ctx, func(context.Context) error { history = append(history, fmt.Sprint("child ", i)); return nil })
		}
		history = append(history, "root")
		return nil
	})
	if s := strings.Join(history, ", "); err != nil || s != "root, child 0, child 1, child 2, child 3, child 4" {
		t.Errorf("%v, %s", err, s)
	}
}

// TestAwaitCondition is Temporal's Await and AwaitWithTimeout, which a condition variable does here.
func TestAwaitCondition(t *testing.T) {
	err := runVirtual(t, func(ctx context.Context) error {
		var m sync2.Mutex
		c, flag := sync2.NewCond(&m), false
		hub.AfterFunc(ctx, time.Minute, func(ctx context.Context) error {
			_ = m.Lock(ctx)
			defer m.Unlock()
			flag = true
			c.NotifyAll()
			return nil
		})
		await := func(limit time.Duration) error {
			ctx, cancel := hub.WithTimeout(ctx, limit)
			defer cancel()
			if err := m.Lock(ctx); err != nil {
				return err
			}
			defer m.Unlock()
			return c.WaitFor(ctx, func() bool { return flag })
		}
		if err := await(time.Second); !errors.Is(err, context.DeadlineExceeded) {
			t.Error(err)
		}
		return await(time.Hour)
	})
	if err != nil {
		t.Error(err)
	}
}

// TestDaemonFails does not let a failure be overlooked because nobody waits for the task.
func TestDaemonFails(t *testing.T) {
	err := runVirtual(t, func(ctx context.Context) error {
		hub.Go(ctx, func(ctx context.Context) error { _ = hub.Sleep(ctx, time.Hour); return io.EOF }, hub.Daemon(), hub.Name("D"))
		return hub.Sleep(ctx, time.Minute)
	}, quiet())
	if err == nil || err.Error() != `task "D": EOF` {
		t.Errorf("Run returned %v", err)
	}
}

type panicHandler struct{ slog.Handler }

func (panicHandler) Handle(context.Context, slog.Record) error { panic("the log is full") }

// TestLoggerPanics has what reports failures fail itself: the hub goes on, and neither failure is lost.
func TestLoggerPanics(t *testing.T) {
	n := 0
	err := runVirtual(t, func(ctx context.Context) error {
		hub.Go(ctx, func(context.Context) error { return io.EOF })
		hub.Go(ctx, func(ctx context.Context) error { err := hub.Sleep(ctx, time.Second); n++; return err })
		return nil
	}, hub.WithLogger(slog.New(panicHandler{slog.NewTextHandler(io.Discard, nil)})))
	var p *hub.PanicError
	if n != 1 || !errors.Is(err, io.EOF) || !errors.As(err, &p) || p.Value != "the log is full" {
		t.Errorf("%d, %v", n, err)
	}
}

// TestTimersWhileRunning sets timers from tasks that timers started, as sched's test of a scheduler that runs does.
func TestTimersWhileRunning(t *testing.T) {
	var got []string
	err := runVirtual(t, func(ctx context.Context) error {
		note := func(ctx context.Context, what string) {
			got = append(got, fmt.Sprintf("%s@%v", what, hub.Now(ctx).Sub(epoch).Seconds()))
		}
		hub.AfterFunc(ctx, time.Second, func(ctx context.Context) error {
			note(ctx, "1")
			for _, x := range []int{4, 5, 2} {
				hub.AfterFunc(ctx, time.Duration(x-1)*time.Second, func(ctx context.Context) error { note(ctx, fmt.Sprint(x)); return nil })
			}
			return nil
		})
		hub.AfterFunc(ctx, 3*time.Second, func(ctx context.Context) error { note(ctx, "3"); return nil })
		return hub.Sleep(ctx, 1000*time.Second)
	})
	if s := strings.Join(got, " "); err != nil || s != "1@1 2@2 3@3 4@4 5@5" {
		t.Errorf("%v, %s", err, s)
	}
}
