package park

import (
	"testing"
	"testing/synctest"
)

// TestOnceOpenBeforeSleeping opens between a waiter's look and its sleep, by hand, as the tests of the crowd do.
func TestOnceOpenBeforeSleeping(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var o Once
		s := o.Enter()
		o.Open()
		s.Sleep() // a deadlock if the wake-up was lost
		o.Leave(s)
	})
}

// TestOnceDoneAfterOpening asks for what waits otherwise only when there is nothing to wait for.
func TestOnceDoneAfterOpening(t *testing.T) {
	var o Once
	o.Open()
	select {
	case <-o.Done():
	default:
		t.Error("Done is not closed, though it was opened before")
	}
}
