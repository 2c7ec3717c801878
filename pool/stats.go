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
func (c *core) Stats() Stats {
	c.mu.Lock()
	defer c.mu.Unlock()
	s := Stats{Size: c.size, Waiting: c.waiting, Idle: len(c.idle), Submitted: c.submitted}
	for {
		s.Completed, s.Failed, s.Dropped = c.completed.Load(), c.failed.Load(), c.dropped.Load()
		// They only grow. If none has since, this is how they were when the last of them was read.
		if s.Completed == c.completed.Load() && s.Failed == c.failed.Load() {
			break
		}
	}
	s.Running = int(s.Submitted - s.Completed - s.Failed - s.Dropped - uint64(s.Waiting))
	return s
}
