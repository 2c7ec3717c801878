package more

import (
	"context"
	"testing"
	"time"

	"github.com/seed6bcf1587/coop/hub"
)

type mock struct{}

func (mock) save() { time.Sleep(1) }

func TestSaves(t *testing.T) {
	saves(t.Context(), mock{})
	time.Sleep(1)
	hub.Go(t.Context(), func(ctx context.Context) error {
		time.Sleep(1) // want `time\.Sleep blocks the hub`
		return nil
	})
}
