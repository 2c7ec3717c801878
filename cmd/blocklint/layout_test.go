package main_test

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	blocklint "github.com/seed6bcf1587/coop/cmd/blocklint"
)

func TestStack(t *testing.T) {
	const gap = blocklint.RowGap
	for _, test := range []struct{ heights, wishes, want []float64 }{
		{nil, nil, []float64{}},
		{[]float64{10}, []float64{7}, []float64{7}},
		{[]float64{10, 10}, []float64{0, 100}, []float64{0, 100}},
		{[]float64{10, 10}, []float64{50, 50}, []float64{50 - (10+gap)/2., 50 + (10+gap)/2.}},
		{[]float64{10, 10, 10}, []float64{100, 0, 400}, []float64{50 - (10+gap)/2., 50 + (10+gap)/2., 400}},
	} {
		if got := blocklint.Stack(test.heights, test.wishes); !slices.Equal(got, test.want) {
			t.Errorf("heights %v, wishes %v: %v, want %v", test.heights, test.wishes, got, test.want)
		}
	}
}

// TestStackIsNearest checks that boxes never overlap, and that no box or run
// of boxes can be moved to a better place.
func TestStackIsNearest(t *testing.T) {
	rnd := rand.New(rand.NewPCG(1, 2))
	for range 300 {
		n := 1 + rnd.IntN(12)
		heights, wishes := make([]float64, n), make([]float64, n)
		for i := range n {
			heights[i], wishes[i] = 10+40*rnd.Float64(), 300*rnd.Float64()
		}
		ys := blocklint.Stack(heights, wishes)
		fits := func(ys []float64) bool {
			for i := 1; i < n; i++ {
				if ys[i]-heights[i]/2-ys[i-1]-heights[i-1]/2 < blocklint.RowGap-1e-9 {
					return false
				}
			}
			return true
		}
		cost := func(ys []float64) (sum float64) {
			for i := range ys {
				sum += math.Pow(ys[i]-wishes[i], 2)
			}
			return sum
		}
		if !fits(ys) {
			t.Fatalf("heights %v, wishes %v: %v overlap", heights, wishes, ys)
		}
		for from := range n {
			for to := from + 1; to <= n; to++ {
				for _, step := range []float64{-0.01, 0.01} {
					moved := slices.Clone(ys)
					for i := from; i < to; i++ {
						moved[i] += step
					}
					if fits(moved) && cost(moved) < cost(ys)-1e-9 {
						t.Fatalf("heights %v, wishes %v: %v, but %v is nearer", heights, wishes, ys, moved)
					}
				}
			}
		}
	}
}
