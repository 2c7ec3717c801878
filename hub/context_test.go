package hub_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/seed6bcf1587/coop/event"
	"github.com/seed6bcf1587/coop/hub"
)

func TestTimeoutOnHubClock(t *testing.T) {
	err := runVirtual(t, func(ctx context.Context) error {
		ctx, cancel := hub.WithTimeout(ctx, time.Minute)
		defer cancel()
		if d, ok := ctx.Deadline(); !ok || d != epoch.Add(time.Minute) {
			t.Errorf("Deadline() = %v, %v", d, ok)
		}
		if err := hub.Sleep(ctx, time.Second); err != nil {
			t.Error(err)
		}
		err := hub.Sleep(ctx, time.Hour)
		if err != context.DeadlineExceeded || ctx.Err() != err || context.Cause(ctx) != err {
			t.Errorf("Sleep: %v, Err: %v, Cause: %v", err, ctx.Err(), context.Cause(ctx))
		}
		if now := hub.Now(ctx); now != epoch.Add(time.Minute) {
			t.Error(now)
		}
		return nil
	})
	if err != nil {
		t.Error(err)
	}
}

// TestNestedTimeouts tells apart which of two deadlines passed.
func TestNestedTimeouts(t *testing.T) {
	for _, c := range []struct{ outer, inner time.Duration }{{1, 2}, {2, 1}, {1, 1}} {
		err := runVirtual(t, func(ctx context.Context) error {
			outer, cancelOuter := hub.WithTimeout(ctx, c.outer*time.Second)
			defer cancelOuter()
			inner, cancelInner := hub.WithTimeout(outer, c.inner*time.Second)
			defer cancelInner()
			err := hub.Sleep(inner, time.Hour)
			if !errors.Is(err, context.DeadlineExceeded) {
				t.Error(err)
			}
			if passed := outer.Err() != nil; passed != (c.outer <= c.inner) {
				t.Errorf("outer %d, inner %d: outer ended: %v", c.outer, c.inner, passed)
			}
			if now := hub.Now(ctx).Sub(epoch); now != min(c.outer, c.inner)*time.Second {
				t.Error(now)
			}
			return nil
		})
		if err != nil {
			t.Error(err)
		}
	}
}

// TestCancelledTimeoutDoesNotMoveClock checks that a deadline that was cancelled is no timer any more.
func TestCancelledTimeoutDoesNotMoveClock(t *testing.T) {
	err := runVirtual(t, func(ctx context.Context) error {
		for range 1000 {
			c, cancel := hub.WithTimeout(ctx, time.Minute)
			_ = hub.Yield(c)
			cancel()
			if c.Err() != context.Canceled {
				t.Error(c.Err())
			}
		}
		if err := hub.Sleep(ctx, time.Hour); err != nil {
			t.Error(err)
		}
		if now := hub.Now(ctx).Sub(epoch); now != time.Hour {
			t.Error(now)
		}
		return nil
	})
	if err != nil {
		t.Error(err)
	}
}

// TestStandardContexts derives contexts with package context from a task's, and waits with them.
func TestStandardContexts(t *testing.T) {
	type key struct{}
	why := errors.New("why")
	err := runVirtual(t, func(ctx context.Context) error {
		var never event.Event
		withValue := context.WithValue(ctx, key{}, 7)

		// Ended from below, by another task.
		c, cancel := context.WithCancelCause(withValue)
		hub.Go(ctx, func(ctx context.Context) error {
			_ = hub.Sleep(ctx, time.Second)
			cancel(why)
			return nil
		})
		if err := never.Wait(c); !errors.Is(err, why) {
			t.Errorf("cancelled by another task: %v", err)
		}
		if now := hub.Now(ctx).Sub(epoch); now != time.Second {
			t.Errorf("at %v", now)
		}

		// Ended from above, by the hub's clock.
		short, cancelShort := hub.WithTimeout(withValue, time.Second)
		defer cancelShort()
		c, cancel = context.WithCancelCause(context.WithValue(short, key{}, 8))
		defer cancel(nil)
		stopped := make(chan struct{})
		context.AfterFunc(c, func() { close(stopped) })
		if err := never.Wait(c); err != context.DeadlineExceeded || c.Err() != err || context.Cause(c) != err {
			t.Errorf("above: %v, Err: %v, Cause: %v", err, c.Err(), context.Cause(c))
		}
		<-stopped      //blocklint:ignore chan a callback on a goroutine of its own closes it, at once
		<-short.Done() //blocklint:ignore chan it is closed
		if ctx.Err() != nil {
			t.Error("the end spread upwards")
		}

		// Into a task, with its values.
		c, cancel = context.WithCancelCause(withValue)
		child := hub.Go(c, func(ctx context.Context) error {
			if ctx.Value(key{}) != 7 {
				t.Errorf("value %v", ctx.Value(key{}))
			}
			return never.Wait(ctx)
		})
		_ = hub.Yield(ctx)
		cancel(why)
		if err := child.Join(ctx); !errors.Is(err, why) {
			t.Errorf("a task within a cancelled context: %v", err)
		}

		// Out of reach of the task's end.
		shielded := context.WithoutCancel(ctx)
		hub.Current(ctx).Cancel(io.EOF)
		if err := hub.Sleep(ctx, 1); !errors.Is(err, io.EOF) || context.Cause(ctx) != io.EOF {
			t.Errorf("after Cancel: %v, Cause: %v", err, context.Cause(ctx))
		}
		if err := hub.Sleep(shielded, time.Second); err != nil {
			t.Errorf("with WithoutCancel: %v", err)
		}
		return nil
	})
	if err != nil {
		t.Error(err)
	}
}

// TestSpawnerCancelled checks that cancellation comes with the context, and the end of a task does not.
func TestSpawnerCancelled(t *testing.T) {
	var log []string
	err := runVirtual(t, func(ctx context.Context) error {
		parent := func(ctx context.Context) error {
			hub.Go(ctx, func(ctx context.Context) error {
				hub.Go(ctx, func(ctx context.Context) error {
					err := hub.Sleep(ctx, time.Second)
					log = append(log, fmt.Sprint(err))
					return nil
				})
				return nil // ends long before its child
			})
			return hub.Sleep(ctx, time.Millisecond)
		}
		_ = hub.Go(ctx, parent).Join(ctx)
		_ = hub.Sleep(ctx, time.Minute)
		cancelled := hub.Go(ctx, parent)
		_ = hub.Yield(ctx)
		_ = hub.Yield(ctx)
		_ = hub.Yield(ctx)
		cancelled.Cancel(io.EOF)
		return nil
	})
	if s := fmt.Sprint(log); err != nil || s != "[<nil> EOF]" {
		t.Errorf("got %s, %v", s, err)
	}
}

// TestTaskContextOnGoroutine waits with a task's context on a goroutine that the task started: the goroutine waits.
func TestTaskContextOnGoroutine(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		err := hub.Run(t.Context(), func(ctx context.Context) error {
			var a, b event.Event
			go func() {
				if err := a.Wait(ctx); err != nil {
					t.Error(err)
				}
				_ = hub.Sleep(ctx, time.Second)
				b.Set()
				if err := new(event.Event).Wait(ctx); !errors.Is(err, io.EOF) {
					t.Errorf("got %v", err)
				}
			}()
			_ = hub.Sleep(ctx, time.Second)
			a.Set()
			if err := b.Wait(ctx); err != nil {
				t.Error(err)
			}
			hub.Current(ctx).Cancel(io.EOF)
			return nil
		})
		if err != nil {
			t.Error(err)
		}
	})
}

// TestHubOnGoroutineOfTask runs a hub with the context of another one's task, on a goroutine that the task started: it ends with that context, but times on
// the other clock mean nothing to it.
func TestHubOnGoroutineOfTask(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		inner, begun := make(chan error), make(chan struct{})
		err := hub.Run(t.Context(), func(ctx context.Context) error {
			ctx, cancel := hub.WithTimeout(ctx, time.Hour)
			defer cancel()
			go func() {
				inner <- hub.Run(ctx, func(ctx context.Context) error {
					if at, ok := ctx.Deadline(); ok {
						t.Errorf("deadline %v", at)
					}
					close(begun)
					return new(event.Event).Wait(ctx)
				})
			}()
			<-begun //blocklint:ignore chan time stands still meanwhile
			return hub.Sleep(ctx, 2*time.Hour)
		}, hub.WithVirtualClock(epoch))
		if !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("outer: %v", err)
		}
		if err := <-inner; !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("inner: %v", err)
		}
	})
}

// TestForeignContextEndsWhileTaskPolls cancels contexts that the hub does not own, and polls for what comes of it: no task waits for ever because
// another one can always run.
func TestForeignContextEndsWhileTaskPolls(t *testing.T) {
	for name, opts := range map[string][]hub.Option{"real": {}, "virtual": {hub.WithVirtualClock(epoch)}, "seed": {hub.WithVirtualClock(epoch), hub.WithSeed(1)}} {
		err := hub.Run(t.Context(), func(ctx context.Context) error {
			other, end := context.WithCancel(context.Background())
			std, cancel := context.WithCancel(ctx)
			ended := 0
			note := func(context.Context) error { ended++; return nil }
			hub.AfterDone(ctx, other, note)
			hub.Go(std, func(ctx context.Context) error { _ = new(event.Event).Wait(ctx); return note(ctx) })
			hub.Go(ctx, func(ctx context.Context) error {
				std, cancel := context.WithCancel(ctx)
				hub.Go(ctx, func(context.Context) error { cancel(); return nil })
				_ = new(event.Event).Wait(std)
				return note(ctx)
			})
			for range 100 {
				_ = hub.Yield(ctx)
			}
			cancel()
			end()
			for began := time.Now(); ended < 3 && time.Since(began) < 10*time.Second; {
				_ = hub.Yield(ctx)
			}
			if ended < 3 {
				t.Errorf("%s: of 3 contexts that ended, the ends of %d were seen", name, ended)
			}
			return nil
		}, opts...)
		if err != nil {
			t.Error(err)
		}
	}
}

// TestContextEndsWithTask checks that goroutines which a task started are told when it has ended.
func TestContextEndsWithTask(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var ended error
		err := hub.Run(t.Context(), func(ctx context.Context) error {
			return hub.Go(ctx, func(ctx context.Context) error {
				go func() {
					<-ctx.Done()
					ended = context.Cause(ctx)
				}()
				return nil
			}).Join(ctx)
		})
		synctest.Wait()
		if err != nil || ended == nil || !strings.Contains(ended.Error(), "has ended") {
			t.Errorf("%v; cause %v", err, ended)
		}
	})
}

// TestDeadlines checks what Deadline says, through contexts of both kinds.
func TestDeadlines(t *testing.T) {
	err := runVirtual(t, func(ctx context.Context) error {
		c, cancel := hub.WithTimeout(ctx, time.Minute)
		defer cancel()
		std, cancelStd := context.WithCancel(c)
		defer cancelStd()
		inner, cancelInner := hub.WithTimeout(std, time.Hour)
		defer cancelInner()
		if d, ok := inner.Deadline(); !ok || d != epoch.Add(time.Minute) {
			t.Errorf("within: %v, %v", d, ok)
		}
		return hub.Go(std, func(ctx context.Context) error {
			if d, ok := ctx.Deadline(); !ok || d != epoch.Add(time.Minute) {
				t.Errorf("in a task: %v, %v", d, ok)
			}
			_, err := hub.Offload(ctx, func(ctx context.Context) (int, error) {
				if d, ok := ctx.Deadline(); ok {
					t.Errorf("offloaded, in real time: %v", d)
				}
				real, cancel := context.WithTimeout(ctx, time.Millisecond)
				defer cancel()
				<-real.Done()
				return 0, nil
			})
			return err
		}).Join(ctx)
	})
	if err != nil {
		t.Error(err)
	}
}
