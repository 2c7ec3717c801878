package pool

import (
	"context"

	"github.com/seed6bcf1587/coop/internal/lend"
	"github.com/seed6bcf1587/coop/internal/park"
)

// A loan is the place of a job that waits for others. They run in it, one at a time, so that no more than before run at once.
type loan struct {
	// Guarded by Pool.mu.
	jobs []job // what the lender waits for and may not have begun
	back bool  // nothing is left to run: the place is the lender's again
	kept bool  // the lender went on before that: the place is the borrower's, and the lender has one beyond the size

	over park.Once // opens with back
}

// Lend implements [lend.Lender].
func (p *Pool) Lend(s lend.Source) (back func()) {
	var l loan
	for j := range s.Jobs() {
		if j := j.(job); j.state().pool == p {
			l.jobs = append(l.jobs, j)
		}
	}
	if len(l.jobs) == 0 {
		return nil
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	j := p.nextOnLoan(&l)
	if j == nil {
		return nil
	}
	p.start(j)
	return func() { p.takeBack(&l) }
}

// nextOnLoan returns the next job to be run in a lent place, or nil, which gives the place back.
func (p *Pool) nextOnLoan(l *loan) job {
	for i, j := range l.jobs {
		if p.begin(j) {
			p.lent(j, l)
			l.jobs = l.jobs[i+1:]
			p.prune()
			p.admit()
			return j
		}
	}
	l.jobs = nil
	l.back = true
	l.over.Open()
	return nil
}

// lent notes that j is to run on l.
func (p *Pool) lent(j job, l *loan) {
	if p.loans == nil {
		p.loans = make(map[job]*loan)
	}
	p.loans[j] = l
}

// ended returns the loan on which j ran, or nil if it ran in a place of its own.
func (p *Pool) ended(j job) *loan {
	if len(p.loans) == 0 {
		return nil
	}
	l := p.loans[j]
	delete(p.loans, j)
	if l != nil && l.kept {
		return nil
	}
	return l
}

// takeBack is called by the lender when it goes on.
func (p *Pool) takeBack(l *loan) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if !l.back {
		l.kept = true
		p.busy++
	}
}

// submitOnLoan runs j in the place of the job whose context is ctx, and waits for its end.
//
//blocklint:cooperative
func (p *Pool) submitOnLoan(ctx context.Context, j job, what string) error {
	if over := park.Outside(ctx); over != nil {
		defer over()
	}
	var l loan
	p.mu.Lock()
	if err := p.closed; err != nil {
		p.mu.Unlock()
		return err
	}
	p.accept()
	p.lent(j, &l)
	p.start(j)
	p.mu.Unlock()
	defer p.takeBack(&l)
	_ = l.over.Wait(ctx, what) // if ctx ends, j has begun all the same
	return nil
}
