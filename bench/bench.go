// Package bench measures coop side by side with the plain Go way and with other libraries. It is a module of its own, so that nobody
// who uses coop requires those.
//
// Each [Row] is one piece of work, ours and a peer's. go test -bench . prints the raw figures, and go run ./ratios their
// ratios beside the bars that we hold ourselves to. go run ./gevent shows the hub beside Python's gevent.
package bench

import (
	"cmp"
	"slices"
	"time"
)

// A Row compares two ways to do the same work.
type Row struct {
	Number int    // of the bar
	Work   string // what ours does
	Peer   string // what theirs does
	Bar    float64
	Least  int // how often the work is done at least, if it has parties to set up

	// Ours and Theirs do the work n times. What they need to set up is cheap beside that, or done before the first call.
	Ours, Theirs func(n int)
}

// Rows are all comparisons, in the order of their numbers.
func Rows() []Row {
	rows := slices.Concat(coroRows(), hubRows(), waitRows(), lockRows(), queueRows(), poolRows(), lintRows())
	slices.SortStableFunc(rows, func(a, b Row) int { return cmp.Compare(a.Number, b.Number) })
	return rows
}

// A Measurement is the median of some pairs of runs.
type Measurement struct {
	Ours, Theirs float64 // nanoseconds, or bytes, for one piece of work
	Ratio        float64
}

// Measure runs ours and theirs in turn, as many pairs as named, and takes the median of the ratios, so that a machine that is slow for a
// while is slow for both.
func (r Row) Measure(pairs int) Measurement {
	n := r.size(20 * time.Millisecond)
	return Compare(pairs,
		func() float64 { return nanoseconds(r.Ours, n) / float64(n) },
		func() float64 { return nanoseconds(r.Theirs, n) / float64(n) })
}

// Compare measures ours and theirs in turn and takes the medians.
func Compare(pairs int, ours, theirs func() float64) Measurement {
	var as, bs, ratios []float64
	for range pairs {
		a, b := ours(), theirs()
		as, bs, ratios = append(as, a), append(bs, b), append(ratios, a/b)
	}
	return Measurement{median(as), median(bs), median(ratios)}
}

// size returns how often to do the work so that the slower of the two takes as long as named.
func (r Row) size(long time.Duration) int {
	for n := max(1, r.Least); ; n *= 2 {
		if took := max(nanoseconds(r.Ours, n), nanoseconds(r.Theirs, n)); took > float64(long)/2 || n >= 1<<28 {
			return 2 * n
		}
	}
}

func nanoseconds(work func(n int), n int) float64 {
	start := time.Now()
	work(n)
	return float64(time.Since(start))
}

func median(x []float64) float64 {
	slices.Sort(x)
	return (x[(len(x)-1)/2] + x[len(x)/2]) / 2
}
