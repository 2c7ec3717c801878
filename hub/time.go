package hub

import (
	"context"
	"runtime"
	"time"

	"github.com/seed6bcf1587/coop/internal/goid"
	"github.com/seed6bcf1587/coop/internal/park"
)

// Yield lets the other tasks that can run have their turn first. It fails, see [Task.Cancel], only if ctx has ended already.
// Without a task in ctx it is runtime.Gosched.
//
//blocklint:cooperative
func Yield(ctx context.Context) error {
	t, ok := currently(ctx)
	if !ok {
		if ctx.Err() != nil {
			return park.Err(ctx)
		}
		if t = taskOf(ctx); t == nil {
			runtime.Gosched()
			return nil
		}
	}
	h := t.hub
	if h.stopped != nil {
		return t.Refuse(t.whyStopped(ctx))
	}
	h.collect() // who became ready before is first in line
	if h.turn > 0 && h.plain && h.ready.Len() > 0 {
		// What follows, in short: no frame between here and the switch that can be avoided, see coroutine.Coroutine.Enter.
		h.turn--
		to, me := h.ready.Turn(t), &t.worker.co
		if o, inside := me.Enter(h.coroutineOf(to)); inside {
			o.Yield(struct{}{})
		} else {
			o.Next()
		}
		if h.set.Astray() {
			h.set.SendOn(me)
		}
		h.current.set(t)
		t.turns++
		return nil
	}
	h.ready.Push(t)
	t.giveUp()
	return nil
}

// currently is the short way to what taskOf says of a context that has not ended: it gives up, and reports false, where it would have to call anything but
// the goroutine's number.
func currently(ctx context.Context) (*Task, bool) {
	s, ok := ctx.(*scope)
	if !ok || s.asks || s.end.Load() != nil || s.task.goid != goid.Quick() || s.hub.current.get() != s.task {
		return nil, false
	}
	return s.task, true
}

// Sleep waits until the hub's clock has advanced by d, not less. If d is zero or negative, it yields. If ctx ends first,
// Sleep returns its cause. Without a task in ctx it waits on a runtime timer.
//
//blocklint:cooperative
func Sleep(ctx context.Context, d time.Duration) error {
	if d <= 0 {
		return Yield(ctx)
	}
	if ctx.Err() != nil {
		return park.Err(ctx)
	}
	t := taskOf(ctx)
	if t == nil {
		return sleepOutside(ctx, d)
	}
	alarm := &t.worker.wait.alarm
	t.hub.timers.setAfter(alarm, d)
	err := t.Park(ctx, "hub.Sleep")
	if alarm.number == 0 {
		return nil
	}
	return t.sleepOn(ctx, "hub.Sleep", err)
}

// SleepUntil waits until the hub's clock shows when, or later. If it does already, SleepUntil yields. If ctx ends first, it returns the
// cause. Without a task in ctx it waits on a runtime timer.
//
//blocklint:cooperative
func SleepUntil(ctx context.Context, when time.Time) error {
	t := taskOf(ctx)
	if t == nil {
		return Sleep(ctx, time.Until(when))
	}
	at := when.Sub(t.hub.timers.start)
	if at <= t.hub.timers.read() {
		return Yield(ctx)
	}
	if ctx.Err() != nil {
		return park.Err(ctx)
	}
	t.hub.timers.setAt(&t.worker.wait.alarm, at)
	return t.awaitAlarm(ctx, "hub.SleepUntil")
}

// awaitAlarm waits until the task's alarm, which has been set, goes off or is dropped.
func (t *Task) awaitAlarm(ctx context.Context, what string) error {
	return t.sleepOn(ctx, what, t.Park(ctx, what))
}

// sleepOn is the rest of awaitAlarm after a Park that has returned err.
func (t *Task) sleepOn(ctx context.Context, what string, err error) error {
	alarm := &t.worker.wait.alarm
	for alarm.number != 0 {
		if err == nil && ctx.Err() != nil {
			err = park.Cause(ctx)
		}
		if err != nil {
			t.hub.timers.drop(alarm)
			return t.Refuse(err)
		}
		err = t.Park(ctx, what)
	}
	return nil
}

func sleepOutside(ctx context.Context, d time.Duration) error {
	alarm := time.NewTimer(d)
	defer alarm.Stop()
	select {
	case <-alarm.C:
		return nil
	case <-ctx.Done():
		return park.Cause(ctx)
	}
}

// Now returns the time on the hub's clock, or time.Now without a task in ctx.
func Now(ctx context.Context) time.Time {
	if t := taskOf(ctx); t != nil {
		return t.hub.now()
	}
	return time.Now()
}

// WithTimeout is WithDeadline with a deadline d from now.
func WithTimeout(ctx context.Context, d time.Duration) (context.Context, context.CancelFunc) {
	if t := taskOf(ctx); t == nil {
		return context.WithTimeout(withoutTask(ctx), d)
	}
	return WithDeadline(ctx, Now(ctx).Add(d))
}

// WithDeadline returns a context within ctx that ends with context.DeadlineExceeded when the hub's clock shows deadline, and with
// context.Canceled when the function that it also returns is called; call that when the context is no longer needed.
// Where several deadlines are nested, each tells whether it was the one that passed by its own Err.
// It costs no runtime timer. Without a task in ctx it is context.WithDeadline.
func WithDeadline(ctx context.Context, deadline time.Time) (context.Context, context.CancelFunc) {
	t := taskOf(ctx)
	if t == nil {
		return context.WithDeadline(withoutTask(ctx), deadline)
	}
	h, s := t.hub, &scope{hub: t.hub, task: t}
	if s.open(ctx, deadline) || deadline.IsZero() { // that is a time as any other, though not to open
		if when := deadline.Sub(h.timers.start); when > h.timers.read() {
			s.setTimer(when)
		} else {
			s.cancel(context.DeadlineExceeded, context.DeadlineExceeded)
		}
	}
	return s, func() { s.cancel(context.Canceled, context.Canceled) }
}

// setTimer sets a timer for the deadline of a scope that has just been opened.
func (s *scope) setTimer(when time.Duration) {
	if s.setTimed(true) { // else it has ended with the context that it was opened in
		s.hub.timers.setAt(&timer{end: s}, when)
	}
}
