package hubdebug_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"expvar"
	"runtime/pprof"
	"runtime/trace"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/seed6bcf1587/coop/hub"
	"github.com/seed6bcf1587/coop/hub/hubdebug"
)

var _ expvar.Var = (*hubdebug.Metrics)(nil)

// TestMetrics counts what a small program does, in a bubble, whose time is exact.
func TestMetrics(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := new(hubdebug.Metrics)
		err := hub.Run(t.Context(), func(ctx context.Context) error {
			_ = hub.Go(ctx, func(context.Context) error { return errors.New("no") }).Join(ctx)
			if _, err := hub.Offload(ctx, func(context.Context) (int, error) { time.Sleep(time.Minute); return 0, nil }); err != nil {
				return err
			}
			time.Sleep(3 * time.Second) //blocklint:ignore sleep it is to stall the hub
			return hub.Sleep(ctx, time.Hour)
		}, hub.WithObserver(m), hub.WithStallThreshold(time.Second), hub.OnStall(func(hub.Stall) {}))
		if err != nil {
			t.Fatal(err)
		}
		want := hubdebug.Snapshot{
			Spawned: 2, Ended: 2, Failed: 1,
			Turns: 5, Ran: 3 * time.Second, Longest: 3 * time.Second,
			Waits: 3, Waited: time.Minute + time.Hour, Timers: 1,
			Offloads: 1, Offloaded: time.Minute, Stalls: 1,
		}
		s := m.Snapshot()
		if first, last := s.Runs[0], s.Runs[len(s.Runs)-1]; first.Count != 4 || last.Count != 1 || last.Below < 3*time.Second || last.Below > 6*time.Second {
			t.Errorf("histogram %v", s.Runs)
		}
		if s.Quantile(0.5) != s.Runs[0].Below || s.Quantile(0.99) != 3*time.Second || s.Mean() != 3*time.Second/5 {
			t.Errorf("quantiles %v, %v, mean %v", s.Quantile(0.5), s.Quantile(0.99), s.Mean())
		}
		var again hubdebug.Snapshot
		if err := json.Unmarshal([]byte(m.String()), &again); err != nil || !slices.Equal(again.Runs, s.Runs) {
			t.Errorf("%v\n%s", err, m)
		}
		s.Runs, again.Runs = nil, nil
		if got, wanted := mustJSON(t, s), mustJSON(t, want); got != wanted || mustJSON(t, again) != wanted {
			t.Errorf("got %s\nwant %s", got, wanted)
		}
	})
}

func mustJSON(t *testing.T, v any) string {
	t.Helper()
	b, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// TestHistogram puts durations at and around each bound of a bucket.
func TestHistogram(t *testing.T) {
	m := new(hubdebug.Metrics)
	all := []time.Duration{-1, 0, 1, 124, 125, 249, 250, 1 << 20, time.Second, 1000 * time.Hour}
	for _, d := range all {
		m.Turn(nil, d)
	}
	n, below := uint64(0), time.Duration(0)
	for i, b := range m.Snapshot().Runs {
		inside := uint64(0)
		for _, d := range all {
			if max(d, 0) >= below && (max(d, 0) < b.Below || b.Below == 0) {
				inside++
			}
		}
		if b.Count != inside || i > 0 && b.Below != 0 && b.Below != 2*below {
			t.Errorf("bucket from %v below %v: %d, not %d", below, b.Below, b.Count, inside)
		}
		n, below = n+b.Count, b.Below
	}
	if s := m.Snapshot(); n != uint64(len(all)) || s.Turns != n || s.Longest != 1000*time.Hour {
		t.Errorf("%+v", s)
	}
	empty := new(hubdebug.Metrics).Snapshot()
	if empty.Runs != nil || empty.Quantile(0.5) != 0 || empty.Mean() != 0 {
		t.Errorf("%+v", empty)
	}
}

func TestLabels(t *testing.T) {
	labels := func() string {
		var b bytes.Buffer
		if err := pprof.Lookup("goroutine").WriteTo(&b, 1); err != nil {
			t.Error(err)
		}
		return b.String()
	}
	err := hub.Run(t.Context(), func(ctx context.Context) error {
		baker := hub.Go(ctx, func(ctx context.Context) error {
			if !strings.Contains(labels(), `"task":"baker"`) {
				t.Error("no label in a task")
			}
			for range 2 {
				n, err := hub.Offload(ctx, func(context.Context) (int, error) { return strings.Count(labels(), `"task":"baker"`), nil })
				if n != 2 || err != nil {
					t.Errorf("%d goroutines with the label, %v", n, err)
				}
			}
			return nil
		}, hub.Name("baker"))
		if err := baker.Join(ctx); err != nil {
			return err
		}
		if strings.Contains(labels(), `"baker"`) {
			t.Error("the label outlives the task")
		}
		return nil
	}, hubdebug.Labels())
	if err != nil {
		t.Error(err)
	}
}

func TestTrace(t *testing.T) {
	if trace.IsEnabled() {
		t.Skip("a trace is being taken already")
	}
	var b bytes.Buffer
	err := hub.Run(t.Context(), func(ctx context.Context) error {
		before := hub.Go(ctx, func(ctx context.Context) error { return hub.Sleep(ctx, time.Second) }, hub.Name("began before"))
		if err := hub.Yield(ctx); err != nil {
			return err
		}
		if err := trace.Start(&b); err != nil {
			return err
		}
		_ = hub.Go(ctx, func(ctx context.Context) error { return hub.Sleep(ctx, time.Second) }, hub.Name("began after")).Join(ctx)
		trace.Stop()
		return before.Join(ctx)
	}, hubdebug.Trace(), hub.WithVirtualClock(time.Unix(0, 0)))
	if err != nil {
		t.Fatal(err)
	}
	if text := b.String(); !strings.Contains(text, "began after") || !strings.Contains(text, "hub.Sleep") || strings.Contains(text, "began before") {
		t.Errorf("a trace of %d bytes lacks the task or its wait, or has one that began before", len(text))
	}
}

// BenchmarkYieldCounted is one hub.Yield of two tasks whose hub has metrics, beside one without.
func BenchmarkYieldCounted(b *testing.B) {
	for name, opts := range map[string][]hub.Option{"off": nil, "on": {hub.WithObserver(new(hubdebug.Metrics))}} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			err := hub.Run(b.Context(), func(ctx context.Context) error {
				for range 2 {
					hub.Go(ctx, func(ctx context.Context) error {
						for range b.N/2 + 1 {
							if err := hub.Yield(ctx); err != nil {
								return err
							}
						}
						return nil
					})
				}
				return nil
			}, opts...)
			if err != nil {
				b.Fatal(err)
			}
		})
	}
}
