package hub_test

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/seed6bcf1587/coop/coro"
	"github.com/seed6bcf1587/coop/event"
	"github.com/seed6bcf1587/coop/hub"
	"github.com/seed6bcf1587/coop/queue"
)

// line cuts the directories and the number off a position.
func line(at string) string {
	file, _, _ := strings.Cut(at[strings.LastIndex(at, "/")+1:], ":")
	return file
}

func describe(tasks []hub.TaskInfo) string {
	var b strings.Builder
	for _, t := range tasks {
		fmt.Fprintf(&b, "%d<%d %s %s %s %s turns=%d\n", t.ID, t.Parent, t.Name, t.State, t.WaitingOn, line(t.At), t.Turns)
	}
	return b.String()
}

// TestTasks looks at a hub from a task.
func TestTasks(t *testing.T) {
	h := hub.New(hub.WithVirtualClock(epoch))
	h.Go(func(ctx context.Context) error { return hub.Sleep(ctx, time.Hour) }, hub.Name("early"), hub.Daemon())
	if got, want := describe(h.Tasks()), "1<0 early ready   turns=0\n"; got != want {
		t.Errorf("before Run: got\n%swant\n%s", got, want)
	}
	err := h.Run(t.Context(), func(ctx context.Context) error {
		var e event.Event
		q := queue.NewFIFO[int](0)
		hub.Go(ctx, e.Wait, hub.Name("direct"), hub.Daemon())
		hub.Go(ctx, func(ctx context.Context) error {
			_ = hub.Yield(ctx)
			for range q.All(ctx) {
			}
			return nil
		}, hub.Name("iterates"), hub.Daemon())
		hub.Go(ctx, func(ctx context.Context) error {
			g := coro.New(func(y *coro.Yielder[int, int]) (int, error) { return 0, e.Wait(ctx) })
			g.Next()
			_, err := g.Close()
			return err
		}, hub.Name("generates"), hub.Daemon())
		_ = hub.Sleep(ctx, time.Second)
		hub.Go(ctx, func(ctx context.Context) error {
			for {
				if err := hub.Yield(ctx); err != nil {
					return err
				}
			}
		}, hub.Name("yields"), hub.Daemon())
		_ = hub.Yield(ctx)
		_ = hub.Yield(ctx)
		hub.Go(ctx, hub.Yield, hub.Name("new"))
		h.Go(hub.Yield, hub.Name("from outside"))
		tasks := h.Tasks()
		want := `1<0 early waiting hub.Sleep tasks_test.go turns=1
2<0 main running  tasks_test.go turns=4
3<2 direct waiting event.Event.Wait  turns=1
4<2 iterates waiting queue.Queue.Get tasks_test.go turns=2
5<2 generates waiting event.Event.Wait tasks_test.go turns=1
6<2 yields ready  tasks_test.go turns=2
7<2 new ready   turns=0
8<0 from outside ready   turns=0
`
		if got := describe(tasks); got != want {
			t.Errorf("got\n%swant\n%s", got, want)
		}
		if s := tasks[0].Since; s != epoch || !tasks[2].Daemon || tasks[1].Daemon {
			t.Errorf("%+v", tasks)
		}
		return nil
	})
	if err != nil || h.Tasks() != nil {
		t.Errorf("%v; after Run: %v", err, h.Tasks())
	}
}

// TestTasksWhileOthersLook looks from a task while a goroutine waits for the task's step to end. In a bubble, where no time passes while somebody waits
// for a mutex, that would be a deadlock if the task waited for the goroutine's patience to end.
func TestTasksWhileOthersLook(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := hub.New()
		err := h.Run(t.Context(), func(ctx context.Context) error {
			seen := make(chan string, 1)
			go func() { seen <- describe(h.Tasks()) }()
			synctest.Wait() //blocklint:ignore wait the goroutine waits for this task
			want := "1<0 main running  tasks_test.go turns=1\n"
			if got := describe(h.Tasks()); got != want {
				t.Errorf("the task saw %s", got)
			}
			if got := <-seen; got != want { //blocklint:ignore chan the goroutine has looked
				t.Errorf("the goroutine saw %s", got)
			}
			return nil
		})
		if err != nil {
			t.Error(err)
		}
	})
}

// TestTasksOfHeldHub looks at a hub that a task holds, from another goroutine.
func TestTasksOfHeldHub(t *testing.T) {
	h := hub.New()
	var e event.Event
	err := h.Run(t.Context(), func(ctx context.Context) error {
		hub.Go(ctx, func(ctx context.Context) error { return e.Wait(ctx) }, hub.Name("waits"))
		hub.Go(ctx, func(ctx context.Context) error { _ = hub.Yield(ctx); return e.Wait(ctx) }, hub.Name("yields"))
		hub.Go(ctx, func(ctx context.Context) error {
			var got string
			var wg sync.WaitGroup
			wg.Go(func() { got = describe(h.Tasks()) })
			wg.Wait() //blocklint:ignore wait it holds the hub: that is what is tested
			want := `1<0 main waiting hub.Task.Join tasks_test.go turns=1
2<1 waits waiting event.Event.Wait tasks_test.go turns=1
3<1 yields ready  tasks_test.go turns=0
4<1 holds running  tasks_test.go turns=0
5<1 new ready   turns=0
`
			if got != want {
				t.Errorf("got\n%swant\n%s", got, want)
			}
			e.Set()
			return nil
		}, hub.Name("holds"))
		return hub.Go(ctx, hub.Yield, hub.Name("new")).Join(ctx)
	})
	if err != nil {
		t.Error(err)
	}
}

// TestTasksWhileRunning looks again and again at a hub that does not care, under the race detector.
func TestTasksWhileRunning(t *testing.T) {
	h := hub.New()
	var wg sync.WaitGroup
	looked := make([]int, 3)
	for i := range looked {
		wg.Go(func() {
			for range 20 {
				last := uint64(0)
				for _, task := range h.Tasks() {
					if task.ID <= last || task.State == "waiting" && (task.WaitingOn == "" || task.Since.IsZero()) {
						t.Errorf("%+v", task)
					}
					last = task.ID
					looked[i]++
				}
			}
		})
	}
	err := h.Run(t.Context(), func(ctx context.Context) error {
		q := queue.NewFIFO[int](2)
		for range 5 {
			hub.Go(ctx, func(ctx context.Context) error {
				for i := range 100 {
					_ = q.Put(ctx, i)
					_ = hub.Go(ctx, hub.Yield).Join(ctx)
					_ = hub.Sleep(ctx, 10*time.Microsecond)
				}
				return nil
			})
			hub.Go(ctx, func(ctx context.Context) error {
				for range 100 {
					_, _ = q.Get(ctx)
					_ = hub.Yield(ctx)
				}
				return nil
			})
		}
		return nil
	})
	wg.Wait()
	if err != nil {
		t.Error(err)
	}
	for i, n := range looked {
		if n == 0 {
			t.Errorf("viewer %d saw nothing", i)
		}
	}
}
