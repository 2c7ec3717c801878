package hub

import (
	"context"
	"sync/atomic"
	"time"
)

// A timer wakes a task or ends a scope at a time of the hub's clock.
type timer struct {
	wake  *Task  // one of the two is set
	end   *scope // with DeadlineExceeded
	after time.Duration

	// place says where the timer is: 0 nowhere, i+1 in timers.heap[i], -i-1 in timers.fresh[i].
	place int
}

// timers holds the timers of a hub, and its clock. It is used with control of the hub.
//
// Times are durations since the hub began. On the real clock, a timer that is set for a duration from now stays in fresh
// until the clock is read the next time, at the end of the turn, and is counted from there: it is never early, and
// a thousand of them cost one reading.
type timers struct {
	virtual bool
	start   time.Time     // what the clock showed when the hub began
	now     time.Duration // the last reading

	heap  []entry // 4-ary min-heap
	fresh []*timer
	seq   uint64
	bell  *time.Timer // the one runtime timer; nil until needed

	// dead counts the timers in heap whose scope has ended already. Anybody may end a scope, from any goroutine, and the
	// heap is not theirs to touch; so such timers stay until they come to the top or make up half of the heap.
	dead atomic.Int64
}

// An entry has what is compared beside the pointer, so that sifting stays within the heap's memory.
type entry struct {
	when time.Duration
	seq  uint64 // timers for the same instant fire in the order in which they were set
	t    *timer
}

func (e *entry) before(o *entry) bool {
	return e.when < o.when || e.when == o.when && e.seq < o.seq
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
	t.after = d
	ts.fresh = append(ts.fresh, t)
	t.place = -len(ts.fresh)
}

// later returns a+b, or the end of time where that is beyond it.
func later(a, b time.Duration) time.Duration {
	if s := a + b; s >= a || b < 0 {
		return s
	}
	return 1<<63 - 1
}

// setAt sets t for the time when.
func (ts *timers) setAt(t *timer, when time.Duration) {
	if n := ts.dead.Load(); n > 32 && n > int64(len(ts.heap)/2) {
		ts.sweep()
	}
	ts.seq++
	ts.heap = append(ts.heap, entry{})
	ts.up(len(ts.heap)-1, entry{when, ts.seq, t})
}

// drop takes t back, if it is set.
func (ts *timers) drop(t *timer) {
	switch {
	case t.place > 0:
		ts.removeAt(t.place - 1)
	case t.place < 0:
		ts.fresh[-t.place-1] = nil
		t.place = 0
	}
}

// settle reads the clock and moves the fresh timers to the heap.
func (ts *timers) settle() {
	ts.read()
	for i, t := range ts.fresh {
		if t != nil {
			ts.setAt(t, later(ts.now, t.after))
			ts.fresh[i] = nil
		}
	}
	ts.fresh = ts.fresh[:0]
}

// any reports whether a timer is set.
func (ts *timers) any() bool { return len(ts.heap) > 0 || len(ts.fresh) > 0 }

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
	ts.skipDead()
	if len(ts.heap) == 0 {
		return false
	}
	ts.now = max(ts.now, ts.heap[0].when)
	ts.goOff()
	return true
}

func (ts *timers) goOff() {
	for len(ts.heap) > 0 && ts.heap[0].when <= ts.now {
		t := ts.heap[0].t
		ts.removeAt(0)
		if t.wake != nil {
			t.wake.Unpark()
		} else {
			t.end.cancel(context.DeadlineExceeded, context.DeadlineExceeded)
			ts.dead.Add(-1)
		}
	}
}

// isDead reports whether the timer has nothing left to do.
func (t *timer) isDead() bool { return t.end != nil && t.end.end.Load() != nil }

// skipDead removes dead timers from the top of the heap.
func (ts *timers) skipDead() {
	for len(ts.heap) > 0 && ts.heap[0].t.isDead() {
		ts.removeAt(0)
		ts.dead.Add(-1)
	}
}

// sweep removes all dead timers, in linear time.
func (ts *timers) sweep() {
	kept := ts.heap[:0]
	for _, e := range ts.heap {
		if e.t.isDead() {
			ts.dead.Add(-1)
		} else {
			kept = append(kept, e)
		}
	}
	clear(ts.heap[len(kept):])
	ts.heap = kept
	for i := len(kept) - 1; i >= 0; i-- {
		ts.down(i, kept[i])
	}
}

// next returns how long it is to the earliest timer, and whether there is one. No timer is fresh.
func (ts *timers) next() (time.Duration, bool) {
	ts.skipDead()
	if len(ts.heap) == 0 {
		return 0, false
	}
	return ts.heap[0].when - ts.now, true
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

func (ts *timers) removeAt(i int) {
	ts.heap[i].t.place = 0
	last := len(ts.heap) - 1
	e := ts.heap[last]
	ts.heap[last] = entry{}
	ts.heap = ts.heap[:last]
	if i == last {
		return
	}
	if i > 0 && e.before(&ts.heap[(i-1)/4]) {
		ts.up(i, e)
	} else {
		ts.down(i, e)
	}
}

// up puts e into the hole at i or above it.
func (ts *timers) up(i int, e entry) {
	for i > 0 {
		p := (i - 1) / 4
		if !e.before(&ts.heap[p]) {
			break
		}
		ts.put(i, ts.heap[p])
		i = p
	}
	ts.put(i, e)
}

// down puts e into the hole at i or below it.
func (ts *timers) down(i int, e entry) {
	for {
		first := 4*i + 1
		if first >= len(ts.heap) {
			break
		}
		least := first
		for c := first + 1; c < min(first+4, len(ts.heap)); c++ {
			if ts.heap[c].before(&ts.heap[least]) {
				least = c
			}
		}
		if !ts.heap[least].before(&e) {
			break
		}
		ts.put(i, ts.heap[least])
		i = least
	}
	ts.put(i, e)
}

func (ts *timers) put(i int, e entry) {
	ts.heap[i] = e
	e.t.place = i + 1
}
