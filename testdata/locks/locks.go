// Package locks has mutexes that are held for long, and for short.
package locks

import (
	"context"
	"sync"
	"time"

	"github.com/seed6bcf1587/coop/hub"
)

type cache struct {
	mu   sync.Mutex
	slow sync.Mutex
	rw   sync.RWMutex
	m    map[string]int
}

// get holds mu for a map access.
func (c *cache) get(k string) int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.m[k]
}

// refresh holds slow while it sleeps.
func (c *cache) refresh() {
	c.slow.Lock()
	defer c.slow.Unlock()
	time.Sleep(time.Second)
}

// peek takes slow only for a moment, but has to wait for refresh.
func (c *cache) peek() int {
	c.slow.Lock()
	defer c.slow.Unlock()
	return len(c.m)
}

// load holds rw over a blocking call, then gives it back.
func (c *cache) load(ch chan int) {
	c.rw.Lock()
	c.m["x"] = <-ch
	c.rw.Unlock()
}

// after blocks only when mu is free again.
func (c *cache) after(ch chan int) {
	c.mu.Lock()
	c.m["x"] = 1
	c.mu.Unlock()
	<-ch
}

// Quiet: nobody holds mu for long.
func short(ctx context.Context, c *cache) {
	hub.Go(ctx, func(ctx context.Context) error {
		c.get("x")
		return nil
	})
}

// Blocking: somebody sleeps with the lock in hand.
func long(ctx context.Context, c *cache) {
	hub.Go(ctx, func(ctx context.Context) error {
		c.peek() // want `\(\*sync\.Mutex\)\.Lock \(held over .*\) blocks the hub \[lock, probable\]`
		return nil
	})
}

// Blocking: a reader waits for the writer that waits for the channel.
func reader(ctx context.Context, c *cache) {
	hub.Go(ctx, func(ctx context.Context) error {
		c.rw.RLock() // want `\(\*sync\.RWMutex\)\.RLock \(held over .*\) blocks the hub \[lock, probable\]`
		defer c.rw.RUnlock()
		return nil
	})
}

var global sync.Mutex

func holdGlobal() {
	global.Lock()
	time.Sleep(1)
	global.Unlock()
}

// Blocking: a package variable.
func globalLock(ctx context.Context) {
	hub.Go(ctx, func(ctx context.Context) error {
		global.Lock() // want `\(\*sync\.Mutex\)\.Lock \(held over .*\) blocks the hub`
		global.Unlock()
		return nil
	})
}

type queue struct {
	mu   sync.Mutex
	cond *sync.Cond
	n    int
}

// pop gives the lock up while it waits.
func (q *queue) pop() {
	q.mu.Lock()
	for q.n == 0 {
		q.cond.Wait()
	}
	q.n--
	q.mu.Unlock()
}

// Quiet: Wait holds no lock.
func push(ctx context.Context, q *queue) {
	hub.Go(ctx, func(ctx context.Context) error {
		q.mu.Lock()
		q.n++
		q.mu.Unlock()
		return nil
	})
}

type gate struct {
	mu   sync.Mutex
	open bool
}

// wait hands the lock over to what waits, which releases it first.
func (g *gate) wait(ch chan int) {
	g.mu.Lock()
	if g.open {
		g.mu.Unlock()
		return
	}
	release(&g.mu, ch)
}

func release(mu *sync.Mutex, ch chan int) {
	mu.Unlock()
	<-ch
}

// waitSelf does so in a method.
func (g *gate) waitSelf(ch chan int) {
	g.mu.Lock()
	g.unlockAndWait(ch)
}

func (g *gate) unlockAndWait(ch chan int) {
	g.mu.Unlock()
	<-ch
}

// Quiet: nobody waits with the lock in hand.
func opens(ctx context.Context, g *gate) {
	hub.Go(ctx, func(ctx context.Context) error {
		g.mu.Lock()
		defer g.mu.Unlock()
		g.open = true
		return nil
	})
}
