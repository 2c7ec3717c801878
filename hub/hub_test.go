package hub_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/seed6bcf1587/coop/hub"
)

var epoch = time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)

// runVirtual runs main on a virtual clock and returns what Run does.
func runVirtual(main func(ctx context.Context) error) error {
	return hub.Run(context.Background(), main, hub.WithVirtualClock(epoch))
}

func TestYieldIsRoundRobin(t *testing.T) {
	var got []string
	err := runVirtual(func(ctx context.Context) error {
		for _, n := range []string{"1", "2"} {
			hub.Go(ctx, func(ctx context.Context) error {
				got = append(got, n+"A")
				err := hub.Yield(ctx)
				got = append(got, n+"B")
				return err
			})
		}
		return nil
	})
	if s := fmt.Sprint(got); err != nil || s != "[1A 2A 1B 2B]" {
		t.Errorf("got %s, %v", s, err)
	}
}

func TestSleepVirtual(t *testing.T) {
	var got []string
	err := runVirtual(func(ctx context.Context) error {
		for _, d := range []int{3, 1, 2} {
			hub.Go(ctx, func(ctx context.Context) error {
				err := hub.Sleep(ctx, time.Duration(d)*time.Hour)
				got = append(got, fmt.Sprint(d, hub.Now(ctx).Sub(epoch)))
				return err
			})
		}
		return nil
	})
	if s := fmt.Sprint(got); err != nil || s != "[1 1h0m0s 2 2h0m0s 3 3h0m0s]" {
		t.Errorf("got %s, %v", s, err)
	}
}

func TestTimeout(t *testing.T) {
	err := runVirtual(func(ctx context.Context) error {
		ctx, cancel := hub.WithTimeout(ctx, time.Second)
		defer cancel()
		return hub.Sleep(ctx, time.Minute)
	})
	if !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("got %v", err)
	}
}
