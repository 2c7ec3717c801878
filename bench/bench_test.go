package bench

import (
	"fmt"
	"testing"
)

// BenchmarkRows prints the raw figures of all rows.
func BenchmarkRows(b *testing.B) {
	for _, r := range Rows() {
		b.Run(fmt.Sprintf("%02d/%s/ours", r.Number, r.Work), func(b *testing.B) {
			b.ReportAllocs()
			r.Ours(b.N)
		})
		b.Run(fmt.Sprintf("%02d/%s/%s", r.Number, r.Work, r.Peer), func(b *testing.B) {
			b.ReportAllocs()
			r.Theirs(b.N)
		})
	}
}

// TestRows runs all work once, so that what is measured is known to work.
func TestRows(t *testing.T) {
	for _, r := range Rows() {
		if m := r.Measure(1); m.Ours <= 0 || m.Theirs <= 0 || m.Ratio <= 0 {
			t.Errorf("%s: %+v", r.Work, m)
		}
	}
}
