package hub_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/seed6bcf1587/coop/hub"
	"github.com/seed6bcf1587/coop/queue"
)

// logOf runs main on a virtual clock and returns its event log.
func logOf(t *testing.T, main func(ctx context.Context) error, opts ...hub.Option) string {
	t.Helper()
	var log bytes.Buffer
	_ = runVirtual(t, main, append(opts, hub.WithEventLog(&log), quiet())...)
	return log.String()
}

func TestEventLog(t *testing.T) {
	got := logOf(t, func(ctx context.Context) error {
		q := queue.NewFIFO[int](1)
		hub.Go(ctx, func(ctx context.Context) error { _, err := q.Get(ctx); return err }, hub.Name("consumer"))
		hub.AfterFunc(ctx, time.Minute, func(ctx context.Context) error { return q.Put(ctx, 1) }, hub.Name("late"))
		cancelled := hub.Go(ctx, hub.Yield, hub.Name("cancelled"))
		_ = hub.Yield(ctx)
		_ = q.Put(ctx, 1)
		_ = hub.Sleep(ctx, time.Second)
		_ = cancelled.Join(ctx)
		hub.Go(ctx, func(context.Context) error { return errors.New("two\nlines") }, hub.Name("fails")).Cancel(nil)
		hub.Go(ctx, func(context.Context) error { return errors.New("two\nlines") }, hub.Name("fails"))
		return hub.SleepUntil(ctx, epoch.Add(2*time.Minute))
	})
	want := `0s           task 1 "main" is started from outside
0s           task 2 "consumer" is started by task 1
0s           task 4 "cancelled" is started by task 1
0s           task 1 "main" yields
0s           task 2 "consumer" waits in queue.Queue.Get
0s           task 4 "cancelled" yields
0s           task 1 "main" waits in hub.Sleep
0s           task 4 "cancelled" ends
0s           task 2 "consumer" ends
1s           task 5 "fails" is started by task 1
1s           task 6 "fails" is started by task 1
1s           task 1 "main" waits in hub.SleepUntil
1s           task 5 "fails" ends, cancelled: context canceled
1s           task 6 "fails" fails: two ...
1m0s         task 3 "late" is started by task 1
1m0s         task 3 "late" ends
2m0s         task 1 "main" ends
`
	if got != want {
		t.Errorf("got\n%swant\n%s", got, want)
	}
	got = logOf(t, func(ctx context.Context) error {
		_, err := queue.NewFIFO[int](1).Get(ctx)
		return err
	})
	want = `0s           task 1 "main" is started from outside
0s           task 1 "main" waits in queue.Queue.Get
0s           task 1 "main" ends, cancelled: deadlock: no task can run and no timer is set ...
`
	if got != want {
		t.Errorf("got\n%swant\n%s", got, want)
	}
}

// busy is a program that does all kinds of things at random.
func busy(seed uint64) func(ctx context.Context) error {
	return func(ctx context.Context) error {
		rng := rand.New(rand.NewPCG(seed, 3))
		q := queue.NewFIFO[int](2)
		g := hub.NewGroup(ctx)
		g.SetLimit(3)
		tk := hub.NewTicker(ctx, 3*time.Second)
		var work func(depth int) func(ctx context.Context) error
		work = func(depth int) func(ctx context.Context) error {
			return func(ctx context.Context) error {
				for range 5 {
					ctx, cancel := hub.WithTimeout(ctx, time.Duration(rng.IntN(5))*time.Second)
					switch rng.IntN(8) {
					case 0:
						_ = q.Put(ctx, depth)
					case 1:
						_, _ = q.Get(ctx)
					case 2:
						_ = hub.Sleep(ctx, time.Duration(rng.IntN(3))*time.Second)
					case 3:
						hub.AfterFunc(ctx, time.Duration(rng.IntN(3))*time.Second, hub.Yield)
					case 4:
						if depth > 0 {
							_ = hub.Go(ctx, work(depth-1)).Join(ctx)
						}
					case 5:
						g.Go(hub.Yield)
					case 6:
						_, _ = tk.Wait(ctx)
					case 7:
						_ = hub.Yield(ctx)
					}
					cancel()
				}
				return nil
			}
		}
		for range 8 {
			hub.Go(ctx, work(2))
		}
		return hub.Sleep(ctx, time.Hour)
	}
}

// TestSameSeedSameSchedule compares event logs byte by byte.
func TestSameSeedSameSchedule(t *testing.T) {
	logs := map[string]bool{}
	for seed := range uint64(20) {
		first := logOf(t, busy(1), hub.WithSeed(seed))
		for range 3 {
			if again := logOf(t, busy(1), hub.WithSeed(seed)); again != first {
				t.Fatalf("seed %d: two schedules, of %d and %d bytes", seed, len(first), len(again))
			}
		}
		logs[first] = true
	}
	if len(logs) != 20 {
		t.Errorf("20 seeds, %d schedules", len(logs))
	}
	fifo := logOf(t, busy(1))
	if logs[fifo] || fifo != logOf(t, busy(1), hub.WithSchedule(func(int) int { return 0 })) {
		t.Error("the order without a seed is not that of choosing the first")
	}
	// On the real clock there are no times, and so no differences.
	synctest.Test(t, func(t *testing.T) {
		var logs [2]bytes.Buffer
		for i := range logs {
			if err := hub.Run(t.Context(), busy(1), hub.WithEventLog(&logs[i]), hub.WithSeed(1)); err != nil {
				t.Error(err)
			}
		}
		if !bytes.Equal(logs[0].Bytes(), logs[1].Bytes()) || logs[0].Len() == 0 || strings.Contains(logs[0].String(), "1s") {
			t.Error("on the real clock: two schedules, or none, or one with times")
		}
	})
}

func TestWithSchedule(t *testing.T) {
	var asked []int
	got := ""
	err := runVirtual(t, func(ctx context.Context) error {
		for _, name := range []string{"a", "b", "c", "d"} {
			hub.Go(ctx, func(context.Context) error { got += name; return nil })
		}
		return nil
	}, hub.WithSchedule(func(n int) int { asked = append(asked, n); return n - 1 }))
	if err != nil || got != "dabc" || !slices.Equal(asked, []int{4, 3, 2}) {
		t.Errorf("%v: %q, asked %v", err, got, asked)
	}
	for want, f := range map[string]func(){
		"hub.WithSchedule: nil function": func() { hub.WithSchedule(nil) },
		"hub.WithEventLog: nil writer":   func() { hub.WithEventLog(nil) },
	} {
		if got := panicOf(f); got != want {
			t.Errorf("panic %v", got)
		}
	}
}

type brokenWriter struct{ n int }

func (w *brokenWriter) Write(p []byte) (int, error) {
	if w.n++; w.n > 2 {
		return 0, io.ErrShortWrite
	}
	return len(p), nil
}

func TestEventLogFails(t *testing.T) {
	w := new(brokenWriter)
	err := runVirtual(t, busy(1), hub.WithEventLog(w))
	if !errors.Is(err, io.ErrShortWrite) || w.n != 3 {
		t.Errorf("%v after %d lines", err, w.n)
	}
}

// A panickyWriter takes some lines and then panics.
type panickyWriter struct{ lines int }

func (w *panickyWriter) Write(p []byte) (int, error) {
	if w.lines--; w.lines < 0 {
		panic("broken")
	}
	return len(p), nil
}

// TestEventLogPanics breaks the log at each of its lines: the tasks go on, and Run says why there is no more of it.
func TestEventLogPanics(t *testing.T) {
	for lines := 0; ; lines++ {
		steps := 0
		w := &panickyWriter{lines}
		err := hub.Run(t.Context(), func(ctx context.Context) error {
			other := hub.Go(ctx, func(ctx context.Context) error {
				steps++
				return hub.Sleep(ctx, time.Second)
			})
			steps++
			if err := hub.Yield(ctx); err != nil {
				return err
			}
			steps++
			return other.Join(ctx)
		}, hub.WithEventLog(w), hub.WithVirtualClock(time.Unix(0, 0)))
		if w.lines >= 0 {
			if lines < 5 {
				t.Errorf("the log has only %d lines: the test tests nothing", lines)
			}
			return // it has no more
		}
		var p *hub.PanicError
		if steps != 3 || !errors.As(err, &p) || p.Value != "broken" {
			t.Errorf("line %d: %d steps, %v", lines, steps, err)
		}
	}
}
