package calls

import (
	"container/heap"
	"iter"
	"slices"
	"sort"
	"time"
)

type byNap []int

func (b byNap) Len() int           { return len(b) }
func (b byNap) Swap(i, j int)      { b[i], b[j] = b[j], b[i] }
func (b byNap) Less(i, j int) bool { time.Sleep(1); return b[i] < b[j] }
func (b *byNap) Push(x any)        { *b = append(*b, x.(int)) }
func (b *byNap) Pop() any          { return nil }

func naps() iter.Seq[int] {
	return func(yield func(int) bool) {
		time.Sleep(1)
		yield(1)
	}
}

// What the library calls of what it is given.
//
//blocklint:nonblocking
func sorts(xs byNap) []int {
	sort.Sort(xs)                // want `time\.Sleep blocks a loop`
	sort.Sort(sort.IntSlice(xs)) // quiet
	return slices.Sorted(slices.Values(xs))
}

//blocklint:nonblocking
func heaps(xs *byNap) { heap.Push(xs, 1) } // want `time\.Sleep blocks a loop`

//blocklint:nonblocking
func collects() []int { return slices.Collect(naps()) } // want `time\.Sleep blocks a loop`
