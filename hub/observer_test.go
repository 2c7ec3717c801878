package hub_test

import (
	"context"
	"fmt"
	"io"
	"runtime"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/seed6bcf1587/coop/event"
	"github.com/seed6bcf1587/coop/hub"
)

// diary writes down what it is told.
type diary struct {
	mu    sync.Mutex
	lines []string // guarded by mu
}

func (d *diary) add(format string, args ...any) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.lines = append(d.lines, fmt.Sprintf(format, args...))
}

func (d *diary) Spawned(t *hub.Task)          { d.add("%s spawned", t.Name()) }
func (d *diary) Started(t *hub.Task)          { d.add("%s started", t.Name()) }
func (d *diary) Ended(t *hub.Task, err error) { d.add("%s ended: %v", t.Name(), err) }
func (d *diary) Turn(t *hub.Task, ran time.Duration) {
	d.add("%s ran %v", t.Name(), ran)
}
func (d *diary) Waits(t *hub.Task, what string) { d.add("%s waits in %s", t.Name(), what) }
func (d *diary) Waited(t *hub.Task, what string, took time.Duration) {
	d.add("%s waited in %s for %v", t.Name(), what, took)
}
func (d *diary) Fired(late time.Duration) { d.add("timer, %v late", late) }
func (d *diary) Offloaded(t *hub.Task)    { d.add("%s offloads", t.Name()) }
func (d *diary) Returned(t *hub.Task, took time.Duration) {
	d.add("%s offloaded for %v", t.Name(), took)
}
func (d *diary) Stalled(s hub.Stall) {
	d.add("%s stalled for %v, over: %v", s.Task.Name, s.For, s.Over)
}

// TestObserver checks all that an observer is told, and in what order. The time is that of the bubble.
func TestObserver(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := &diary{}
		err := hub.Run(t.Context(), func(ctx context.Context) error {
			var e event.Event
			waiter := hub.Go(ctx, e.Wait, hub.Name("waiter"))
			never := hub.Go(ctx, func(context.Context) error { return nil }, hub.Name("never"))
			never.Cancel(io.EOF)
			hog(310 * time.Millisecond)
			_ = hub.Yield(ctx)
			if err := hub.Sleep(ctx, time.Second); err != nil {
				return err
			}
			_, _ = hub.Offload(ctx, func(context.Context) (int, error) {
				time.Sleep(time.Minute)
				runtime.Goexit()
				return 0, nil
			})
			e.Set()
			hog(20 * time.Millisecond)
			return waiter.Join(ctx)
		}, hub.WithObserver(d), hub.WithObserver(hub.NoObserver{}), hub.WithStallThreshold(200*time.Millisecond), quiet())
		if err != nil {
			t.Error(err)
		}
		const want = `main spawned
			main started
			waiter spawned
			never spawned
			main stalled for 200ms, over: false
			main ran 310ms
			waiter started
			waiter waits in event.Event.Wait
			waiter ran 0s
			never ran 0s
			never ended: EOF
			main waits in hub.Sleep
			main ran 0s
			main stalled for 250ms, over: true
			timer, 0s late
			main waited in hub.Sleep for 1s
			main waits in hub.Offload
			main ran 0s
			main offloads
			main offloaded for 1m0s
			main waited in hub.Offload for 1m0s
			main waits in hub.Task.Join
			main ran 20ms
			waiter waited in event.Event.Wait for 1m1.02s
			waiter ran 0s
			waiter ended: <nil>
			main waited in hub.Task.Join for 0s
			main ran 0s
			main ended: <nil>`
		if got := strings.Join(d.lines, "\n"); got != strings.ReplaceAll(want, "\n\t\t\t", "\n") {
			t.Errorf("told:\n%s", got)
		}
	})
}

// TestObserverSeesAll compares what an observer counts with what the program does, in several schedules.
func TestObserverSeesAll(t *testing.T) {
	for seed := range uint64(5) {
		c := &counter{running: map[*hub.Task]bool{}, t: t}
		const tasks, rounds = 30, 20
		err := runVirtual(t, func(ctx context.Context) error {
			for i := range tasks {
				hub.Go(ctx, func(ctx context.Context) error {
					for range rounds {
						if err := hub.Sleep(ctx, time.Duration(i)*time.Second+1); err != nil {
							return err
						}
						if err := hub.Yield(ctx); err != nil {
							return err
						}
					}
					return nil
				})
			}
			return nil
		}, hub.WithSeed(seed), hub.WithObserver(c))
		if err != nil || c.spawned != tasks+1 || c.ended != tasks+1 || c.waits != tasks*rounds || c.timers != tasks*rounds ||
			c.turns != tasks*(2*rounds+1)+1 || len(c.running) != 0 {
			t.Errorf("seed %d: %v; %+v", seed, err, c)
		}
	}
}

// counter is used without a lock.
type counter struct {
	hub.NoObserver
	t                                    *testing.T
	spawned, ended, waits, timers, turns int
	running                              map[*hub.Task]bool
}

func (c *counter) Spawned(*hub.Task)              { c.spawned++ }
func (c *counter) Started(t *hub.Task)            { c.running[t] = true }
func (c *counter) Fired(time.Duration)            { c.timers++ }
func (c *counter) Turn(*hub.Task, time.Duration)  { c.turns++ }
func (c *counter) Ended(t *hub.Task, err error)   { c.ended++; delete(c.running, t) }
func (c *counter) Waits(t *hub.Task, what string) { c.running[t] = false }
func (c *counter) Waited(t *hub.Task, _ string, took time.Duration) {
	if c.running[t] || took < 0 {
		c.t.Errorf("task %s waited without a wait, or for %v", t.Name(), took)
	}
	c.running[t] = true
	c.waits++
}
