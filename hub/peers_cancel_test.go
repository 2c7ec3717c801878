package hub_test

import (
	"context"
	"errors"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/seed6bcf1587/coop/event"
	"github.com/seed6bcf1587/coop/hub"
)

// This file is what trio's test_cancel and the tests of cancel scopes in its test_run assert, as far as it applies, and Temporal's TestPanic.

// TestReasonStays has a context end in several ways: the first is the reason, for each wait, for good.
func TestReasonStays(t *testing.T) {
	err := runVirtual(t, func(ctx context.Context) error {
		short, cancel := hub.WithTimeout(ctx, time.Second)
		cancel()
		_ = hub.Sleep(ctx, 2*time.Second) // past the deadline
		if err := hub.Yield(short); !errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("cancelled, then late: %v", err)
		}
		short, cancel = hub.WithTimeout(ctx, time.Second)
		_ = hub.Sleep(ctx, 2*time.Second)
		cancel()
		for range 2 {
			if err := new(event.Event).Wait(short); !errors.Is(err, context.DeadlineExceeded) || errors.Is(err, context.Canceled) {
				t.Errorf("late, then cancelled: %v", err)
			}
		}
		task := hub.Go(ctx, func(ctx context.Context) error {
			short, cancel := hub.WithTimeout(ctx, time.Second)
			defer cancel()
			for _, want := range []error{io.EOF, io.EOF} {
				if err := new(event.Event).Wait(short); !errors.Is(err, want) || !errors.Is(err, context.Canceled) {
					t.Errorf("cancelled by another task: %v", err)
				}
				_ = hub.Sleep(context.WithoutCancel(ctx), time.Minute) // past the deadline
			}
			return nil
		})
		_ = hub.Yield(ctx)
		task.Cancel(io.EOF)
		task.Cancel(io.ErrUnexpectedEOF)
		return task.Join(ctx)
	})
	if err != nil {
		t.Error(err)
	}
}

// TestInnerAndOuter ends contexts one within the other in each order, and leaves the inner one: its end is told nobody outside.
func TestInnerAndOuter(t *testing.T) {
	err := runVirtual(t, func(ctx context.Context) error {
		for _, first := range []int{0, 1, 2} {
			c1, cancel1 := hub.WithTimeout(ctx, time.Hour)
			c2, cancel2 := hub.WithTimeout(c1, time.Hour)
			c3, cancel3 := hub.WithTimeout(c2, time.Hour)
			cancels := []func(){cancel1, cancel2, cancel3}
			cancels[first]()
			for i, c := range []context.Context{c1, c2, c3} {
				if err := hub.Yield(c); (err != nil) != (i >= first) {
					t.Errorf("number %d was cancelled, number %d says %v", first, i, err)
				}
			}
			cancel3()
			cancel1()
			if err := hub.Yield(ctx); err != nil {
				t.Error(err)
			}
		}
		return nil
	})
	if err != nil {
		t.Error(err)
	}
}

// TestShield keeps tasks of a group from the end of what the group lies within, but not from the group's own, nor from what lies in the shield.
func TestShield(t *testing.T) {
	err := runVirtual(t, func(ctx context.Context) error {
		outer, cancel := hub.WithTimeout(ctx, time.Hour)
		defer cancel()
		g := hub.NewGroup(context.WithoutCancel(outer))
		log := ""
		g.Go(func(ctx context.Context) error {
			log += "sleeps "
			err := hub.Sleep(ctx, time.Second)
			if err == nil {
				log += "slept "
			}
			in, cancel := hub.WithTimeout(ctx, time.Second)
			defer cancel()
			if err := hub.Sleep(in, time.Minute); errors.Is(err, context.DeadlineExceeded) {
				log += "late "
			}
			err = new(event.Event).Wait(ctx)
			log += err.Error()
			return err
		})
		cancel()
		if err := g.Wait(outer); !errors.Is(err, context.Canceled) {
			t.Errorf("Wait of one who is cancelled: %v", err)
		}
		_ = hub.Sleep(ctx, time.Minute)
		if log != "sleeps slept late " {
			t.Error(log)
		}
		g.Go(func(context.Context) error { return io.EOF })
		if err := g.Wait(ctx); err != io.EOF || !strings.HasSuffix(log, "EOF") {
			t.Error(err, log)
		}
		return nil
	})
	if err != nil {
		t.Error(err)
	}
}

// TestFailureAmongCancellations has tasks of a group be cancelled by the group, by what is around it, and fail: the failure is what comes of it.
func TestFailureAmongCancellations(t *testing.T) {
	err := runVirtual(t, func(ctx context.Context) error {
		outer, cancel := hub.WithTimeout(ctx, time.Hour)
		defer cancel()
		g := hub.NewGroup(outer)
		for range 3 {
			g.Go(func(ctx context.Context) error { return new(event.Event).Wait(ctx) })
		}
		g.Go(func(ctx context.Context) error {
			_ = new(event.Event).Wait(ctx)
			return io.EOF // and not what told it to end
		})
		_ = hub.Yield(ctx)
		cancel()
		if err := g.Wait(ctx); err != io.EOF {
			t.Error(err)
		}
		return nil
	}, quiet())
	if err != nil {
		t.Error(err)
	}
}

// TestPanicAmongBlocked has one of many tasks panic, and the others wait in vain: Run tells of both.
func TestPanicAmongBlocked(t *testing.T) {
	went := false
	err := runVirtual(t, func(ctx context.Context) error {
		var never event.Event
		for i := range 10 {
			hub.Go(ctx, func(ctx context.Context) error {
				if i == 9 {
					panic("simulated")
				}
				err := never.Wait(ctx)
				went = err == nil
				return err
			})
		}
		return never.Wait(ctx)
	}, quiet())
	var p *hub.PanicError
	var dead *hub.DeadlockError
	if !errors.As(err, &p) || p.Value != "simulated" || !strings.Contains(string(p.Stack), "TestPanicAmongBlocked") {
		t.Errorf("no panic: %v", err)
	}
	if !errors.As(err, &dead) || len(dead.Tasks) != 10 || went {
		t.Errorf("no deadlock: %v", err)
	}
}

// TestTasksCount is trio's statistics: how many tasks there are and what they do, before and after they are cancelled.
func TestTasksCount(t *testing.T) {
	h := hub.New(hub.WithVirtualClock(epoch))
	err := h.Run(t.Context(), func(ctx context.Context) error {
		count := func() (s string) {
			for _, i := range h.Tasks() {
				s += i.State[:2] + " "
			}
			return s
		}
		child := hub.Go(ctx, new(event.Event).Wait)
		if s := count(); s != "ru re " {
			t.Error(s)
		}
		_ = hub.Yield(ctx)
		if s := count(); s != "ru wa " {
			t.Error(s)
		}
		child.Cancel(nil)
		if s := count(); s != "ru re " {
			t.Error(s)
		}
		_ = child.Join(ctx)
		if s := count(); s != "ru " {
			t.Error(s)
		}
		return nil
	})
	if err != nil {
		t.Error(err)
	}
}
