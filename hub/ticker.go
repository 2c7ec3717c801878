package hub

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/seed6bcf1587/coop/internal/park"
)

// ErrStopped is what a wait for a [Ticker] returns that has been stopped.
var ErrStopped = errors.New("hub: ticker stopped")

// A Ticker ticks on the clock of a hub, for the tasks of that hub. [NewTicker] makes one: the zero value does not work.
//
// It is to tasks what a [time.Ticker] is to goroutines: ticks are a period apart, however long it takes to come back for the next one, and one
// that comes late gets one tick at once and has missed the others. A tick goes to one task. A ticker sets a timer only while a task waits for it,
// so one that is forgotten costs nothing, and does not let a virtual clock run on.
type Ticker struct {
	_ noCopy

	hub *Hub // immutable

	// Used with control of the hub.
	period  time.Duration
	next    time.Duration // when the next tick is that nobody has had; 0: stopped
	waiting []*Task
}

// NewTicker returns a ticker whose first tick is d from now. It panics if d is not positive, or ctx carries no task.
func NewTicker(ctx context.Context, d time.Duration) *Ticker {
	t := taskOf(ctx)
	if t == nil {
		panic("hub.NewTicker: ctx carries no task: call it inside hub.Run")
	}
	tk := &Ticker{hub: t.hub}
	tk.set("hub.NewTicker", d)
	return tk
}

// Wait waits for the next tick, and returns its time. If ctx ends first, it returns the cause, and the tick is left to others. If the ticker has been stopped, or
// is while it waits, it returns [ErrStopped].
//
//blocklint:cooperative
func (tk *Ticker) Wait(ctx context.Context) (time.Time, error) {
	if err := park.Err(ctx); err != nil {
		return time.Time{}, err
	}
	t := taskOf(ctx)
	if t == nil || t.hub != tk.hub {
		panic("hub.Ticker.Wait: ctx carries no task of the ticker's hub")
	}
	ts, alarm := &tk.hub.timers, &t.worker.wait.alarm
	for tk.next != 0 {
		now := ts.read()
		if late := now - tk.next; late >= 0 {
			tick := tk.next
			tk.next = later(tk.next, late-late%tk.period+tk.period)
			return ts.start.Add(tick), nil
		}
		ts.setAt(alarm, tk.next)
		if err := tk.await(ctx, t); err != nil {
			return time.Time{}, err
		}
		if ctx.Err() != nil {
			return time.Time{}, park.Err(ctx)
		}
	}
	return time.Time{}, ErrStopped
}

// await waits until t's alarm goes off or is dropped.
func (tk *Ticker) await(ctx context.Context, t *Task) error {
	tk.waiting = append(tk.waiting, t)
	defer func() {
		i := slices.Index(tk.waiting, t)
		tk.waiting = slices.Delete(tk.waiting, i, i+1)
	}()
	return t.awaitAlarm(ctx, "hub.Ticker.Wait")
}

// Reset stops the ticker and starts it again with the period d: the next tick is d from now, also for who waits. It panics if d is not positive, or if it
// is called outside the ticker's hub.
func (tk *Ticker) Reset(d time.Duration) {
	tk.check("Reset")
	tk.set("hub.Ticker.Reset", d)
	tk.wake()
}

// Stop ends the ticker: no tick comes any more, and who waits is told so. It panics if it is called outside the ticker's hub.
func (tk *Ticker) Stop() {
	tk.check("Stop")
	tk.next = 0
	tk.wake()
}

func (tk *Ticker) set(name string, d time.Duration) {
	if d <= 0 {
		panic(name + ": period not positive")
	}
	tk.period, tk.next = d, later(tk.hub.timers.read(), d)
}

// wake makes those who wait look again.
func (tk *Ticker) wake() {
	for _, t := range tk.waiting {
		tk.hub.timers.drop(&t.worker.wait.alarm)
		t.Unpark()
	}
}

func (tk *Ticker) check(method string) {
	if !tk.hub.seemsToHaveControl() {
		panic("hub.Ticker." + method + ": called outside the ticker's hub")
	}
}
