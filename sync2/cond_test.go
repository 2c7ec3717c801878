package sync2_test

import (
	"context"
	"errors"
	"math/rand/v2"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/seed6bcf1587/coop/hub"
	"github.com/seed6bcf1587/coop/internal/worlds"
	"github.com/seed6bcf1587/coop/sync2"
)

// waiters starts n parties, one after the other, that wait at c and report when they are through.
func waiters(t *testing.T, w *worlds.World, c *sync2.Cond, l sync2.Locker, n int) *worlds.Log[int] {
	woken := new(worlds.Log[int])
	for i := range n {
		w.Go(func(ctx context.Context) {
			lock(t, ctx, l)
			defer l.Unlock()
			if err := c.Wait(ctx); err != nil {
				t.Error(err)
			}
			woken.Add(i)
		})
		w.Settle()
	}
	return woken
}

func TestCondNotifiesInOrder(t *testing.T) {
	eachLocker(t, func(t *testing.T, w *worlds.World, l sync2.Locker) {
		c := sync2.NewCond(l)
		woken := waiters(t, w, c, l, 5)
		if c.Waiting() != 5 {
			t.Errorf("%d wait", c.Waiting())
		}
		var got []int
		for _, notify := range []func(){
			func() { c.Notify(0) },
			func() { c.Notify(1) },
			func() { c.Notify(2) },
			c.NotifyAll,
			c.NotifyAll, // of nobody
		} {
			lock(t, w.Ctx, l)
			notify()
			w.Settle()
			if early := woken.Take(); len(early) > 0 {
				t.Errorf("%v went on without the lock", early)
			}
			l.Unlock()
			w.Settle()
			now := woken.Take()
			got = append(got, len(now)*10)
			got = append(got, now...)
		}
		if want := []int{0, 10, 0, 20, 1, 2, 20, 3, 4, 0}; !slices.Equal(got, want) {
			t.Errorf("got %v, want %v", got, want)
		}
	})
}

// TestCondNotifyMoves looks at the two lines that a waiter stands in, one after the other: for the notification, and for the lock.
func TestCondNotifyMoves(t *testing.T) {
	eachLocker(t, func(t *testing.T, w *worlds.World, l sync2.Locker) {
		c := sync2.NewCond(l)
		woken := waiters(t, w, c, l, 3)
		inLine := func(forNotification, forLock int) {
			t.Helper()
			if n, m := c.Waiting(), l.(interface{ Waiting() int }).Waiting(); n != forNotification || m != forLock {
				t.Errorf("%d wait to be notified and %d for the lock, want %d and %d", n, m, forNotification, forLock)
			}
		}
		inLine(3, 0)
		lock(t, w.Ctx, l)
		c.Notify(2)
		inLine(1, 2)
		l.Unlock()
		w.Settle()
		inLine(1, 0)
		lock(t, w.Ctx, l)
		c.Notify(1)
		c.Notify(2048)
		inLine(0, 1)
		l.Unlock()
		w.Settle()
		if got := woken.Take(); !slices.Equal(got, []int{0, 1, 2}) {
			t.Errorf("woken: %v", got)
		}
		// The many notifications that nobody waited for are not kept for one who comes later.
		late := waiters(t, w, c, l, 1)
		if inLine(1, 0); len(late.Take()) > 0 {
			t.Error("one who came later was notified")
		}
		lock(t, w.Ctx, l)
		c.NotifyAll()
		l.Unlock()
	})
}

// TestCondCancelledConsumer cancels a consumer that has been notified of an item, before it can take it. The item goes to it or to another.
func TestCondCancelledConsumer(t *testing.T) {
	eachLocker(t, func(t *testing.T, w *worlds.World, l sync2.Locker) {
		for _, afterUnlock := range []bool{false, true} {
			c := sync2.NewCond(l)
			why := errors.New("why")
			items, taken, failed := 0, 0, 0
			var cancels []context.CancelCauseFunc
			for range 2 {
				w.Go(func(ctx context.Context) {
					ctx, cancel := context.WithCancelCause(ctx)
					cancels = append(cancels, cancel)
					lock(t, ctx, l)
					defer l.Unlock()
					if err := c.WaitFor(ctx, func() bool { return items > 0 }); err == nil {
						items--
						taken++
					} else if failed++; !errors.Is(err, why) || !errors.Is(err, context.Canceled) {
						t.Errorf("got %v", err)
					}
				})
				w.Settle()
			}
			lock(t, w.Ctx, l)
			items++
			c.Notify(1)
			if !afterUnlock {
				cancels[0](why)
			}
			l.Unlock()
			if afterUnlock {
				cancels[0](why)
			}
			w.Settle()
			if items != 0 || taken != 1 {
				t.Errorf("after Unlock %v: %d items left, %d taken", afterUnlock, items, taken)
			}
			cancels[1](why)
			w.Settle()
			if taken+failed != 2 {
				t.Errorf("after Unlock %v: %d taken, %d failed", afterUnlock, taken, failed)
			}
		}
	})
}

// TestCondRogue calls Wait without the lock, again and again, while others wait properly.
func TestCondRogue(t *testing.T) {
	var l sync2.RLock // which knows who holds it
	c := sync2.NewCond(&l)
	for _, ctx := range []context.Context{t.Context(), context.Background()} {
		var over atomic.Bool
		var rogue, proper sync.WaitGroup
		rogue.Go(func() {
			for !over.Load() {
				panics(t, "sync2.Cond.Wait: the lock is not held by the caller", func() { _ = c.Wait(ctx) })
				runtime.Gosched()
			}
		})
		ready := false // guarded by l
		for range 8 {
			proper.Go(func() {
				lock(t, ctx, &l)
				defer l.Unlock()
				for !ready {
					if err := c.Wait(ctx); err != nil {
						t.Error(err)
					}
				}
			})
		}
		for c.Waiting() < 8 {
			runtime.Gosched()
		}
		lock(t, ctx, &l)
		ready = true
		c.NotifyAll()
		if n := c.Waiting(); n != 0 {
			t.Errorf("%d wait after NotifyAll", n)
		}
		l.Unlock()
		proper.Wait()
		over.Store(true)
		rogue.Wait()
	}
}

// TestCondNotifyMeetsUnlock lets another goroutine unlock the notifier's Mutex, which it may, at the moment of the notification: whoever is
// notified gets the lock all the same, one after the other.
func TestCondNotifyMeetsUnlock(t *testing.T) {
	rounds := 20_000
	if testing.Short() {
		rounds = 2_000
	}
	var m sync2.Mutex
	c := sync2.NewCond(&m)
	ctx := context.Background()
	var round, unlocked atomic.Int64 // the unlocker follows round
	go func() {
		for i := range int64(rounds) {
			for round.Load() <= i {
				runtime.Gosched()
			}
			m.Unlock()
			unlocked.Store(i + 1)
		}
	}()
	for i := range rounds {
		var woken sync.WaitGroup
		for range 3 {
			woken.Go(func() {
				lock(t, ctx, &m)
				if err := c.Wait(ctx); err != nil {
					t.Error(err)
				}
				m.Unlock()
			})
		}
		for c.Waiting() < 3 {
			runtime.Gosched()
		}
		lock(t, ctx, &m)
		round.Store(int64(i) + 1)
		for range i % 100 { // some nanoseconds each
			_ = unlocked.Load()
		}
		notified := notifies(c)
		for unlocked.Load() <= int64(i) {
			runtime.Gosched()
		}
		if !notified { // it came too late
			lock(t, ctx, &m)
			c.NotifyAll()
			m.Unlock()
		}
		woken.Wait()
	}
}

// notifies reports whether NotifyAll found the lock held.
func notifies(c *sync2.Cond) (ok bool) {
	defer func() { ok = recover() == nil }()
	c.NotifyAll()
	return true
}

// TestCondOfForeignLocker uses a lock that the package does not know.
func TestCondOfForeignLocker(t *testing.T) {
	worlds.Each(t, func(t *testing.T, w *worlds.World) {
		l := foreign{new(sync2.Mutex)}
		c := sync2.NewCond(l)
		woken := waiters(t, w, c, l, 3)
		for i, notify := range []func(){func() { c.Notify(1) }, func() { c.Notify(5) }} {
			lock(t, w.Ctx, l)
			notify()
			w.Settle()
			if got := woken.Take(); len(got) > 0 {
				t.Errorf("%v went on without the lock", got)
			}
			l.Unlock()
			w.Settle()
			if got := woken.Take(); len(got) != 1+i {
				t.Errorf("Notify number %d woke %v", i, got)
			}
		}
		lock(t, w.Ctx, l)
		short, cancel := w.Timeout(w.Ctx, time.Second)
		defer cancel()
		if err := c.Wait(short); !errors.Is(err, context.DeadlineExceeded) || !l.m.Locked() || c.Waiting() != 0 {
			t.Errorf("%v; locked %v, %d wait", err, l.m.Locked(), c.Waiting())
		}
		l.Unlock()
	})
}

// TestCondWaiterThatLeftTakesNoNotification is what CPython 3.11 gets wrong: a waiter that timed out, and waits for the lock, must not
// be the one that is notified.
func TestCondWaiterThatLeftTakesNoNotification(t *testing.T) {
	eachLocker(t, func(t *testing.T, w *worlds.World, l sync2.Locker) {
		c := sync2.NewCond(l)
		var left worlds.Log[error]
		w.Go(func(ctx context.Context) {
			lock(t, ctx, l)
			defer l.Unlock()
			short, cancel := w.Timeout(ctx, time.Second)
			defer cancel()
			left.Add(c.Wait(short))
		})
		w.Settle()
		woken := waiters(t, w, c, l, 1)
		lock(t, w.Ctx, l)
		w.Sleep(2 * time.Second) // the first one's time is up, and it waits for the lock
		if errs := left.Take(); len(errs) > 0 {
			t.Errorf("returned %v without the lock", errs)
		}
		c.Notify(1)
		l.Unlock()
		w.Settle()
		if errs := left.Take(); len(errs) != 1 || !errors.Is(errs[0], context.DeadlineExceeded) {
			t.Errorf("the one that left got %v", errs)
		}
		if got := woken.Take(); len(got) != 1 {
			t.Error("the notification was lost")
		}
	})
}

// TestCondGrantWins cancels a waiter that has been notified: it keeps the notification, also if it learns of the cancellation while it
// cannot have the lock yet.
func TestCondGrantWins(t *testing.T) {
	eachLocker(t, func(t *testing.T, w *worlds.World, l sync2.Locker) {
		for _, settle := range []bool{false, true} {
			c := sync2.NewCond(l)
			var ended worlds.Log[error]
			var cancel context.CancelFunc
			w.Go(func(ctx context.Context) {
				lock(t, ctx, l)
				defer l.Unlock()
				ctx, cancel = context.WithCancel(ctx)
				ended.Add(c.Wait(ctx))
			})
			w.Settle()
			lock(t, w.Ctx, l)
			c.Notify(1)
			cancel()
			if settle {
				w.Settle()
			}
			l.Unlock()
			w.Settle()
			if errs := ended.Take(); !slices.Equal(errs, []error{nil}) {
				t.Errorf("settled %v: got %v", settle, errs)
			}
		}
	})
}

func TestCondRestoresDepth(t *testing.T) {
	worlds.Each(t, func(t *testing.T, w *worlds.World) {
		var l sync2.RLock
		c := sync2.NewCond(&l)
		for _, notified := range []bool{true, false} {
			w.Go(func(ctx context.Context) {
				for range 3 {
					lock(t, ctx, &l)
				}
				ctx, cancel := w.Timeout(ctx, time.Second)
				defer cancel()
				if err := c.Wait(ctx); (err == nil) != notified {
					t.Error(err)
				}
				if l.Depth() != 3 {
					t.Errorf("depth %d after Wait", l.Depth())
				}
				for range 3 {
					l.Unlock()
				}
			})
			w.Settle()
			if l.Locked() {
				t.Error("Wait did not give up all levels")
			}
			if notified {
				lock(t, w.Ctx, &l)
				c.Notify(1)
				l.Unlock()
			} else {
				w.Sleep(2 * time.Second)
			}
			w.Settle()
			if l.Locked() {
				t.Error("locked in the end")
			}
		}
	})
}

// TestCondRestoresEachDepth lets two wait that have locked to different depths.
func TestCondRestoresEachDepth(t *testing.T) {
	worlds.Each(t, func(t *testing.T, w *worlds.World) {
		var l sync2.RLock
		c := sync2.NewCond(&l)
		for depth := 1; depth <= 2; depth++ {
			w.Go(func(ctx context.Context) {
				for range depth {
					lock(t, ctx, &l)
				}
				if err := c.Wait(ctx); err != nil || l.Depth() != depth {
					t.Errorf("%v; depth %d, want %d", err, l.Depth(), depth)
				}
				for range depth {
					l.Unlock()
				}
			})
			w.Settle()
		}
		lock(t, w.Ctx, &l)
		c.NotifyAll()
		if l.Depth() != 1 {
			t.Errorf("depth %d of who notifies", l.Depth())
		}
		l.Unlock()
		w.Settle()
		if l.Locked() {
			t.Error("locked in the end")
		}
	})
}

func TestCondWaitFor(t *testing.T) {
	worlds.Each(t, func(t *testing.T, w *worlds.World) {
		var m sync2.Mutex
		c := sync2.NewCond(&m)
		n := 0
		var done worlds.Log[error]
		w.Go(func(ctx context.Context) {
			lock(t, ctx, &m)
			defer m.Unlock()
			done.Add(c.WaitFor(ctx, func() bool { return true })) // without waiting
			ctx, cancel := w.Timeout(ctx, 10*time.Second)
			defer cancel()
			done.Add(c.WaitFor(ctx, func() bool { return n == 3 }))
			done.Add(c.WaitFor(ctx, func() bool { return n == 20 })) // the deadline is for the whole
			done.Add(c.WaitFor(ctx, func() bool { return true }))
		})
		for range 15 {
			w.Sleep(time.Second)
			lock(t, w.Ctx, &m)
			n++
			c.NotifyAll()
			m.Unlock()
		}
		w.Settle()
		errs := done.Take()
		if len(errs) != 4 || errs[0] != nil || errs[1] != nil ||
			!errors.Is(errs[2], context.DeadlineExceeded) || !errors.Is(errs[3], context.DeadlineExceeded) {
			t.Errorf("got %v", errs)
		}
	})
}

// TestCondWhenHubStops ends a hub whose tasks wait at a Cond: each holds the lock when it is told, and gives it up.
func TestCondWhenHubStops(t *testing.T) {
	var l sync2.RLock
	c := sync2.NewCond(&l)
	told := 0
	ctx, cancel := context.WithCancel(t.Context())
	err := hub.Run(ctx, func(ctx context.Context) error {
		for range 5 {
			hub.Go(ctx, func(ctx context.Context) error {
				lock(t, ctx, &l)
				defer l.Unlock()
				for {
					err := c.Wait(ctx)
					if l.Depth() != 1 {
						t.Errorf("depth %d", l.Depth())
					}
					if err != nil {
						told++ // and waits again, and is unwound
					}
				}
			})
		}
		_ = hub.Yield(ctx)
		cancel()
		return nil
	}, hub.WithVirtualClock(time.Unix(0, 0)))
	if !errors.Is(err, context.Canceled) || told != 5 || l.Locked() {
		t.Errorf("%v; %d told; locked %v", err, told, l.Locked())
	}
}

// TestCondLosesNoWakeUp passes tokens from producers to as many consumers, none of which gives up. A consumer that misses its wake-up waits for
// ever, and the bubble finds a deadlock.
func TestCondLosesNoWakeUp(t *testing.T) {
	for name, make := range lockers() {
		t.Run(name, func(t *testing.T) {
			for range worlds.Rounds(20) {
				synctest.Test(t, func(t *testing.T) {
					l := make()
					c := sync2.NewCond(l)
					tokens := 0
					var wg sync.WaitGroup
					for range 4 {
						wg.Go(func() {
							for range 50 {
								lock(t, t.Context(), l)
								for tokens == 0 {
									if err := c.Wait(t.Context()); err != nil {
										t.Error(err)
									}
								}
								tokens--
								l.Unlock()
							}
						})
						wg.Go(func() {
							for range 50 {
								lock(t, t.Context(), l)
								tokens++
								c.Notify(1)
								l.Unlock()
								runtime.Gosched()
							}
						})
					}
					wg.Wait()
				})
			}
		})
	}
}

// TestCondConserves passes tokens through a Cond among impatient parties. The witness is the number of tokens: each is put with one
// Notify, and must reach one that waits.
func TestCondConserves(t *testing.T) {
	for name, make := range lockers() {
		t.Run(name, func(t *testing.T) {
			worlds.Hammer(t, 30, func(t *testing.T) (func(context.Context, *rand.Rand), func()) {
				l := make()
				c := sync2.NewCond(l)
				tokens, put, got := 0, 0, 0
				party := func(ctx context.Context, rng *rand.Rand) {
					for range worlds.Rounds(50) {
						lock(t, ctx, l)
						if rng.IntN(2) == 0 {
							tokens++
							put++
							c.Notify(1)
							worlds.Dawdle(ctx, rng)
						} else {
							hasty, cancel := worlds.Hasty(ctx, rng)
							if c.WaitFor(hasty, func() bool { return tokens > 0 }) == nil {
								tokens--
								got++
							}
							cancel()
						}
						l.Unlock()
					}
				}
				return party, func() {
					if got+tokens != put || tokens < 0 || got == 0 || c.Waiting() != 0 || !l.TryLock() {
						t.Errorf("%d put, %d got, %d left, %d wait", put, got, tokens, c.Waiting())
					}
				}
			})
		})
	}
}

// TestCondNotificationReachesOne lets every notification count: as many wait as are notified, and each of those who are still there when
// Notify comes goes on. The witness is that nobody is left waiting with a token on the table.
func TestCondNotificationReachesOne(t *testing.T) {
	for name, make := range lockers() {
		t.Run(name, func(t *testing.T) {
			worlds.Hammer(t, 20, func(t *testing.T) (func(context.Context, *rand.Rand), func()) {
				l := make()
				c := sync2.NewCond(l)
				notified, returned := 0, 0
				party := func(ctx context.Context, rng *rand.Rand) {
					for range worlds.Rounds(50) {
						lock(t, ctx, l)
						if rng.IntN(2) == 0 {
							notified += min(1, c.Waiting())
							c.Notify(1)
							worlds.Dawdle(ctx, rng) // so that the notified one's time can be up before it has the lock
						} else {
							hasty, cancel := worlds.Hasty(ctx, rng)
							if c.Wait(hasty) == nil {
								returned++
							}
							cancel()
						}
						l.Unlock()
					}
				}
				return party, func() {
					// A waiter may leave between the look and the call, so fewer may have been notified than were counted, by
					// a hair; on one hub nobody can come in between.
					if returned > notified || returned == 0 || strings.Contains(t.Name(), "seeded") && returned != notified {
						t.Errorf("%d notified, %d returned", notified, returned)
					}
				}
			})
		})
	}
}

func TestCondAllocatesNothing(t *testing.T) {
	ctx := context.Background()
	for name, make := range lockers() {
		l := make()
		c := sync2.NewCond(l)
		turn, over := 0, false // guarded by l
		play := func(me int) {
			for turn != me && !over {
				if err := c.Wait(ctx); err != nil {
					t.Error(err)
				}
			}
			turn = 1 - me
			c.Notify(1)
		}
		var other sync.WaitGroup
		other.Go(func() {
			lock(t, ctx, l)
			defer l.Unlock()
			for !over {
				play(1)
			}
		})
		lock(t, ctx, l)
		if n := testing.AllocsPerRun(1000, func() { play(0) }); n != 0 {
			t.Errorf("%s: %v allocations for each time there and back", name, n)
		}
		over = true
		c.NotifyAll()
		l.Unlock()
		other.Wait()
	}
}
