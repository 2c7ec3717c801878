package hubdebug

import (
	"fmt"
	"time"

	"github.com/seed6bcf1587/coop/hub"
)

// A view is what the page shows, and the JSON has.
type view struct {
	At      time.Time      `json:"at"`
	Total   int            `json:"total"`   // tasks, also those that are not listed
	States  map[string]int `json:"states"`  // how many of them are in each state
	Tasks   []task         `json:"tasks"`   // by id
	Stalls  []stall        `json:"stalls"`  // the latest at the end
	Metrics *Snapshot      `json:"metrics"` // null: not counted
}

type task struct {
	ID        uint64        `json:"id"`
	Parent    uint64        `json:"parent,omitempty"`
	Name      string        `json:"name"`
	Daemon    bool          `json:"daemon,omitempty"`
	State     string        `json:"state"`
	WaitingOn string        `json:"waitingOn,omitempty"`
	Since     *time.Time    `json:"since,omitempty"` // on the hub's clock
	For       time.Duration `json:"forNanoseconds,omitempty"`
	Where     string        `json:"at,omitempty"`
	Turns     uint64        `json:"turns,omitempty"` // 0: not known
}

func newTask(t hub.TaskInfo) task {
	v := task{t.ID, t.Parent, t.Name, t.Daemon, t.State, t.WaitingOn, nil, t.For, t.At, t.Turns}
	if !t.Since.IsZero() {
		v.Since = &t.Since
	}
	return v
}

type stall struct {
	Task  task          `json:"task"`
	Began time.Time     `json:"began"` // on the real clock
	For   time.Duration `json:"forNanoseconds"`
	Over  bool          `json:"over"`
	Stack string        `json:"stack"`
}

// bars returns the histogram as the page draws it.
func bars(s *Snapshot) []bar {
	most := uint64(1)
	for _, b := range s.Runs {
		most = max(most, b.Count)
	}
	var bars []bar
	for _, b := range s.Runs {
		label := "longer"
		if b.Below > 0 {
			label = "< " + short(b.Below)
		}
		part := fmt.Sprintf("%.2g %%", 100*float64(b.Count)/float64(max(1, s.Turns)))
		bars = append(bars, bar{label, b.Count, 100 * float64(b.Count) / float64(most), part})
	}
	return bars
}

// A bar is a row of the histogram.
type bar struct {
	Label   string
	Count   uint64
	Percent float64 // of the longest
	Part    string  // of all
}
