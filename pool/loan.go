package pool

import (
	"context"

	"github.com/seed6bcf1587/coop/internal/lend"
	"github.com/seed6bcf1587/coop/internal/park"
)

// A loan is the place of a job that waits for others. They run in it, one at a time, so that no more than before run at once.
type loan struct {
	// Guarded by core.mu.
	jobs []job // what the lender waits for and may not have begun
	back bool  // nothing is left to run: the place is the lender's again
	kept bool  // the lender went on before that: the place is the borrower's, and the lender has one beyond the size

	over park.Once // opens with back
}

// Lend implements [lend.Lender].
func (c *core) Lend(s lend.Source) (back func()) {
	var l loan
	for j := range s.Jobs() {
		if j := j.(job); j.state().core == c {
			l.jobs = append(l.jobs, j)
		}
	}
	if len(l.jobs) == 0 {
		return nil
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	j := c.nextOnLoan(&l)
	if j == nil {
		return nil
	}
	c.start(j)
	return func() { c.takeBack(&l) }
}

// nextOnLoan returns the next job to be run in a lent place, or nil, which gives the place back.
func (c *core) nextOnLoan(l *loan) job {
	for i, j := range l.jobs {
		if c.begin(j) {
			c.lent(j, l)
			l.jobs = l.jobs[i+1:]
			c.admit()
			return j
		}
	}
	l.jobs = nil
	l.back = true
	l.over.Open()
	return nil
}

// lent notes that j is to run on l.
func (c *core) lent(j job, l *loan) {
	if c.loans == nil {
		c.loans = make(map[job]*loan)
	}
	c.loans[j] = l
}

// ended returns the loan on which j ran, or nil if it ran in a place of its own.
func (c *core) ended(j job) *loan {
	if len(c.loans) == 0 {
		return nil
	}
	l := c.loans[j]
	delete(c.loans, j)
	if l != nil && l.kept {
		return nil
	}
	return l
}

// takeBack is called by the lender when it goes on.
func (c *core) takeBack(l *loan) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if !l.back && !l.kept {
		l.kept = true
		c.busy++
	}
}

// submitOnLoan runs j in the place of the job whose context is ctx, and waits for its end.
//
//blocklint:cooperative
func (c *core) submitOnLoan(ctx context.Context, j job, what string) error {
	if over := park.Outside(ctx); over != nil {
		defer over()
	}
	var l loan
	c.mu.Lock()
	if c.closed != nil {
		c.mu.Unlock()
		return c.closed
	}
	c.accept()
	c.lent(j, &l)
	c.start(j)
	c.mu.Unlock()
	defer c.takeBack(&l)
	_ = l.over.Wait(ctx, what) // if ctx ends, j has begun all the same
	return nil
}
