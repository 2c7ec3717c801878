package hub

import "time"

// An Observer is told what happens in a hub, for metrics, traces and the like; see [WithObserver]. Package hubdebug has some.
//
// All methods but Offloaded, Returned and Stalled are called with control of the hub, one at a time, most on the goroutine of the task that they are about: an observer of one hub
// needs no locks among them. They must not wait, start tasks or panic, and what they cost, each switch between tasks costs. Durations
// are by the real clock, but for how late a timer is.
//
// Embed [NoObserver] to implement only some methods, and to go on compiling when there are more.
type Observer interface {
	// Spawned says that t has become one of the hub's tasks. Its first turn comes later.
	Spawned(t *Task)

	// Started is called on t's goroutine right before its function. A task that is cancelled before that does not start.
	Started(t *Task)

	// Ended is called on t's goroutine when its function has ended. err is what Join returns.
	Ended(t *Task, err error)

	// Turn says that t, which had control for ran, gives it up.
	Turn(t *Task, ran time.Duration)

	// Waits is called on t's goroutine when t begins to wait in the call what, such as "event.Event.Wait". A Yield is no wait.
	Waits(t *Task, what string)

	// Waited is called on t's goroutine after each Waits, when t has been given control again. took is how long that took, with the time that t
	// was ready and others ran.
	Waited(t *Task, what string, took time.Duration)

	// Fired says that a timer of the hub has gone off, that much too late by the hub's clock.
	Fired(late time.Duration)

	// Offloaded is called right before a function that t has offloaded, on the goroutine that the function runs on, which others have used before. So it runs
	// at the same time as other methods.
	Offloaded(t *Task)

	// Returned is called after each Offloaded, on the same goroutine, when the function has ended, which took that long.
	Returned(t *Task, took time.Duration)

	// Stalled is called when a stall is found, and again when it is over: see [Stall]. It is called on a goroutine of its own, while the task runs.
	Stalled(s Stall)
}

// NoObserver is an [Observer] that does nothing.
type NoObserver struct{}

// Spawned does nothing.
func (NoObserver) Spawned(*Task) {}

// Started does nothing.
func (NoObserver) Started(*Task) {}

// Ended does nothing.
func (NoObserver) Ended(*Task, error) {}

// Turn does nothing.
func (NoObserver) Turn(*Task, time.Duration) {}

// Waits does nothing.
func (NoObserver) Waits(*Task, string) {}

// Waited does nothing.
func (NoObserver) Waited(*Task, string, time.Duration) {}

// Fired does nothing.
func (NoObserver) Fired(time.Duration) {}

// Offloaded does nothing.
func (NoObserver) Offloaded(*Task) {}

// Returned does nothing.
func (NoObserver) Returned(*Task, time.Duration) {}

// Stalled does nothing.
func (NoObserver) Stalled(Stall) {}

// WithObserver makes the hub tell o what happens in it. It can be given several times: all observers are told, in this order. The clock is read at each
// switch then. Without an observer, none of this costs anything. WithObserver panics if o is nil.
func WithObserver(o Observer) Option {
	if o == nil {
		panic("hub.WithObserver: nil Observer")
	}
	return option(func(h *Hub) {
		if h.observed == nil {
			h.observed = new(observed)
		}
		h.observed.by = append(h.observed.by, o)
	})
}

// observed tells the observers of a hub. It is nil if there are none; the callers ask that, so that they pay for no call. It is used with control
// of the hub.
type observed struct {
	by    []Observer // immutable after New; not empty
	since time.Time  // when the last turn ended, or the hub was idle last: the turn of who has control began then
}

func (s *observed) spawned(t *Task) {
	for _, o := range s.by {
		o.Spawned(t)
	}
}

func (s *observed) started(t *Task) {
	for _, o := range s.by {
		o.Started(t)
	}
}

func (s *observed) ended(t *Task) {
	s.turn(t)
	for _, o := range s.by {
		o.Ended(t, t.err)
	}
}

func (s *observed) turn(t *Task) {
	now := time.Now()
	for _, o := range s.by {
		o.Turn(t, now.Sub(s.since))
	}
	s.since = now
}

// waits is told before a wait, and returns when it began.
func (s *observed) waits(t *Task, what string) time.Time {
	for _, o := range s.by {
		o.Waits(t, what)
	}
	return time.Now()
}

func (s *observed) waited(t *Task, what string, since time.Time) {
	took := time.Since(since)
	for _, o := range s.by {
		o.Waited(t, what, took)
	}
}

func (s *observed) fired(late time.Duration) {
	for _, o := range s.by {
		o.Fired(late)
	}
}

// offloaded is told before an offloaded function, and returns what is to be called after it.
func (s *observed) offloaded(t *Task) (returned func()) {
	for _, o := range s.by {
		o.Offloaded(t)
	}
	since := time.Now()
	return func() {
		took := time.Since(since)
		for _, o := range s.by {
			o.Returned(t, took)
		}
	}
}

func (s *observed) stalled(stall Stall) {
	for _, o := range s.by {
		o.Stalled(stall)
	}
}
