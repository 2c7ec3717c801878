package hub

import (
	"slices"
	"time"
)

// A Stall is a task that keeps the hub from all others: it computes, or blocks in a call that takes no part in the hub.
type Stall struct {
	// Task is the task that has the hub, or one that has ended and whose callbacks, see [Task.OnDone], have it. Its Since is when the watch first saw it so, on the real clock.
	Task TaskInfo

	// For is how long it has had the hub, at least: up to half of the threshold may be missing, and what the watch itself slept through.
	For time.Duration

	// Over reports whether the task has given up the hub since. Then For does not grow any more.
	Over bool

	// Stack is the task's own stack, as it was when the stall was found, in the form of [runtime.Stack]. Where it could not be taken, a line says why.
	Stack []byte
}

// WithStallThreshold makes the hub watch for tasks that keep it for d or longer without a wait. Such a stall is reported once, while it lasts,
// between d and two times d after its beginning: to the function given with [OnStall], or else to the hub's logger. See also
// [Hub.Stalls]. Without this option nothing is watched and nothing is spent.
//
// The real clock counts, also if the hub has a virtual one. An idle hub does not stall. Nor does one whose process was suspended, or
// got no processor: time that the watch itself slept through is not counted, so on a machine that is overloaded a report may come
// late. If it is the hub's thread alone that gets none, that is a stall too; its stack may show the task at its next wait. Four times in d, but not more often than each millisecond, a goroutine wakes up while the hub is not idle; it ends with Run.
//
// To find the stack, the world is stopped for some 8 microseconds for each goroutine of the program, and above 2,000 goroutines, where that would
// be a stall itself, a profile of goroutines is taken, which knows 32 frames at most. No more than a twentieth of the time is spent so:
// stalls that follow at once may be reported without a stack.
//
// If d is zero or less, nothing is watched.
func WithStallThreshold(d time.Duration) Option {
	return option(func(h *Hub) {
		h.watching().threshold = d
	})
}

// defaultThreshold is for OnStall without WithStallThreshold.
const defaultThreshold = 100 * time.Millisecond

// OnStall makes fn, instead of the logger, be told of stalls, from a hundred milliseconds on if there is no [WithStallThreshold]. It is called
// on a goroutine of its own, while the stall lasts. The next stall is not looked for until fn has returned, and Run does not
// return before. A panic of fn is an error that Run returns.
func OnStall(fn func(Stall)) Option {
	return option(func(h *Hub) { h.watching().tell = fn })
}

// watching returns the watchdog, and makes it if need be.
func (h *Hub) watching() *watchdog {
	if h.watch == nil {
		h.watch = newWatchdog(h)
	}
	return h.watch
}

// Stalls returns the latest stalls that were reported, 32 at most, the latest at the end. It is nil without [WithStallThreshold] or [OnStall]. Anybody may call it,
// from any goroutine, also after Run.
func (h *Hub) Stalls() []Stall {
	if h.watch == nil {
		return nil
	}
	h.watch.mu.Lock()
	defer h.watch.mu.Unlock()
	return slices.Clone(h.watch.recent)
}
