package main_test

import (
	"bytes"
	"testing"
	"testing/synctest"
	"time"

	blocklint "github.com/seed6bcf1587/coop/cmd/blocklint"
)

// TestMeter checks that a short run says nothing, and that a long one takes
// back what it said.
func TestMeter(t *testing.T) {
	for d, want := range map[time.Duration]string{
		900 * time.Millisecond:  "",
		2500 * time.Millisecond: "\r\x1b[Kblocklint: 1s, roots in 1 package so far\r\x1b[Kblocklint: 2s, roots in 1 package so far\r\x1b[K",
	} {
		synctest.Test(t, func(t *testing.T) {
			var w bytes.Buffer
			done := make(chan struct{})
			ended := make(chan struct{})
			go func() {
				defer close(ended)
				blocklint.Meter(&w, done)
			}()
			time.Sleep(d)
			close(done)
			<-ended
			if w.String() != want {
				t.Errorf("after %v: %q, want %q", d, w.String(), want)
			}
		})
	}
}
