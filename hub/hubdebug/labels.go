package hubdebug

import (
	"context"
	"runtime/pprof"
	"time"

	"github.com/seed6bcf1587/coop/hub"
)

// Labels makes the hub give each task the pprof label "task", which is its name, so that CPU and goroutine profiles can be divided by tasks: go tool pprof
// -tagfocus, or Diff by tag in the browser. Give names to kinds of tasks then, see [hub.Name], rather than numbers. What a task offloads has its
// label too, and goroutines that it starts inherit it.
func Labels() hub.Option { return hub.WithObserver(labels{}) }

type labels struct{ hub.NoObserver }

func (labels) Started(t *hub.Task)               { label(t) }
func (labels) Ended(*hub.Task, error)            { unlabel() }
func (labels) Offloaded(t *hub.Task)             { label(t) }
func (labels) Returned(*hub.Task, time.Duration) { unlabel() }

func label(t *hub.Task) {
	pprof.SetGoroutineLabels(pprof.WithLabels(context.Background(), pprof.Labels("task", t.Name())))
}

// unlabel takes the label from the goroutine, which will be used for other tasks.
func unlabel() { pprof.SetGoroutineLabels(context.Background()) }
