package pool

import (
	"context"

	"github.com/seed6bcf1587/coop/internal/lend"
	"github.com/seed6bcf1587/coop/internal/park"
)

// An offer is a job that somebody waits to submit, or why it was not accepted.
type offer struct {
	job job
	err error
}

// submit accepts j, or says why not.
func (p *Pool) submit(j job) error {
	p.mu.Lock()
	if p.closed == nil && p.busy < p.size {
		p.busy++
		p.accept()
		j.state().begun = true
		w := p.popIdle()
		p.mu.Unlock()
		// Not under the lock, which the worker needs soon.
		if w == nil {
			p.hire(j)
		} else {
			w.jobs <- j
		}
		return nil
	}
	err := p.enqueue(j)
	p.mu.Unlock()
	return err
}

// enqueue puts j at the end of the line, if there is room.
func (p *Pool) enqueue(j job) error {
	switch {
	case p.closed != nil:
		return p.closed
	case p.waiting >= p.backlog:
		return ErrFull
	}
	p.accept()
	p.line.Push(j)
	p.waiting++
	return nil
}

func (p *Pool) accept() {
	p.submitted++
	p.unfinished++
}

// submitWait is submit that waits for room. what names it for people.
//
//blocklint:cooperative
func (p *Pool) submitWait(ctx context.Context, j job, what string) error {
	if ctx.Err() != nil {
		return park.Err(ctx)
	}
	if err := p.submit(j); err != ErrFull {
		return err
	}
	if p.isJob(ctx) {
		return p.submitOnLoan(ctx, j, what)
	}
	if over := park.Outside(ctx); over != nil {
		defer over()
	}
	p.mu.Lock()
	// What has become free since submit looked.
	if p.closed == nil && p.busy < p.size {
		p.busy++
		p.accept()
		p.start(j)
		p.mu.Unlock()
		return nil
	}
	if err := p.enqueue(j); err != ErrFull {
		p.mu.Unlock()
		return err
	}
	return p.wait(ctx, &p.room, offer{job: j}, what)
}

// wait waits in l, with mu held, which it releases.
//
//blocklint:cooperative
func (p *Pool) wait(ctx context.Context, l *park.List[offer], o offer, what string) error {
	o, err := l.Wait(ctx, &p.mu, o, what, nil)
	if err == nil {
		err = o.err
	}
	return err
}

// isJob reports whether ctx is that of a job of this pool.
func (p *Pool) isJob(ctx context.Context) bool { return ctx.Value(lend.Key) == any(p) }

// take returns the job that is to begin next, or nil if none waits. It lets in who waits for the room that there is then.
func (p *Pool) take() job {
	j := p.pop()
	if j == nil {
		// There may be no backlog at all.
		if w := p.room.Front(); w != nil {
			j = w.Payload.job
			p.accept()
			j.state().begun = true
			p.room.Grant(w)
		}
		return j
	}
	p.admit()
	return j
}

// pop takes the first job out of the line that has not begun, and counts it as begun.
func (p *Pool) pop() job {
	for p.line.Len() > 0 {
		if j := p.line.Pop(); p.begin(j) {
			return j
		}
	}
	return nil
}

// begin counts a job that waits in line as begun, and reports whether it had not.
func (p *Pool) begin(j job) bool {
	s := j.state()
	if s.begun {
		return false
	}
	s.begun = true
	p.waiting--
	return true
}

// admit lets those in who wait for room, while there is room.
func (p *Pool) admit() {
	for w := p.room.Front(); w != nil && p.waiting < p.backlog; w = p.room.Front() {
		_ = p.enqueue(w.Payload.job)
		p.room.Grant(w)
	}
}

// shut lets nobody in any more, and idle workers go.
func (p *Pool) shut(why error) {
	p.closed = why
	for w := p.room.Front(); w != nil; w = p.room.Front() {
		w.Payload.err = why
		p.room.Grant(w)
	}
	for _, w := range p.idle {
		w.jobs <- nil
	}
	p.idle = nil
}

// drop refuses jobs that have been taken out of the line.
func (p *Pool) drop(jobs []job) {
	i := 0
	defer func() {
		if i < len(jobs) {
			p.drop(jobs[i+1:]) // a callback called runtime.Goexit
		}
		p.mu.Lock()
		defer p.mu.Unlock()
		p.finish(min(i+1, len(jobs)))
	}()
	for ; i < len(jobs); i++ {
		p.dropped.Add(1)
		jobs[i].refuse(ErrTerminated)
	}
}

// revoke takes back a job that has been accepted, and reports whether it had not begun. Its Result is not set.
func (p *Pool) revoke(j job) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	if !p.begin(j) {
		return false
	}
	p.dropped.Add(1)
	p.finish(1)
	p.prune()
	p.admit()
	return true
}

// prune takes those out of the line that are to be skipped there, when they are more than the others: so it costs as much as a few of them each, and they do
// not add up while the line does not move.
func (p *Pool) prune() {
	if n := p.line.Len(); n >= 2*p.waiting+16 {
		for range n {
			if j := p.line.Pop(); !j.state().begun {
				p.line.Push(j)
			}
		}
	}
}

// finish counts n accepted jobs as finished.
func (p *Pool) finish(n int) {
	p.unfinished -= n
	if p.unfinished == 0 {
		p.joiners.GrantAll()
	}
}
