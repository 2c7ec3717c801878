package once

import (
	"context"
	"sync"
	"time"

	"github.com/seed6bcf1587/coop/hub"
)

// Names repeat: what is told by name alone would be one finding for two.

type hooks struct{ done func() }

func (h *hooks) run(ctx context.Context) {
	hub.Go(ctx, func(ctx context.Context) error {
		h.done() // want `once/hidden\.go:\d+ time\.Sleep$` `once/hidden\.go:\d+ time\.Sleep$`
		return nil
	})
}

func literals(ctx context.Context, h *hooks) {
	h.done = func() { time.Sleep(5) }
	h.done = func() { time.Sleep(6) }
	h.run(ctx)
}

type two struct{ a, b sync.Mutex }

// Two locks, each held over a wait of its own in the same function.
func (t *two) slow() {
	t.a.Lock()
	time.Sleep(7)
	t.a.Unlock()
	t.b.Lock()
	time.Sleep(8)
	t.b.Unlock()
}

func (t *two) locks(ctx context.Context) {
	hub.Go(ctx, func(ctx context.Context) error {
		t.a.Lock() // want `\(\*sync\.Mutex\)\.Lock \(held over time\.Sleep in \(\*two\)\.slow\) blocks the hub \[lock, probable\]`
		t.a.Unlock()
		t.b.Lock() // want `\(\*sync\.Mutex\)\.Lock \(held over time\.Sleep in \(\*two\)\.slow\) blocks the hub \[lock, probable\]`
		t.b.Unlock()
		t.b.Lock()
		t.b.Unlock()
		return nil
	})
}
