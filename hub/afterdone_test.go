package hub_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"testing"
	"testing/synctest"
	"time"

	"github.com/seed6bcf1587/coop/event"
	"github.com/seed6bcf1587/coop/hub"
)

// A request that is given up ends what a task does for it.
func ExampleAfterDone() {
	request, hangUp := context.WithCancelCause(context.Background())
	err := hub.Run(context.Background(), func(ctx context.Context) error {
		work := hub.Go(ctx, func(ctx context.Context) error { return hub.Sleep(ctx, time.Hour) }, hub.Name("work"))
		stop := hub.AfterDone(ctx, request, func(context.Context) error {
			work.Cancel(context.Cause(request))
			return nil
		})
		defer stop()
		go hangUp(errors.New("the client has gone"))
		return work.Join(ctx)
	})
	fmt.Println(err)
	// Output: the client has gone
}

func TestAfterDone(t *testing.T) {
	for name, opts := range map[string][]hub.Option{"real": nil, "virtual": {hub.WithVirtualClock(epoch)}} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				type key struct{}
				other, cancel := context.WithCancel(context.Background())
				var got []string
				err := hub.Run(t.Context(), func(ctx context.Context) error {
					note := func(what string) func(context.Context) error {
						return func(ctx context.Context) error {
							got = append(got, what)
							return ctx.Err()
						}
					}
					hub.AfterDone(ctx, context.Background(), note("never ends"))
					stop := hub.AfterDone(ctx, other, note("stopped"))
					if !stop() || stop() {
						t.Error("stop does not say what it did")
					}
					var done event.Event
					late := hub.AfterDone(context.WithValue(ctx, key{}, "value"), other, func(ctx context.Context) error {
						got = append(got, ctx.Value(key{}).(string), hub.Current(ctx).Name())
						done.Set()
						return nil
					}, hub.Name("named"))
					if err := hub.Sleep(ctx, time.Minute); err != nil || len(got) != 0 {
						t.Errorf("too early: %q, %v", got, err)
					}
					cancel()
					if err := done.Wait(ctx); err != nil {
						return err
					}
					if late() {
						t.Error("stop says that it kept from starting what has started")
					}
					hub.AfterDone(ctx, other, note("at once"))
					short, cancelShort := hub.WithTimeout(ctx, time.Second)
					defer cancelShort()
					hub.AfterDone(short, context.Background(), note("given up"))
					return hub.Sleep(ctx, time.Minute)
				}, opts...)
				if s := fmt.Sprint(got); err != nil || s != "[value named at once]" {
					t.Errorf("%v; %s", err, s)
				}
			})
		})
	}
}

// TestAfterDoneFails checks that what fn returns is not lost, and that misuse is refused.
func TestAfterDoneFails(t *testing.T) {
	other, cancel := context.WithCancel(t.Context())
	cancel()
	fail := func(context.Context) error { return io.ErrNoProgress }
	err := hub.Run(t.Context(), func(ctx context.Context) error {
		hub.AfterDone(ctx, other, fail)
		for want, f := range map[string]func(){
			"hub.AfterDone: ctx carries no task: call it inside hub.Run": func() { hub.AfterDone(t.Context(), other, fail) },
			"hub.AfterDone: nil context":                                 func() { hub.AfterDone(ctx, nil, fail) },
			"hub.AfterDone: nil function":                                func() { hub.AfterDone(ctx, other, nil) },
		} {
			if v := panicOf(f); v != want {
				t.Errorf("%v, not %s", v, want)
			}
		}
		return hub.Sleep(ctx, time.Millisecond)
	}, quiet())
	if !errors.Is(err, io.ErrNoProgress) {
		t.Error(err)
	}
}
