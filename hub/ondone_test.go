package hub_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/seed6bcf1587/coop/event"
	"github.com/seed6bcf1587/coop/hub"
)

func TestOnDone(t *testing.T) {
	var got []string
	var log bytes.Buffer
	note := func(what string) func(*hub.Task) {
		return func(task *hub.Task) { got = append(got, fmt.Sprint(what, " ", task.Name(), " ", task.Err())) }
	}
	h := hub.New(hub.WithVirtualClock(epoch), hub.WithLogger(slog.New(slog.NewTextHandler(&log, nil))))
	err := h.Run(t.Context(), func(ctx context.Context) error {
		task := hub.Go(ctx, func(ctx context.Context) error { got = append(got, "runs"); return io.EOF }, hub.Name("T"))
		hub.Go(ctx, func(context.Context) error { got = append(got, "next task"); return nil })
		task.OnDone(note("first"))
		var unlinkLater func()
		task.OnDone(func(task *hub.Task) {
			unlinkLater()
			task.OnDone(note("added by a callback"))
			if len(h.Tasks()) != 2 {
				t.Error("the task is still there, or others are not")
			}
			h.Go(func(context.Context) error { got = append(got, "started by a callback"); return nil })
		})
		task.OnDone(func(*hub.Task) { panic("oops") })
		unlinkLater = task.OnDone(note("unlinked"))
		unlink := task.OnDone(note("unlinked before"))
		unlink()
		unlink()
		task.OnDone(note("last"))
		if err := task.Join(ctx); err != io.EOF {
			t.Error(err)
		}
		task.OnDone(note("late"))

		never := hub.Go(ctx, func(context.Context) error { got = append(got, "ran"); return nil }, hub.Name("never"))
		never.OnDone(note("cancelled"))
		never.Cancel(io.ErrClosedPipe)
		return nil
	})
	want := []string{"runs", "first T EOF", "last T EOF", "added by a callback T EOF", "next task", "late T EOF",
		"started by a callback", "cancelled never " + io.ErrClosedPipe.Error()}
	if g, w := strings.Join(got, "\n"), strings.Join(want, "\n"); g != w {
		t.Errorf("got\n%s\nwant\n%s", g, w)
	}
	var p *hub.PanicError
	if !errors.As(err, &p) || p.Value != "oops" || !strings.Contains(err.Error(), `a callback of task "T"`) || strings.Contains(err.Error(), "EOF") {
		t.Errorf("Run returned %v", err)
	}
	if !strings.Contains(log.String(), "a callback panicked") {
		t.Errorf("log: %s", &log)
	}
}

// TestOnDoneGoexit has callbacks that take the goroutine along on which they run.
func TestOnDoneGoexit(t *testing.T) {
	n := 0
	err := runVirtual(t, func(ctx context.Context) error {
		for range 10 {
			task := hub.Go(ctx, hub.Yield)
			task.OnDone(func(*hub.Task) { n++; runtime.Goexit() })
			task.OnDone(func(*hub.Task) { n++ })
		}
		return hub.Sleep(ctx, time.Second)
	})
	if err != nil || n != 20 {
		t.Errorf("%v, %d callbacks", err, n)
	}
}

// TestOnDoneMustNotWait waits in a callback, with the only contexts there are.
func TestOnDoneMustNotWait(t *testing.T) {
	err := runVirtual(t, func(ctx context.Context) error {
		var inner context.Context
		task := hub.Go(ctx, func(ctx context.Context) error { inner = ctx; return nil })
		task.OnDone(func(*hub.Task) { _ = new(event.Event).Wait(context.WithoutCancel(inner)) }) //blocklint:ignore ctx the mistake that is tested
		return task.Join(ctx)
	}, quiet())
	if err == nil || !strings.Contains(err.Error(), "which has ended, and another task waits with it") {
		t.Error(err)
	}
}

// TestOnDoneFromOutside adds callbacks while tasks end.
func TestOnDoneFromOutside(t *testing.T) {
	h := hub.New()
	var quit event.Event
	var called atomic.Int32
	done := make(chan error)
	go func() { done <- h.Run(t.Context(), quit.Wait) }()
	const tasks, callers = 300, 4
	for range tasks {
		task := h.Go(hub.Yield)
		var wg sync.WaitGroup
		for range callers {
			wg.Go(func() {
				var mine atomic.Int32
				task.OnDone(func(task *hub.Task) {
					if mine.Add(1) > 1 || task.Err() != nil {
						t.Error("called twice, or failed")
					}
					called.Add(1)
				})
				_ = task.Join(t.Context())
			})
		}
		wg.Wait()
	}
	quit.Set()
	if err := <-done; err != nil || called.Load() != tasks*callers {
		t.Errorf("%v; %d callbacks", err, called.Load())
	}
	late := h.Go(hub.Yield)
	n := 0
	late.OnDone(func(*hub.Task) { n++ })
	if n != 1 {
		t.Error("no callback for a task that came after the end of the hub")
	}
}
