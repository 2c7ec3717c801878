package main

import (
	"math"
	"strings"
	"testing"
)

const want = `1000000 customers in 347 days
in line:             40.29s on average; theory says 40.00s
in line and served:  60.31s on average; theory says 60.00s
`

func TestSimulate(t *testing.T) {
	if testing.Short() {
		t.Skip("a million customers")
	}
	var out strings.Builder
	mean, err := simulate(t.Context(), &out, 1, 1_000_000)
	if err != nil || out.String() != want {
		t.Errorf("%v; got\n%swant\n%s", err, &out, want)
	}
	if off := math.Abs(float64(mean)/float64(theory()) - 1); off > 0.02 {
		t.Errorf("mean %v, theory %v: off by %.1f percent", mean, theory(), 100*off)
	}
}

// TestSameSeed simulates less, twice.
func TestSameSeed(t *testing.T) {
	var outs [2]strings.Builder
	for i := range outs {
		if _, err := simulate(t.Context(), &outs[i], 7, 10_000); err != nil {
			t.Error(err)
		}
	}
	if outs[0].String() != outs[1].String() || outs[0].Len() == 0 {
		t.Errorf("first\n%sand then\n%s", &outs[0], &outs[1])
	}
}
