package hub

import (
	"context"
	"math"
	"sync/atomic"
	"time"

	"github.com/seed6bcf1587/coop/internal/radix"
)

// A timer does something at a time of the hub's clock.
type timer struct {
	// One of these is set.
	wake  *Task
	end   *scope // with DeadlineExceeded
	start *Task  // see AfterFunc

	// number tells the present setting of the timer from those before, of which entries may be left. 0: it is not set.
	number uint64
}

// timers holds the timers of a hub, and its clock. It is used with control of the hub.
//
// Times are durations since the hub began. On the real clock, a timer that is set for a duration from now stays in fresh
// until the clock is read the next time, at the end of the turn, and is counted from there: it is never early, and
// a thousand of them cost one reading.
type timers struct {
	virtual  bool
	observed *observed     // nil: there are no observers
	start    time.Time     // what the clock showed when the hub began
	now      time.Duration // the last reading

	heap    radix.Heap[setting] // keys are times
	fresh   []freshSetting
	settled uint64      // number of settings so far
	bell    *time.Timer // the one runtime timer; nil until needed

	// dead counts the settings in heap that have nothing left to do. They stay until they come to the top or make up half of the heap: to be found
	// from the timer they would have to know their places, which costs more each time that one moves. Besides,
	// anybody may end a scope, from any goroutine, and the heap is not theirs to touch.
	dead atomic.Int64
}

// A setting is a timer that is set.
type setting struct {
	t      *timer
	number uint64
}

type freshSetting struct {
	setting
	after time.Duration
}

// isDead reports whether nothing is left to do: the timer has been dropped, or the scope that it is about has ended.
func (s setting) isDead() bool {
	return s.t.number != s.number || s.t.end != nil && s.t.end.isOver() || s.t.start != nil && s.t.start.scope.isOver()
}

func (ts *timers) begin(virtual bool) {
	ts.virtual = virtual
	if !virtual {
		ts.start = time.Now()
	}
}

// read returns the time that the clock shows.
func (ts *timers) read() time.Duration {
	if !ts.virtual {
		ts.now = time.Since(ts.start)
	}
	return ts.now
}

// setAfter sets t for d from now.
func (ts *timers) setAfter(t *timer, d time.Duration) {
	if ts.virtual {
		ts.setAt(t, later(ts.now, d))
		return
	}
	ts.fresh = append(ts.fresh, freshSetting{ts.set(t), d})
}

// later returns a+b, or the end of time where that is beyond it.
func later(a, b time.Duration) time.Duration {
	if s := a + b; s >= a || b < 0 {
		return s
	}
	return math.MaxInt64
}

// setAt sets t for the time when, which is not before now.
func (ts *timers) setAt(t *timer, when time.Duration) {
	ts.tidy()
	ts.heap.Push(uint64(when), ts.set(t))
}

func (ts *timers) set(t *timer) setting {
	ts.settled++
	t.number = ts.settled
	return setting{t, t.number}
}

// drop takes t back, if it is set. It is not for timers that end a scope.
func (ts *timers) drop(t *timer) {
	if t.number != 0 {
		t.number = 0
		ts.dead.Add(1)
	}
}

// maxFresh is for how many fresh settings room is kept.
const maxFresh = 4096

// settle reads the clock and moves the fresh timers to the heap.
func (ts *timers) settle() {
	ts.read()
	for _, f := range ts.fresh {
		ts.heap.Push(uint64(later(ts.now, f.after)), f.setting) // dead or not
	}
	if cap(ts.fresh) > maxFresh {
		ts.fresh = nil
	} else {
		clear(ts.fresh)
		ts.fresh = ts.fresh[:0]
	}
	ts.tidy()
}

// tidy removes the dead settings if they are many.
func (ts *timers) tidy() {
	if n := ts.dead.Load(); n > 32 && n > int64(ts.heap.Len()/2) {
		ts.sweep()
	}
}

// any reports whether a timer is set.
func (ts *timers) any() bool { return ts.heap.Len() > 0 || len(ts.fresh) > 0 }

// longTurn is how long a turn should last at most while timers are set: they are late by up to that.
const longTurn = time.Millisecond

// fire lets the timers go off whose time has come by the real clock, at the end of a turn, and returns how many steps the next turn should have if it
// would have as many as named.
func (ts *timers) fire(steps int) int {
	before := ts.now
	ts.settle()
	ts.goOff()
	if took := ts.now - before; took > longTurn {
		// The turn was long, or it began before the first timer was set. Look again soon.
		return max(1, int(time.Duration(steps)*longTurn/took))
	}
	return steps
}

// jump moves the virtual clock to the earliest timer and lets all of that instant go off. It reports whether there was one.
func (ts *timers) jump() bool {
	if !ts.pop(math.MaxInt64) {
		return false
	}
	ts.goOff()
	return true
}

// goOff lets the timers go off whose time has come.
func (ts *timers) goOff() {
	for ts.pop(ts.now) {
	}
}

// pop lets the earliest timer go off, if it is set for limit or earlier, and reports whether it was. It is not before its time then.
func (ts *timers) pop(limit time.Duration) bool {
	for {
		key, s, ok := ts.heap.Pop(uint64(limit))
		if !ok {
			return false
		}
		if s.isDead() {
			ts.dead.Add(-1)
			continue
		}
		s.t.number = 0
		ts.now = max(ts.now, time.Duration(key))
		switch {
		case s.t.wake != nil:
			s.t.wake.unparkHere()
		case s.t.start != nil:
			s.t.start.startDelayed()
		default:
			s.t.end.cancel(context.DeadlineExceeded, context.DeadlineExceeded)
			ts.dead.Add(-1)       // it is not in the heap any more
			s.t.end.hub.collect() // whom that woke is in line before whom the next timer wakes
		}
		if ts.observed != nil {
			ts.observed.fired(max(0, ts.now-time.Duration(key)))
		}
		return true
	}
}

// sweep removes all dead settings, in linear time.
func (ts *timers) sweep() {
	ts.heap.DeleteFunc(func(s setting) bool {
		dead := s.isDead()
		if dead {
			ts.dead.Add(-1)
		}
		return dead
	})
}

// next returns how long it is to the earliest timer, dead or not, and whether there is one. No timer is fresh.
func (ts *timers) next() (time.Duration, bool) {
	when, ok := ts.heap.Min()
	return time.Duration(when) - ts.now, ok
}

// alarm returns a runtime timer set for d from now. There is one, used again and again by the owner alone.
func (ts *timers) alarm(d time.Duration) *time.Timer {
	if ts.bell == nil {
		ts.bell = time.NewTimer(d)
	} else {
		ts.bell.Reset(d)
	}
	return ts.bell
}
