package sync2_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/seed6bcf1587/coop/internal/worlds"
	"github.com/seed6bcf1587/coop/sync2"
)

// arrive starts n parties, one after the other, that wait at b.
func arrive(w *worlds.World, b *sync2.Barrier, n int) *worlds.Log[string] {
	log := new(worlds.Log[string])
	for range n {
		w.Go(func(ctx context.Context) {
			i, err := b.Wait(ctx)
			log.Add(fmt.Sprint(i, " ", err))
		})
		w.Settle()
	}
	return log
}

func expect(t *testing.T, log *worlds.Log[string], want ...string) {
	t.Helper()
	got := log.Take()
	slices.Sort(got)
	if !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestBarrierCycles(t *testing.T) {
	worlds.Each(t, func(t *testing.T, w *worlds.World) {
		actions := 0
		var b *sync2.Barrier
		b = sync2.NewBarrier(3, func() error {
			if b.Waiting() != 0 { // they wait for the action, not for the others
				t.Errorf("%d wait while the action runs", b.Waiting())
			}
			actions++
			return nil
		})
		for cycle := range 3 {
			log := arrive(w, b, 2)
			expect(t, log)
			if b.Waiting() != 2 || b.Broken() || b.Parties() != 3 || actions != cycle {
				t.Errorf("%d wait, broken %v, %d actions", b.Waiting(), b.Broken(), actions)
			}
			i, err := b.Wait(w.Ctx)
			log.Add(fmt.Sprint(i, " ", err))
			w.Settle()
			expect(t, log, "0 <nil>", "1 <nil>", "2 <nil>")
		}
		if actions != 3 {
			t.Errorf("%d actions", actions)
		}
	})
}

func TestBarrierActionFails(t *testing.T) {
	worlds.Each(t, func(t *testing.T, w *worlds.World) {
		b := sync2.NewBarrier(3, func() error { return io.EOF })
		log := arrive(w, b, 3)
		w.Settle()
		expect(t, log, "0 EOF", "0 EOF", "2 EOF")
		if _, err := b.Wait(w.Ctx); err != sync2.ErrBroken || !b.Broken() {
			t.Errorf("after a failed action: %v, broken %v", err, b.Broken())
		}
	})
}

func TestBarrierBreaks(t *testing.T) {
	worlds.Each(t, func(t *testing.T, w *worlds.World) {
		b := sync2.NewBarrier(3, nil)
		broken := fmt.Sprint(0, " ", sync2.ErrBroken)

		// A party that gives up takes the others along.
		log := arrive(w, b, 1)
		short, cancel := w.Timeout(w.Ctx, time.Second)
		defer cancel()
		if _, err := b.Wait(short); !errors.Is(err, context.DeadlineExceeded) {
			t.Error(err)
		}
		w.Settle()
		expect(t, log, broken)
		if _, err := b.Wait(w.Ctx); err != sync2.ErrBroken {
			t.Errorf("Wait on a broken barrier: %v", err)
		}
		if _, err := b.Wait(short); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("with an ended context: %v", err)
		}

		b.Reset()
		log = arrive(w, b, 2)
		b.Abort()
		w.Settle()
		expect(t, log, broken, broken)
		expect(t, arrive(w, b, 1), broken)

		// Reset while some wait: they are out, and it works again.
		b.Reset()
		log = arrive(w, b, 2)
		b.Reset()
		w.Settle()
		expect(t, log, broken, broken)
		log = arrive(w, b, 3)
		w.Settle()
		expect(t, log, "0 <nil>", "1 <nil>", "2 <nil>")
	})
}

// TestBarrierBrokenWhileLeaving resets and aborts a barrier when a cycle is complete and its parties have not gone on yet: that is no longer their
// concern. It does so from the action, which runs at that moment, and from who came last.
func TestBarrierBrokenWhileLeaving(t *testing.T) {
	worlds.Each(t, func(t *testing.T, w *worlds.World) {
		for _, inAction := range []bool{true, false} {
			for _, abort := range []bool{true, false} {
				var b *sync2.Barrier
				act := func() {
					if abort {
						b.Abort()
					} else {
						b.Reset()
					}
				}
				b = sync2.NewBarrier(3, func() error {
					if inAction {
						act()
					}
					return nil
				})
				log := arrive(w, b, 2)
				i, err := b.Wait(w.Ctx)
				if !inAction {
					act()
				}
				log.Add(fmt.Sprint(i, " ", err))
				w.Settle()
				expect(t, log, "0 <nil>", "1 <nil>", "2 <nil>")
				if b.Broken() != abort || b.Waiting() != 0 {
					t.Errorf("broken %v after abort %v; %d wait", b.Broken(), abort, b.Waiting())
				}
			}
		}
	})
}

// TestBarrierResetRepairs breaks a barrier in each way, twice, and resets it.
func TestBarrierResetRepairs(t *testing.T) {
	worlds.Each(t, func(t *testing.T, w *worlds.World) {
		var action func() error
		b := sync2.NewBarrier(3, func() error { return action() })
		broken := fmt.Sprint(0, " ", sync2.ErrBroken)
		for range 2 {
			for _, c := range []struct {
				parties int
				breaks  func()
				want    string // what those who wait get
			}{
				{0, b.Abort, ""},
				{2, b.Abort, broken},
				{2, func() {
					action = func() error { return io.EOF }
					if _, err := b.Wait(w.Ctx); err != io.EOF {
						t.Error(err)
					}
				}, "0 EOF"},
				{2, func() {
					action = func() error { panic("oops") }
					panics(t, "oops", func() { _, _ = b.Wait(w.Ctx) })
				}, broken},
				{1, func() {
					short, cancel := w.Timeout(w.Ctx, time.Second)
					defer cancel()
					if _, err := b.Wait(short); !errors.Is(err, context.DeadlineExceeded) {
						t.Error(err)
					}
				}, broken},
			} {
				log := arrive(w, b, c.parties)
				c.breaks()
				w.Settle()
				expect(t, log, slices.Repeat([]string{c.want}, c.parties)...)
				if !b.Broken() || b.Waiting() != 0 {
					t.Errorf("broken %v, %d wait", b.Broken(), b.Waiting())
				}
				b.Reset()
				if b.Broken() || b.Waiting() != 0 {
					t.Errorf("after Reset: broken %v, %d wait", b.Broken(), b.Waiting())
				}
				action = func() error { return nil }
				log = arrive(w, b, 3)
				w.Settle()
				expect(t, log, "0 <nil>", "1 <nil>", "2 <nil>")
			}
		}
	})
}

// TestBarrierUnderFire lets impatient parties break a barrier all the time, and repair it. The witness is the count of those who got through: as
// many as come to the action, all with different indices.
func TestBarrierUnderFire(t *testing.T) {
	const parties = 4
	worlds.Hammer(t, 24, func(t *testing.T) (func(context.Context, *rand.Rand), func()) {
		var cycles atomic.Int64
		var through [parties]atomic.Int64
		b := sync2.NewBarrier(parties, func() error { cycles.Add(1); return nil })
		party := func(ctx context.Context, rng *rand.Rand) {
			for range worlds.Rounds(50) {
				if b.Broken() {
					b.Reset()
				}
				hasty, cancel := worlds.Hasty(ctx, rng)
				i, err := b.Wait(hasty)
				cancel()
				switch {
				case err == nil:
					through[i].Add(1)
				case err != sync2.ErrBroken && !errors.Is(err, context.DeadlineExceeded):
					t.Error(err)
				}
				worlds.Dawdle(ctx, rng)
			}
		}
		return party, func() {
			seeded := strings.Contains(t.Name(), "seeded")
			n := cycles.Load()
			for i := range through {
				// One whose time is up after the last has come, and before that one has run the action, leaves a complete cycle. On one hub
				// nothing comes in between.
				got := through[i].Load()
				if got > n || got < n && (i == parties-1 || seeded) {
					t.Errorf("%d cycles, and %d got through with index %d", n, got, i)
				}
			}
			if n == 0 && seeded || b.Waiting() != 0 { // in real time, all may be too late
				t.Errorf("%d cycles; %d wait in the end", n, b.Waiting())
			}
		}
	})
}

// TestBarrierOfOne is the smallest: each Wait is a cycle.
func TestBarrierOfOne(t *testing.T) {
	worlds.Each(t, func(t *testing.T, w *worlds.World) {
		actions := 0
		b := sync2.NewBarrier(1, func() error { actions++; return nil })
		b.Reset() // nobody waits
		for n := 1; n <= 3; n++ {
			if i, err := b.Wait(w.Ctx); i != 0 || err != nil || actions != n {
				t.Errorf("got %d, %v after %d actions", i, err, actions)
			}
		}
	})
}

// TestBarrierCancelledDuringAction ends the context of a party while the action runs: it leaves, and the cycle is complete for the others.
func TestBarrierCancelledDuringAction(t *testing.T) {
	worlds.Each(t, func(t *testing.T, w *worlds.World) {
		var cancel context.CancelFunc
		b := sync2.NewBarrier(3, func() error { cancel(); return nil })
		log := new(worlds.Log[string])
		w.Go(func(ctx context.Context) {
			ctx, cancel = context.WithCancel(ctx)
			_, err := b.Wait(ctx)
			if err != nil && !errors.Is(err, context.Canceled) {
				t.Error(err)
			}
		})
		w.Settle()
		w.Go(func(ctx context.Context) {
			i, err := b.Wait(ctx)
			log.Add(fmt.Sprint(i, " ", err))
		})
		w.Settle()
		if i, err := b.Wait(w.Ctx); i != 2 || err != nil || b.Broken() {
			t.Errorf("got %d, %v, broken %v", i, err, b.Broken())
		}
		w.Settle()
		expect(t, log, "1 <nil>")
	})
}

// TestBarrierInStep lets parties run as fast as they can. The witness is each one's own count of cycles: nobody is ever more than
// one ahead.
func TestBarrierInStep(t *testing.T) {
	const parties, cycles = 12, 100
	worlds.Hammer(t, parties, func(t *testing.T) (func(context.Context, *rand.Rand), func()) {
		var total atomic.Int64
		var indices [cycles][parties]atomic.Int32
		b := sync2.NewBarrier(parties, func() error {
			if n := total.Load(); n%parties != 0 {
				t.Errorf("%d arrivals when the action runs", n)
			}
			return nil
		})
		party := func(ctx context.Context, rng *rand.Rand) {
			for c := range cycles {
				worlds.Dawdle(ctx, rng)
				total.Add(1)
				i, err := b.Wait(ctx)
				if err != nil {
					t.Error(err)
					return
				}
				indices[c][i].Add(1)
				if n := total.Load(); n < int64((c+1)*parties) {
					t.Errorf("left cycle %d after %d arrivals", c, n)
				}
			}
		}
		return party, func() {
			for c := range cycles {
				for i := range parties {
					if n := indices[c][i].Load(); n != 1 {
						t.Fatalf("cycle %d: index %d was given %d times", c, i, n)
					}
				}
			}
		}
	})
}

func TestLatch(t *testing.T) {
	worlds.Each(t, func(t *testing.T, w *worlds.World) {
		l := sync2.NewLatch(3)
		var done worlds.Log[error]
		for range 2 {
			w.Go(func(ctx context.Context) { done.Add(l.Wait(ctx)) })
		}
		short, cancel := w.Timeout(w.Ctx, time.Second)
		defer cancel()
		if err := l.Wait(short); !errors.Is(err, context.DeadlineExceeded) {
			t.Error(err)
		}
		for left := 3; left > 0; left-- {
			if l.Count() != left || len(done.Take()) > 0 {
				t.Errorf("count %d, want %d", l.Count(), left)
			}
			select {
			case <-l.Done():
				t.Error("Done is closed too early")
			default:
			}
			l.CountDown()
			w.Settle()
		}
		if errs := done.Take(); !slices.Equal(errs, []error{nil, nil}) {
			t.Errorf("got %v", errs)
		}
		select {
		case <-l.Done():
		default:
			t.Error("Done is open in the end")
		}
		for _, open := range []*sync2.Latch{l, sync2.NewLatch(0), new(sync2.Latch)} {
			if err := open.Wait(w.Ctx); err != nil {
				t.Error(err)
			}
			if err := open.Wait(short); !errors.Is(err, context.DeadlineExceeded) {
				t.Errorf("with an ended context: %v", err)
			}
		}
	})
}
