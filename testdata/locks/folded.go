package locks

import (
	"context"
	"sync"
	"time"

	"github.com/seed6bcf1587/coop/hub"
)

type table struct {
	mu, other sync.RWMutex
	rows      map[string]int
}

// rebuild sleeps with the lock in hand.
func (t *table) rebuild() {
	t.mu.Lock()
	defer t.mu.Unlock()
	time.Sleep(time.Second)
}

func (t *table) row(k string) int {
	t.mu.RLock()
	defer t.mu.RUnlock()
	return t.rows[k]
}

func (t *table) set(k string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.rows[k] = 1
}

// One finding for one lock, however often the task takes it.
func often(ctx context.Context, t *table) {
	hub.Go(ctx, func(ctx context.Context) error {
		t.mu.RLock() // want `RLock \(held over time\.Sleep in \(\*table\)\.rebuild\) blocks the hub \[lock, probable\]`
		t.mu.RUnlock()
		t.set("x")
		t.row("x")
		return nil
	})
}

// The sleep itself is what is to be mended.
func holder(ctx context.Context, t *table) {
	hub.Go(ctx, func(ctx context.Context) error {
		t.row("x")
		t.rebuild() // want `time\.Sleep blocks the hub \[sleep, definite\]`
		return nil
	})
}

// scan sleeps, but other readers get in meanwhile.
func (t *table) scan() {
	t.other.RLock()
	defer t.other.RUnlock()
	time.Sleep(time.Second)
}

// Quiet: a reader does not wait for a reader.
func beside(ctx context.Context, t *table) {
	hub.Go(ctx, func(ctx context.Context) error {
		t.other.RLock()
		defer t.other.RUnlock()
		return nil
	})
}

// A writer does.
func writer(ctx context.Context, t *table) {
	hub.Go(ctx, func(ctx context.Context) error {
		t.other.Lock() // want `Lock \(held over time\.Sleep in \(\*table\)\.scan\) blocks the hub \[lock, probable\]`
		defer t.other.Unlock()
		return nil
	})
}
