package hubtest

import (
	"fmt"
	"math/rand/v2"
	"strconv"
	"strings"
)

// A picker picks one of n tasks, n > 1, that can run: it makes choice number step of a run.
type picker func(step, n int) int

// bySeed returns the picker of [hub.WithSeed], or for 0, of no seed.
func bySeed(seed uint64) picker {
	if seed == 0 {
		return schedule(nil).pick()
	}
	rng := rand.New(rand.NewPCG(seed, 0))
	return func(_, n int) int { return rng.IntN(n) }
}

// A schedule is the choices of a run that are not the first in line, in their order.
type schedule []choice

type choice struct {
	step int // number of the choice, counted from 0
	of   int // index among those in line; not 0
}

// pick returns a picker that makes the choices of s. Where fewer are in line than there were, it picks the first.
func (s schedule) pick() picker {
	return func(step, n int) int {
		for len(s) > 0 && s[0].step < step {
			s = s[1:]
		}
		if len(s) > 0 && s[0].step == step && s[0].of < n {
			return s[0].of
		}
		return 0
	}
}

// String returns the schedule as parseSchedule reads it: step:index, with commas between.
func (s schedule) String() string {
	var b strings.Builder
	for i, c := range s {
		if i > 0 {
			b.WriteByte(',')
		}
		fmt.Fprintf(&b, "%d:%d", c.step, c.of)
	}
	return b.String()
}

func parseSchedule(text string) (schedule, error) {
	var s schedule
	if text == "" {
		return s, nil
	}
	for word := range strings.SplitSeq(text, ",") {
		first, second, _ := strings.Cut(word, ":")
		step, err1 := strconv.Atoi(first)
		of, err2 := strconv.Atoi(second)
		if err1 != nil || err2 != nil || step < 0 || of < 1 || len(s) > 0 && s[len(s)-1].step >= step {
			return nil, fmt.Errorf("%q is not a schedule: %q is not the next step:index", text, word)
		}
		s = append(s, choice{step, of})
	}
	return s, nil
}

// maxShrink is how many runs are made at most to shorten a schedule.
const maxShrink = 1000

// shrink returns a part of s that fails, and fails no more when any one of its choices is left out, unless that takes too many runs. It leaves out larger parts
// first, and halves them when none can be left out: the algorithm is ddmin, from Zeller and Hildebrandt, Simplifying and Isolating Failure-Inducing
// Input, 2002.
func (e *explorer) shrink(s schedule) schedule {
	runs := 0
	for size := max(1, len(s)/2); len(s) > 0; {
		smaller := false
		for from := 0; from < len(s) && runs < maxShrink; {
			without := append(append(schedule(nil), s[:from]...), s[min(from+size, len(s)):]...)
			runs++
			// What was made is what counts: a choice that could not be made is not part of it.
			if r := e.run(without.pick(), nil); r.err != nil && len(r.made) < len(s) {
				s, smaller = r.made, true
			} else {
				from += size
			}
		}
		switch {
		case runs >= maxShrink || size == 1 && !smaller:
			return s
		case size > 1:
			size /= 2
		}
	}
	return s
}
