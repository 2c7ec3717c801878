package bench

// A Figure is work that gevent does too.
type Figure struct {
	Name         string // of the function in gevent/gevent.py
	Ours, Theirs string // what the work is called here and there
	Work         func(n int)
}

// BesideGevent are the hub's pieces of work that command gevent shows beside those of gevent. No bar is on them: they are of two languages.
func BesideGevent() []Figure {
	return []Figure{
		{"sleeps", "hub.Yield, 2 tasks", "gevent.sleep(0), 2 greenlets", yields(2)},
		{"spawns", "hub.Go and Join", "gevent.spawn and join", goJoin},
		{"queue", "FIFO Put and Get between tasks", "Queue put and get between greenlets", queueBetweenTasks},
	}
}

// Median returns how many nanoseconds one piece of work takes, by the median of some runs of n.
func (f Figure) Median(n, runs int) float64 {
	var took []float64
	for range runs {
		took = append(took, nanoseconds(f.Work, n)/float64(n))
	}
	return median(took)
}
