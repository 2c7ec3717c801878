package hubdebug

import (
	"encoding/json"
	"sync/atomic"
	"time"

	"github.com/seed6bcf1587/coop/hub"
)

// Metrics counts what happens in a hub: pass it to [hub.WithObserver]. The zero value is ready. Several hubs may share one, which then counts
// for all of them. It must not be copied. Anybody may read it, from any goroutine, at any time.
//
// It is an expvar.Var: expvar.Publish("hub", m) adds it to /debug/vars.
type Metrics struct {
	hub.NoObserver

	spawned, ended, failed atomic.Uint64
	waits, timers, stalls  atomic.Uint64
	offloads               atomic.Uint64
	waited, late           atomic.Int64 // nanoseconds in all
	offloaded              atomic.Int64 // nanoseconds in all
	runs                   histogram
}

// Spawned implements [hub.Observer].
func (m *Metrics) Spawned(*hub.Task) { m.spawned.Add(1) }

// Ended implements [hub.Observer].
func (m *Metrics) Ended(_ *hub.Task, err error) {
	m.ended.Add(1)
	if err != nil {
		m.failed.Add(1)
	}
}

// Turn implements [hub.Observer].
func (m *Metrics) Turn(_ *hub.Task, ran time.Duration) { m.runs.add(ran) }

// Waited implements [hub.Observer].
func (m *Metrics) Waited(_ *hub.Task, _ string, took time.Duration) {
	m.waits.Add(1)
	m.waited.Add(int64(took))
}

// Fired implements [hub.Observer].
func (m *Metrics) Fired(late time.Duration) {
	m.timers.Add(1)
	m.late.Add(int64(late))
}

// Returned implements [hub.Observer].
func (m *Metrics) Returned(_ *hub.Task, took time.Duration) {
	m.offloads.Add(1)
	m.offloaded.Add(int64(took))
}

// Stalled implements [hub.Observer].
func (m *Metrics) Stalled(s hub.Stall) {
	if !s.Over {
		m.stalls.Add(1)
	}
}

// Snapshot returns the counts. Those of a hub that is running are not all of the same instant.
func (m *Metrics) Snapshot() Snapshot {
	s := Snapshot{
		Ended:     m.ended.Load(),
		Failed:    m.failed.Load(),
		Waits:     m.waits.Load(),
		Waited:    time.Duration(m.waited.Load()),
		Timers:    m.timers.Load(),
		Late:      time.Duration(m.late.Load()),
		Offloads:  m.offloads.Load(),
		Offloaded: time.Duration(m.offloaded.Load()),
		Stalls:    m.stalls.Load(),
	}
	s.Spawned = m.spawned.Load() // after Ended: no more have ended than were spawned
	s.Turns, s.Ran, s.Longest, s.Runs = m.runs.snapshot()
	return s
}

// String returns the snapshot as JSON, as expvar wants it.
func (m *Metrics) String() string {
	b, err := json.Marshal(m.Snapshot())
	if err != nil {
		panic("hubdebug.Metrics.String: " + err.Error()) // numbers only
	}
	return string(b)
}
