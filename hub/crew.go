package hub

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"

	"github.com/seed6bcf1587/coop/internal/list"
	"github.com/seed6bcf1587/coop/internal/park"
	"github.com/seed6bcf1587/coop/internal/recovered"
)

// A job is a function that was offloaded, on its way to a goroutine and back.
type job struct {
	task *Task
	ctx  *outside            // of the function
	body interface{ call() } // runs the function
	node list.Node[*job]     // in crew.waiting

	// state goes from pending to done, after the function, or to dropped, when its task has given it up. The task reads what the function left
	// only when it is done, and nobody does when it is dropped.
	state  atomic.Int32
	caught *PanicError // what the function panicked with; written before state, read after
	late   bool        // ctx ended before the function did; written before state, read after
}

// The values of job.state.
const (
	pending int32 = iota
	done
	dropped
)

// wait has the job done and parks its task until it is. After an error the job is dropped, or was done too late.
func (j *job) wait(ctx context.Context) error {
	t := j.task
	t.hub.crew.submit(j)
	for {
		err := t.Park(ctx, "hub.Offload")
		ended := j.state.Load() == done
		if ended && !j.late {
			return nil
		}
		if err == nil && ctx.Err() != nil {
			err = park.Cause(ctx)
		}
		if err != nil && (ended || t.hub.crew.drop(j)) {
			return t.Refuse(err)
		}
	}
}

// do runs the function. It does not return if the function calls Goexit.
func (j *job) do() {
	// The task, which is to give j up when ctx ends, may have to wait for its turn until long after the function, which sees that end, has returned.
	if j.late = j.ctx.isOver(); j.late {
		return
	}
	defer func() {
		if v := recover(); v != nil {
			j.caught = recovered.New(v)
		}
		j.late = j.ctx.isOver()
	}()
	if seen := j.task.hub.observed; seen != nil {
		defer seen.offloaded(j.task)()
	}
	j.body.call()
}

// settle tells the task that the function has ended.
func (j *job) settle() {
	t := j.task
	h := t.hub
	caught, givenUp := j.caught, j.late
	if j.state.CompareAndSwap(pending, done) { // j is the task's again, which uses it for the next call
		t.Unpark()
	} else {
		givenUp = true
	}
	if givenUp && caught != nil {
		h.strays.add(fmt.Errorf("hub.Offload, given up by task %q: %w", t.Name(), caught))
	}
	// Only now: on a virtual clock time may pass as soon as nothing is pending and nobody is ready. That the last one has ended the owner does not learn
	// from a task that it makes ready, if that has given it up. The owner says that it sleeps and then looks at offloaded; here it is the other
	// way round.
	if h.isolated && h.offloaded.Add(-1) == 0 && h.asleep.Load() {
		h.ring()
	}
}

// A crew is the goroutines that offloaded functions run on. It grows when a function comes and no goroutine is idle, and
// shrinks when a goroutine becomes idle and enough are.
type crew struct {
	limit int // immutable after New; 0: defaultCrew

	mu sync.Mutex
	// Guarded by mu. A job waits only while there are limit hands and none is idle.
	idle    []*hand // the one that was used last at the end: its stack and caches are warm
	hands   int     // idle or not
	waiting list.List[*job]
	closed  bool // Run is about to end: nobody needs a hand any more
}

const (
	defaultCrew = 512 // fewer than would make a program run out of threads, if all of them block in the system
	spareHands  = 16  // how many are kept idle at most: a new goroutine costs less than a microsecond
)

// A hand is a goroutine that runs jobs, one after the other.
type hand struct {
	crew *crew
	jobs chan *job // capacity 1, filled only by who has taken the hand out of crew.idle; closed when the hand is not needed any more
	job  *job      // what it runs; used by the hand alone
}

// submit lets a hand do j, now or when one is free. The caller has control of the hub.
func (c *crew) submit(j *job) {
	h := j.task.hub
	if h.isolated {
		h.offloaded.Add(1)
	}
	c.mu.Lock()
	switch last := len(c.idle) - 1; {
	case last >= 0:
		w := c.idle[last]
		c.idle[last] = nil
		c.idle = c.idle[:last]
		c.mu.Unlock()
		w.jobs <- j //blocklint:ignore chan there is room
	case c.hands < c.max():
		c.hands++
		c.mu.Unlock()
		c.start(h, j)
	default:
		j.node.Value = j
		c.waiting.Push(&j.node)
		c.mu.Unlock()
	}
}

func (c *crew) max() int {
	if c.limit == 0 {
		return defaultCrew
	}
	return c.limit
}

func (c *crew) start(h *Hub, j *job) {
	w := &hand{crew: c, jobs: make(chan *job, 1)}
	h.callbacks.Add(1)
	go w.serve(h, j)
}

// drop gives j up on behalf of its task, and reports false if it is done.
func (c *crew) drop(j *job) bool {
	c.mu.Lock()
	if j.node.Listed() {
		j.node.Remove()
		c.mu.Unlock()
		if h := j.task.hub; h.isolated {
			h.offloaded.Add(-1)
		}
		return true
	}
	c.mu.Unlock()
	return j.state.CompareAndSwap(pending, dropped)
}

// close lets the hands go, each when it is idle.
func (c *crew) close() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.closed = true
	for _, w := range c.idle {
		close(w.jobs)
	}
	c.idle = nil
}

// serve is what a hand does, beginning with j.
func (w *hand) serve(h *Hub, j *job) {
	defer h.callbacks.Done()
	defer func() {
		if w.job != nil {
			w.replace(h) // the function called Goexit, and nobody can keep a goroutine from that
		}
	}()
	for j != nil {
		w.job = j
		j.do()
		w.job = nil
		j = w.next(j)
	}
}

// next settles j, which has been done, and returns the next job, or nil if the hand is not needed any more.
func (w *hand) next(j *job) *job {
	c := w.crew
	c.mu.Lock()
	var next *job
	idle := false
	switch n := c.waiting.First(); {
	case n != nil:
		next = n.Value
		n.Remove()
	case c.closed || len(c.idle) >= spareHands:
		c.hands--
	default:
		// Before the task is told, which may have the next job for this hand.
		c.idle, idle = append(c.idle, w), true
	}
	c.mu.Unlock()
	j.settle()
	if idle {
		next = <-w.jobs
	}
	return next
}

// replace settles the job of a hand that is at its end, and starts another hand if a job waits.
func (w *hand) replace(h *Hub) {
	c := w.crew
	c.mu.Lock()
	n := c.waiting.First()
	if n != nil {
		n.Remove()
	} else {
		c.hands--
	}
	c.mu.Unlock()
	if n != nil {
		c.start(h, n.Value)
	}
	w.job.settle()
}
