package pool

import (
	"context"
	"sync"
	"sync/atomic"

	"github.com/seed6bcf1587/coop/internal/lend"
	"github.com/seed6bcf1587/coop/internal/park"
	"github.com/seed6bcf1587/coop/internal/ring"
)

// A core is all of a pool. Its goroutines and the contexts of its jobs refer to it, and not to the Pool.
type core struct {
	ctx     context.Context // of all jobs; carries the core as their lend.Lender
	cancel  context.CancelCauseFunc
	backlog int // how many jobs may wait at most

	mu sync.Mutex
	// Guarded by mu. A place is the right to run a job. Jobs wait only while all places are taken, busy >= size, and those who submit wait
	// for room only while, besides, waiting == backlog. Nobody waits for room, and no worker is idle, in a pool that is shut.
	size       int
	busy       int // places that are taken; more than size after a Resize, and when a job took back a place that it had lent
	line       ring.Ring[job]
	waiting    int // jobs in line that have not begun; those that have, because somebody lent them his place, are skipped
	idle       []*worker
	loans      map[job]*loan    // of jobs that run in a lent place
	room       park.List[offer] // who waits to submit, with his job
	joiners    park.List[offer] // who waits until nothing is unfinished
	closed     error            // nil, ErrClosed or ErrTerminated
	submitted  uint64
	unfinished int // jobs that were accepted and whose callbacks have not all run

	// How jobs ended, counted before their Results are set.
	completed, failed, dropped atomic.Uint64
}

// An offer is a job that somebody waits to submit, or why it was not accepted.
type offer struct {
	job job
	err error
}

// submit accepts j, or says why not.
func (c *core) submit(j job) error {
	c.mu.Lock()
	if c.closed == nil && c.busy < c.size {
		c.busy++
		c.accept()
		j.state().begun = true
		w := c.popIdle()
		c.mu.Unlock()
		// Not under the lock, which the worker needs soon.
		if w == nil {
			c.hire(j)
		} else {
			w.jobs <- j
		}
		return nil
	}
	err := c.enqueue(j)
	c.mu.Unlock()
	return err
}

// enqueue puts j at the end of the line, if there is room.
func (c *core) enqueue(j job) error {
	switch {
	case c.closed != nil:
		return c.closed
	case c.waiting >= c.backlog:
		return ErrFull
	}
	c.accept()
	c.line.Push(j)
	c.waiting++
	return nil
}

func (c *core) accept() {
	c.submitted++
	c.unfinished++
}

// submitWait is submit that waits for room. what names it for people.
//
//blocklint:cooperative
func (c *core) submitWait(ctx context.Context, j job, what string) error {
	if ctx.Err() != nil {
		return park.Err(ctx)
	}
	if err := c.submit(j); err != ErrFull {
		return err
	}
	if c.isJob(ctx) {
		return c.submitOnLoan(ctx, j, what)
	}
	if over := park.Outside(ctx); over != nil {
		defer over()
	}
	c.mu.Lock()
	// What has become free since submit looked.
	if c.closed == nil && c.busy < c.size {
		c.busy++
		c.accept()
		c.start(j)
		c.mu.Unlock()
		return nil
	}
	if err := c.enqueue(j); err != ErrFull {
		c.mu.Unlock()
		return err
	}
	return c.wait(ctx, &c.room, offer{job: j}, what)
}

// wait waits in l, with mu held, which it releases.
//
//blocklint:cooperative
func (c *core) wait(ctx context.Context, l *park.List[offer], o offer, what string) error {
	o, err := l.Wait(ctx, &c.mu, o, what, nil)
	if err == nil {
		err = o.err
	}
	return err
}

// isJob reports whether ctx is that of a job of this pool.
func (c *core) isJob(ctx context.Context) bool { return ctx.Value(lend.Key) == any(c) }

// take returns the job that is to begin next, or nil if none waits. It lets in who waits for the room that there is then.
func (c *core) take() job {
	j := c.pop()
	if j == nil {
		// There may be no backlog at all.
		if w := c.room.Front(); w != nil {
			j = w.Payload.job
			c.accept()
			j.state().begun = true
			c.room.Grant(w)
		}
		return j
	}
	c.admit()
	return j
}

// pop takes the first job out of the line that has not begun, and counts it as begun.
func (c *core) pop() job {
	for c.line.Len() > 0 {
		if j := c.line.Pop(); c.begin(j) {
			return j
		}
	}
	return nil
}

// begin counts a job that waits in line as begun, and reports whether it had not.
func (c *core) begin(j job) bool {
	s := j.state()
	if s.begun {
		return false
	}
	s.begun = true
	c.waiting--
	return true
}

// admit lets those in who wait for room, while there is room.
func (c *core) admit() {
	for w := c.room.Front(); w != nil && c.waiting < c.backlog; w = c.room.Front() {
		_ = c.enqueue(w.Payload.job)
		c.room.Grant(w)
	}
}

// shut lets nobody in any more, and idle workers go.
func (c *core) shut(why error) {
	c.closed = why
	for w := c.room.Front(); w != nil; w = c.room.Front() {
		w.Payload.err = why
		c.room.Grant(w)
	}
	for _, w := range c.idle {
		w.jobs <- nil
	}
	c.idle = nil
}

// drop refuses jobs that have been taken out of the line.
func (c *core) drop(jobs []job) {
	i := 0
	defer func() {
		if i < len(jobs) {
			c.drop(jobs[i+1:]) // a callback called runtime.Goexit
		}
		c.mu.Lock()
		defer c.mu.Unlock()
		c.finish(min(i+1, len(jobs)))
	}()
	for ; i < len(jobs); i++ {
		c.dropped.Add(1)
		jobs[i].refuse(ErrTerminated)
	}
}

// revoke takes back a job that has been accepted, and reports whether it had not begun. Its Result is not set.
func (c *core) revoke(j job) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if !c.begin(j) {
		return false
	}
	c.dropped.Add(1)
	c.finish(1)
	c.admit()
	return true
}

// finish counts n accepted jobs as finished.
func (c *core) finish(n int) {
	c.unfinished -= n
	if c.unfinished == 0 {
		c.joiners.GrantAll()
	}
}
