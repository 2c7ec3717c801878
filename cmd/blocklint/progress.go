package main

import (
	"fmt"
	"io"
	"sync"
	"time"
)

// A meter tells the user of a long run that it goes on, on one line that is
// gone when it ends.
type meter struct {
	done chan struct{} // closed to end it
	wg   sync.WaitGroup

	mu   sync.Mutex
	seen map[string]bool // packages that have a root or a finding; guarded by mu
}

// quiet is how long a run goes on without a word.
const quiet = time.Second

// startMeter starts a meter that writes to w, or to nowhere if w is no
// terminal.
func startMeter(w io.Writer) *meter {
	m := &meter{done: make(chan struct{}), seen: make(map[string]bool)}
	if isTerminal(w) {
		m.wg.Go(func() { m.run(w) })
	}
	return m
}

func (m *meter) run(w io.Writer) {
	start := time.Now()
	tick := time.NewTicker(quiet)
	defer tick.Stop()
	shown := false
	for {
		select {
		case <-m.done:
			if shown {
				fmt.Fprint(w, "\r\x1b[K")
			}
			return
		case <-tick.C:
			m.mu.Lock()
			n := len(m.seen)
			m.mu.Unlock()
			shown = true
			fmt.Fprintf(w, "\r\x1b[Kblocklint: %s, roots in %s so far", time.Since(start).Round(time.Second), count(n, "package"))
		}
	}
}

func (m *meter) add(pkg string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.seen[pkg] = true
}

func (m *meter) stop() {
	close(m.done)
	m.wg.Wait()
}
