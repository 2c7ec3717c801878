package hubdebug

import "time"

// A Snapshot is what [Metrics] has counted so far. In JSON, durations are in nanoseconds.
type Snapshot struct {
	Spawned   uint64        `json:"spawned"`              // tasks
	Ended     uint64        `json:"ended"`                // of them
	Failed    uint64        `json:"failed"`               // of these, with an error, their own cancellation included
	Turns     uint64        `json:"turns"`                // times that a task was given control
	Ran       time.Duration `json:"ranNanoseconds"`       // time that tasks had control
	Longest   time.Duration `json:"longestNanoseconds"`   // turn
	Waits     uint64        `json:"waits"`                // waits that have ended
	Waited    time.Duration `json:"waitedNanoseconds"`    // the time that they took, all tasks together
	Timers    uint64        `json:"timers"`               // timers that have gone off
	Late      time.Duration `json:"lateNanoseconds"`      // by how much they were late, all together
	Offloads  uint64        `json:"offloads"`             // offloaded functions that have ended
	Offloaded time.Duration `json:"offloadedNanoseconds"` // the time that they took, all together
	Stalls    uint64        `json:"stalls"`
	Runs      []Bucket      `json:"runs"` // histogram of the time that turns took: the shortest first, without empty buckets at the ends
}

// A Bucket counts durations up to a bound.
type Bucket struct {
	Below time.Duration `json:"belowNanoseconds"` // and not below that of the bucket before, which is half; 0 in the last one: no bound
	Count uint64        `json:"count"`
}

// Mean returns how long a turn took on average.
func (s *Snapshot) Mean() time.Duration { return mean(s.Ran, s.Turns) }

// MeanWait returns how long a wait took on average.
func (s *Snapshot) MeanWait() time.Duration { return mean(s.Waited, s.Waits) }

// MeanLate returns by how much a timer was late on average.
func (s *Snapshot) MeanLate() time.Duration { return mean(s.Late, s.Timers) }

func mean(sum time.Duration, n uint64) time.Duration {
	if n == 0 {
		return 0
	}
	return sum / time.Duration(n)
}

// Quantile returns a bound that the given part of the turns did not reach: the upper end of a bucket, so at most twice too long.
func (s *Snapshot) Quantile(part float64) time.Duration {
	left := part * float64(s.Turns)
	for _, b := range s.Runs {
		if left -= float64(b.Count); left <= 0 && b.Below > 0 {
			return min(b.Below, s.Longest)
		}
	}
	return s.Longest
}
