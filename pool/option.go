package pool

import "fmt"

// An Option is for [New].
type Option interface{ apply(p *Pool) }

type backlog int

func (b backlog) apply(p *Pool) { p.backlog = int(b) }

// WithBacklog bounds how many jobs may wait for a place. With 0, a job is accepted only if it can begin at once. Without this option there is no
// bound. It panics if n is negative.
func WithBacklog(n int) Option {
	if n < 0 {
		panic(fmt.Sprintf("pool.WithBacklog: %d jobs: must not be negative", n))
	}
	return backlog(n)
}
