package hub

import (
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"github.com/seed6bcf1587/coop/internal/recovered"
)

// A watchdog looks several times in each span of threshold who has control of the hub. The hub does nothing for it, but to
// say when it is no longer idle. While the hub is idle the watchdog dozes: no timer is set.
type watchdog struct {
	// Immutable after New.
	hub       *Hub
	threshold time.Duration
	tell      func(Stall) // nil: the logger

	dozing atomic.Bool   // it waits for rouse; set by the watchdog, cleared by whoever rouses it
	rouse  chan struct{} // capacity 1; made by Run
	quit   chan struct{} // closed by Run

	mu     sync.Mutex
	recent []Stall // guarded by mu; the latest is still going on unless Over

	// Used by the goroutine of the watchdog alone.
	looked    time.Time     // when it last looked
	step      uint32        // which step it was then
	held      time.Duration // how long that has lasted
	restUntil time.Time     // until then no stack is taken
}

// maxStalls is how many stalls are kept.
const maxStalls = 32

func newWatchdog(h *Hub) *watchdog { return &watchdog{hub: h, threshold: defaultThreshold} }

// start starts the watchdog, if there is one. The function it returns ends it.
func (w *watchdog) start() (stop func()) {
	if w == nil || w.threshold <= 0 {
		return func() {}
	}
	w.rouse, w.quit = make(chan struct{}, 1), make(chan struct{})
	w.hub.callbacks.Go(w.run)
	return func() { close(w.quit) }
}

// wakeUp is called by the hub when it is no longer idle.
func (w *watchdog) wakeUp() {
	if w != nil && w.dozing.Load() && w.dozing.CompareAndSwap(true, false) {
		w.rouse <- struct{}{}
	}
}

func (w *watchdog) run() {
	period := max(w.threshold/4, time.Millisecond)
	tick := time.NewTicker(period)
	defer tick.Stop()
	w.looked = time.Now()
	for {
		select {
		case <-w.quit:
			w.over()
			return
		case <-tick.C:
		}
		if idle := w.look(period); idle {
			tick.Stop()
			if !w.doze() {
				return
			}
			tick.Reset(period)
			w.looked = time.Now()
		}
	}
}

// doze waits until the hub is no longer idle. It reports false when Run ends.
func (w *watchdog) doze() bool {
	w.dozing.Store(true)
	// The hub says that it is awake and then looks whether the watchdog dozes; here it is the other way round. So one of the two sees the
	// other.
	if !w.hub.asleep.Load() && w.dozing.CompareAndSwap(true, false) {
		return true
	}
	select {
	case <-w.rouse:
		return true
	case <-w.quit:
		return false
	}
}

// look sees who has control, and reports whether the hub is idle.
func (w *watchdog) look(period time.Duration) (idle bool) {
	now := time.Now()
	// A look that comes late was late because the process got no processor, and then the task got none either.
	gap := min(now.Sub(w.looked), period+period/2)
	w.looked = now
	task, step := w.hub.current.glance()
	if task == nil {
		task = w.hub.callingBack.Load()
	}
	if step != w.step || task == nil {
		w.over()
		idle = step == w.step && w.hub.asleep.Load()
		w.step, w.held = step, 0
		return idle
	}
	if w.hub.viewer.Load() != nil {
		gap = 0 // who looks at the hub may hold it still
	}
	before := w.held
	w.held += gap
	switch {
	case w.held < w.threshold:
	case before < w.threshold:
		w.found(task)
	default:
		w.mu.Lock()
		w.recent[len(w.recent)-1].For = w.held
		w.mu.Unlock()
	}
	return false
}

// found reports that task has stalled the hub.
func (w *watchdog) found(task *Task) {
	state := "running"
	if task.state.Load() == ended {
		state = "ended"
	}
	s := Stall{
		Task: TaskInfo{ID: task.id, Parent: task.parent, Name: task.Name(), Daemon: task.daemon, State: state, Since: w.looked.Add(-w.held)},
		For:  w.held,
	}
	var found stack
	if begin := time.Now(); begin.Before(w.restUntil) {
		found = noStack("the one before was costly")
	} else {
		found = findStack(task.goid)
		end := time.Now()
		w.restUntil = end.Add(20 * end.Sub(begin))
	}
	if !w.still() {
		// It ended while the stack was taken, which may be that of any moment after.
		s.Over = true
		found = noStack("the stall was over")
	}
	s.Stack, s.Task.At = found.text, found.at
	w.mu.Lock()
	if len(w.recent) == maxStalls {
		w.recent = append(w.recent[:0], w.recent[1:]...)
	}
	w.recent = append(w.recent, s)
	w.mu.Unlock()
	w.observe(s)
	w.report(s)
}

// still reports whether the hub is where it was at the last look.
func (w *watchdog) still() bool {
	_, step := w.hub.current.glance()
	return step == w.step
}

func (w *watchdog) observe(s Stall) {
	if w.hub.observed != nil {
		w.hub.observed.stalled(s)
	}
}

func (w *watchdog) report(s Stall) {
	if w.tell == nil {
		w.hub.logger().Warn("task keeps the hub from all others", "task", s.Task.Name, "for", s.For, "at", s.Task.At, "stack", string(s.Stack))
		return
	}
	defer func() {
		if v := recover(); v != nil {
			w.hub.strays.add(fmt.Errorf("hub.OnStall: %w", recovered.New(v)))
		}
	}()
	w.tell(s)
}

// over notes that the latest stall is over, if it is not noted already.
func (w *watchdog) over() {
	if w.held < w.threshold {
		return
	}
	w.mu.Lock()
	s := &w.recent[len(w.recent)-1]
	s.Over = true
	w.mu.Unlock()
	w.observe(*s)
	if w.tell == nil {
		w.hub.logger().Warn("task gave the hub back", "task", s.Task.Name, "after", s.For)
	}
}
