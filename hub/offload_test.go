package hub_test

import (
	"context"
	"errors"
	"io"
	"runtime"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/seed6bcf1587/coop/hub"
)

func TestOffload(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		err := runVirtual(t, func(ctx context.Context) error {
			ticks := 0
			hub.Go(ctx, func(ctx context.Context) error {
				for hub.Sleep(ctx, time.Second) == nil {
					ticks++
				}
				return nil
			}, hub.Daemon())
			n, err := hub.Offload(ctx, func(ctx context.Context) (int, error) {
				time.Sleep(time.Minute) // real time, here that of the bubble
				if hub.Current(ctx) != nil {
					t.Error("an offloaded function carries a task")
				}
				return 7, hub.Sleep(ctx, time.Minute)
			})
			if n != 7 || err != nil || ticks != 0 || hub.Now(ctx) != epoch {
				t.Errorf("got %d, %v; %d ticks, clock %v", n, err, ticks, hub.Now(ctx))
			}
			_, err = hub.Offload(ctx, func(context.Context) (int, error) { runtime.Goexit(); return 0, nil })
			if err == nil || !strings.Contains(err.Error(), "Goexit") {
				t.Error(err)
			}
			p, ok := panicOf(func() {
				_, _ = hub.Offload(ctx, func(context.Context) (int, error) { panic(io.EOF) })
			}).(*hub.PanicError)
			if !ok || !errors.Is(p, io.EOF) || !strings.Contains(string(p.Stack), "TestOffload") {
				t.Errorf("panic %v", p)
			}
			return nil
		})
		if err != nil {
			t.Error(err)
		}
	})
}

// TestOffloadCancelled checks that the task goes on at once, and that Run waits for the function.
func TestOffloadCancelled(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		start, ended := time.Now(), false
		err := hub.Run(t.Context(), func(ctx context.Context) error {
			ctx, cancel := hub.WithTimeout(ctx, time.Second)
			defer cancel()
			_, err := hub.Offload(ctx, func(ctx context.Context) (int, error) {
				<-ctx.Done()
				time.Sleep(time.Hour)
				ended = true
				return 0, nil
			})
			if !errors.Is(err, context.DeadlineExceeded) || time.Since(start) != time.Second {
				t.Errorf("%v after %v", err, time.Since(start))
			}
			return nil
		})
		if err != nil || !ended {
			t.Errorf("%v, ended: %v", err, ended)
		}
	})
}

// TestOffloadEndsLate lets the context end first, and the function return before the task has been able to see that: the result is dropped.
func TestOffloadEndsLate(t *testing.T) {
	why := errors.New("why")
	for name, end := range map[string]func(task *hub.Task, run context.CancelCauseFunc){
		"Task.Cancel": func(task *hub.Task, _ context.CancelCauseFunc) { task.Cancel(why) },
		"Run's ctx":   func(_ *hub.Task, run context.CancelCauseFunc) { run(why) },
	} {
		synctest.Test(t, func(t *testing.T) {
			run, cancel := context.WithCancelCause(t.Context())
			defer cancel(nil)
			err := hub.Run(run, func(ctx context.Context) error {
				for _, derive := range []func(context.Context) (context.Context, context.CancelFunc){
					context.WithCancel,
					func(ctx context.Context) (context.Context, context.CancelFunc) {
						return hub.WithTimeout(ctx, time.Hour)
					},
				} {
					task := hub.Go(ctx, func(ctx context.Context) error {
						ctx, cancel := derive(ctx)
						defer cancel()
						n, err := hub.Offload(ctx, func(ctx context.Context) (int, error) { <-ctx.Done(); return 7, nil })
						if n != 0 || !errors.Is(err, why) || !errors.Is(err, context.Canceled) {
							t.Errorf("%s: %d, %v", name, n, err)
						}
						return nil
					})
					if err := hub.Yield(ctx); err != nil {
						return err
					}
					synctest.Wait() //blocklint:ignore wait the function begins
					end(task, cancel)
					synctest.Wait() //blocklint:ignore wait the function returns while this task keeps the hub
				}
				return nil
			})
			if name == "Run's ctx" && !errors.Is(err, why) || name != "Run's ctx" && err != nil {
				t.Errorf("%s: %v", name, err)
			}
		})
	}
}

// TestOffloadPanicsLate is TestOffloadEndsLate for a function that panics.
func TestOffloadPanicsLate(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		err := hub.Run(t.Context(), func(ctx context.Context) error {
			task := hub.Go(ctx, func(ctx context.Context) error {
				_, err := hub.Offload(ctx, func(ctx context.Context) (int, error) { <-ctx.Done(); panic(io.EOF) })
				return err
			})
			if err := hub.Yield(ctx); err != nil {
				return err
			}
			synctest.Wait() //blocklint:ignore wait the function begins
			task.Cancel(nil)
			synctest.Wait() //blocklint:ignore wait the function panics while this task keeps the hub
			if err := task.Join(ctx); err != context.Canceled {
				t.Error(err)
			}
			return nil
		})
		if !errors.Is(err, io.EOF) {
			t.Errorf("the panic is lost: %v", err)
		}
	})
}

// TestOffloadGivenUp gives up an offloaded function on a virtual clock, at many moments: time goes on when it has ended, and that
// is no deadlock.
func TestOffloadGivenUp(t *testing.T) {
	for i := range 500 {
		err := hub.Run(t.Context(), func(ctx context.Context) error {
			task := hub.Go(ctx, func(ctx context.Context) error {
				_, err := hub.Offload(ctx, func(ctx context.Context) (int, error) {
					for k := range i % 50 * 20 {
						_ = ctx.Value(k)
					}
					return 0, nil
				})
				return err
			})
			_ = hub.Yield(ctx)
			task.Cancel(nil)
			return hub.Sleep(ctx, time.Second)
		}, hub.WithVirtualClock(epoch))
		if err != nil {
			t.Fatalf("run %d: %v", i, err)
		}
	}
}

// TestOffloadForeignContext ends a context that the hub does not own while nothing else can run, on a virtual clock.
func TestOffloadForeignContext(t *testing.T) {
	release := make(chan struct{})
	err := runVirtual(t, func(ctx context.Context) error {
		defer close(release)
		c, cancel := context.WithCancel(ctx)
		_, err := hub.Offload(c, func(context.Context) (int, error) {
			cancel()
			<-release
			return 0, nil
		})
		if !errors.Is(err, context.Canceled) {
			t.Error(err)
		}
		return nil
	})
	if err != nil {
		t.Error(err)
	}
}

func TestOffloadPanicIsNotLost(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		err := hub.Run(t.Context(), func(ctx context.Context) error {
			c, cancel := hub.WithTimeout(ctx, time.Second)
			defer cancel()
			_, _ = hub.Offload(c, func(ctx context.Context) (int, error) {
				<-ctx.Done()
				panic(io.ErrNoProgress)
			})
			return nil
		})
		if !errors.Is(err, io.ErrNoProgress) {
			t.Errorf("Run returned %v", err)
		}
	})
}
