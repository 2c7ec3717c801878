package pool

// Stats are a pool's figures at one moment. Submitted = Waiting + Running + Completed + Failed + Dropped.
type Stats struct {
	Size    int // how many jobs may run at a time
	Waiting int // jobs that have no place yet
	Running int // jobs that have one. Also those that have lent it, so this can exceed Size
	Idle    int // goroutines that have nothing to do

	Submitted uint64 // jobs that were accepted
	Completed uint64 // jobs that returned without an error
	Failed    uint64 // jobs that returned an error, panicked, or called runtime.Goexit
	Dropped   uint64 // jobs that were accepted and never began
}

// Stats returns the pool's figures. A job has been counted as ended before its Result is set.
func (p *Pool) Stats() Stats {
	p.mu.Lock()
	defer p.mu.Unlock()
	s := Stats{Size: p.size, Waiting: p.waiting, Idle: len(p.idle), Submitted: p.submitted}
	for {
		s.Completed, s.Failed, s.Dropped = p.completed.Load(), p.failed.Load(), p.dropped.Load()
		// They only grow. If none has since, this is how they were when the last of them was read.
		if s.Completed == p.completed.Load() && s.Failed == p.failed.Load() {
			break
		}
	}
	s.Running = int(s.Submitted - s.Completed - s.Failed - s.Dropped - uint64(s.Waiting))
	return s
}
