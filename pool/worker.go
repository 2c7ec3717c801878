package pool

// A worker is a goroutine that runs jobs.
type worker struct {
	pool *Pool
	jobs chan job // of size 1: sent to once the worker has been taken out of Pool.idle; nil means: end
}

// hire starts a worker.
func (p *Pool) hire(j job) {
	w := &worker{pool: p}
	go w.work(j)
}

// start lets an idle worker or a new one run j, with mu held.
func (p *Pool) start(j job) {
	j.state().begun = true
	if w := p.popIdle(); w != nil {
		w.jobs <- j
	} else {
		p.hire(j)
	}
}

// popIdle returns the worker that has been idle for the shortest time, or nil.
func (p *Pool) popIdle() *worker {
	last := len(p.idle) - 1
	if last < 0 {
		return nil
	}
	w := p.idle[last]
	p.idle[last] = nil
	p.idle = p.idle[:last]
	return w
}

// work runs j, and then other jobs until this worker is to end.
func (w *worker) work(j job) {
	defer func() {
		if j != nil {
			// It, or a callback, called runtime.Goexit, which takes this goroutine along. The job has ended, and another goroutine goes on.
			go w.goOn(j)
		}
	}()
	for j != nil {
		j.run()
		var idle bool
		if j, idle = w.proceed(j); idle {
			j = <-w.jobs // here, where no further function returns after the switch
		}
	}
}

// goOn is work for a job that has ended already.
func (w *worker) goOn(ended job) {
	j, idle := w.proceed(ended)
	if idle {
		j = <-w.jobs
	}
	w.work(j)
}

// proceed is called when a job has ended. It returns the next, or nil when this worker is to end or to wait for one, and which.
func (w *worker) proceed(ended job) (next job, idle bool) {
	p := w.pool
	p.mu.Lock()
	p.finish(1)
	if l := p.ended(ended); l != nil {
		next = p.nextOnLoan(l)
	} else {
		next = p.nextInPlace()
	}
	if next != nil || p.closed != nil || p.busy+len(p.idle) >= p.size {
		p.mu.Unlock()
		return next, false
	}
	if w.jobs == nil {
		w.jobs = make(chan job, 1)
	}
	p.idle = append(p.idle, w)
	p.mu.Unlock()
	return nil, true
}

// nextInPlace returns the job that is to be run in the caller's place, or nil: then the place is free.
func (p *Pool) nextInPlace() job {
	if p.busy <= p.size {
		if j := p.take(); j != nil {
			return j
		}
	}
	p.busy--
	return nil
}
