package hubdebug

import (
	"math/bits"
	"sync/atomic"
	"time"
)

// A histogram counts durations in buckets each of which is twice as wide as the one before. Anybody may add and read.
type histogram struct {
	// counts[i] is of those below shortest<<i that are in no bucket before; the last has no bound.
	counts [buckets]atomic.Uint64
	sum    atomic.Int64 // nanoseconds
	max    atomic.Int64 // nanoseconds
}

const (
	shortest = 125 * time.Nanosecond // a clock that is read at each switch does not tell less
	buckets  = 32                    // the last begins at 2 minutes
)

func (h *histogram) add(d time.Duration) {
	h.counts[min(bits.Len64(uint64(max(d, 0)/shortest)), buckets-1)].Add(1)
	h.sum.Add(int64(d))
	for {
		m := h.max.Load()
		if int64(d) <= m || h.max.CompareAndSwap(m, int64(d)) {
			return
		}
	}
}

// snapshot returns how many durations were added, their sum, the longest, and the buckets from the first to the last that is not empty.
func (h *histogram) snapshot() (n uint64, sum, longest time.Duration, filled []Bucket) {
	skipped := 0
	for i := range h.counts {
		b := Bucket{Count: h.counts[i].Load()}
		if i < buckets-1 {
			b.Below = shortest << i
		}
		switch {
		case b.Count > 0:
			for ; skipped > 0 && len(filled) > 0; skipped-- {
				filled = append(filled, Bucket{Below: shortest << (i - skipped)})
			}
			skipped = 0
			filled = append(filled, b)
			n += b.Count
		default:
			skipped++
		}
	}
	return n, time.Duration(h.sum.Load()), time.Duration(h.max.Load()), filled
}
