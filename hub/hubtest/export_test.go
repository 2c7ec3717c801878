package hubtest

import "testing"

// SetTooLong sets after how many steps a run is given up, until t ends.
func SetTooLong(t testing.TB, steps int) {
	was := tooLong
	tooLong = steps
	t.Cleanup(func() { tooLong = was })
}
