package pool

// A worker is a goroutine that runs jobs.
type worker struct {
	core *core
	jobs chan job // of size 1: sent to once the worker has been taken out of core.idle; nil means: end
}

// hire starts a worker.
func (c *core) hire(j job) {
	w := &worker{core: c}
	go w.work(j)
}

// start lets an idle worker or a new one run j, with mu held.
func (c *core) start(j job) {
	j.state().begun = true
	if w := c.popIdle(); w != nil {
		w.jobs <- j
	} else {
		c.hire(j)
	}
}

// popIdle returns the worker that has been idle for the shortest time, or nil.
func (c *core) popIdle() *worker {
	last := len(c.idle) - 1
	if last < 0 {
		return nil
	}
	w := c.idle[last]
	c.idle[last] = nil
	c.idle = c.idle[:last]
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
	c := w.core
	c.mu.Lock()
	c.finish(1)
	if l := c.ended(ended); l != nil {
		next = c.nextOnLoan(l)
	} else {
		next = c.nextInPlace()
	}
	if next != nil || c.closed != nil || c.busy+len(c.idle) >= c.size {
		c.mu.Unlock()
		return next, false
	}
	if w.jobs == nil {
		w.jobs = make(chan job, 1)
	}
	c.idle = append(c.idle, w)
	c.mu.Unlock()
	return nil, true
}

// nextInPlace returns the job that is to be run in the caller's place, or nil: then the place is free.
func (c *core) nextInPlace() job {
	if c.busy <= c.size {
		if j := c.take(); j != nil {
			return j
		}
	}
	c.busy--
	return nil
}
