// Package waits has cooperative calls that are made the wrong way: under a
// context of somebody else, with a lock held, or never.
package waits

import (
	"context"
	"sync"
	"sync/atomic"
	"time"

	"github.com/seed6bcf1587/coop/event"
	"github.com/seed6bcf1587/coop/hub"
	"github.com/seed6bcf1587/coop/queue"
)

// The context carries no task, so the whole hub waits.
func background(ctx context.Context, ev *event.Event) {
	hub.Go(ctx, func(ctx context.Context) error {
		_ = ev.Wait(context.Background())             // want `\(\*event\.Event\)\.Wait with context\.Background\(\) blocks the hub \[ctx, definite\]`
		return hub.Sleep(context.TODO(), time.Second) // want `hub\.Sleep with context\.TODO\(\) blocks the hub \[ctx, definite\]`
	})
}

// Derived from it, in a variable.
func derived(ctx context.Context, ev *event.Event) {
	hub.Go(ctx, func(ctx context.Context) error {
		c, cancel := context.WithTimeout(context.WithValue(context.Background(), 1, 2), time.Second)
		defer cancel()
		return ev.Wait(c) // want `with context\.Background\(\) blocks the hub \[ctx, definite\]`
	})
}

func helper(ctx context.Context, ev *event.Event) error { return ev.Wait(ctx) }

// Through a helper.
func through(ctx context.Context, ev *event.Event) {
	hub.Go(ctx, func(ctx context.Context) error {
		return helper(context.Background(), ev) // want `\(\*event\.Event\)\.Wait with context\.Background\(\) blocks the hub \[ctx, definite\]: .* → waits/waits\.go:\d+ helper → waits/waits\.go:\d+ \(\*event\.Event\)\.Wait with`
	})
}

// The context of the function around the task.
func outer(ctx context.Context, ev *event.Event) {
	hub.Go(ctx, func(inner context.Context) error {
		return ev.Wait(ctx) // want `\(\*event\.Event\)\.Wait with the ctx of outer blocks the hub \[ctx, definite\]`
	})
}

// The context of another task.
func outerTask(ctx context.Context, ev *event.Event) {
	hub.Go(ctx, func(ctx context.Context) error {
		hub.Go(ctx, func(context.Context) error {
			return helper(ctx, ev) // want `with the ctx of func literal in outerTask blocks the hub \[ctx, definite\]`
		})
		return nil
	})
}

// Quiet: the task's own, and those derived from it.
func rightContext(ctx context.Context, ev *event.Event) {
	hub.Go(ctx, func(ctx context.Context) error {
		c, cancel := hub.WithTimeout(ctx, time.Second)
		defer cancel()
		d, cancel2 := context.WithCancel(c)
		defer cancel2()
		wait := func() error { return ev.Wait(d) }
		if err := wait(); err != nil {
			return err
		}
		return helper(c, ev)
	})
}

// Quiet: a fallback, and a goroutine of its own.
func fallback(ctx context.Context, ev *event.Event) {
	hub.Go(ctx, func(ctx context.Context) error {
		if ctx == nil {
			ctx = context.Background()
		}
		go func() { _ = ev.Wait(context.Background()) }()
		return ev.Wait(ctx)
	})
}

type cache struct {
	mu sync.Mutex
	rw sync.RWMutex
	q  *queue.Queue[int]
}

// A lock held while the task is parked.
func (c *cache) fill(ctx context.Context) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.q.Put(ctx, 1) // want `\(\*queue\.Queue\)\.Put with a sync\.Mutex held blocks the hub \[held, definite\]`
}

func held(ctx context.Context, c *cache) { hub.Go(ctx, c.fill) }

func (c *cache) wait(ctx context.Context) error { return hub.Sleep(ctx, 1) }

// A reader's lock, a call deeper.
func heldDeeper(ctx context.Context, c *cache) {
	hub.Go(ctx, func(ctx context.Context) error {
		c.rw.RLock()
		err := c.wait(ctx) // want `\(\*cache\)\.wait with a sync\.RWMutex held blocks the hub \[held, definite\]`
		c.rw.RUnlock()
		return err
	})
}

// Quiet: released before the wait.
func released(ctx context.Context) {
	var mu sync.Mutex
	n := 0
	hub.Go(ctx, func(ctx context.Context) error {
		mu.Lock()
		n++
		mu.Unlock()
		return hub.Sleep(ctx, 1)
	})
}

// A loop that nothing ends.
func spins(ctx context.Context, n *atomic.Int64) {
	hub.Go(ctx, func(ctx context.Context) error {
		for { // want `loop without end blocks the hub \[spin, definite\]`
			n.Add(1)
		}
	})
}

// One that looks at a channel again and again.
func polls(ctx context.Context, ch chan int) {
	hub.Go(ctx, func(ctx context.Context) error {
		n := 0
		for { // want `loop without end blocks the hub \[spin, definite\]`
			select {
			case <-ch:
				n++
			default:
			}
		}
	})
}

// Quiet: they wait, or end.
func loops(ctx context.Context, ch chan int) {
	hub.Go(ctx, func(ctx context.Context) error {
		for {
			if err := hub.Sleep(ctx, 1); err != nil {
				break
			}
		}
		for {
			_ = hub.Yield(ctx)
		}
	})
	hub.Go(ctx, func(ctx context.Context) error {
		for {
			select {
			case <-ch:
				return nil
			default:
			}
		}
	})
}

// A hub within a task of a hub.
func nested(ctx context.Context) {
	hub.Go(ctx, func(ctx context.Context) error {
		return hub.Run(ctx, func(ctx context.Context) error { return nil }) // want `hub\.Run blocks the hub \[loop, definite\]`
	})
}
