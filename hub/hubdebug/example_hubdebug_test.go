package hubdebug_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"time"

	"github.com/seed6bcf1587/coop/hub"
	"github.com/seed6bcf1587/coop/hub/hubdebug"
)

// A hub that can be looked at with a browser, at /debug/hub.
func ExampleHandler() {
	m := new(hubdebug.Metrics)
	h := hub.New(hub.WithObserver(m), hub.WithStallThreshold(100*time.Millisecond))
	mux := http.NewServeMux()
	mux.Handle("/debug/hub", hubdebug.Handler(h, m))

	err := h.Run(context.Background(), func(ctx context.Context) error {
		hub.Go(ctx, func(ctx context.Context) error { return hub.Sleep(ctx, time.Hour) }, hub.Name("sleeper"), hub.Daemon())
		if err := hub.Yield(ctx); err != nil {
			return err
		}
		w := httptest.NewRecorder()
		mux.ServeHTTP(w, httptest.NewRequest("GET", "/debug/hub?format=json", nil))
		fmt.Println(w.Code, strings.Contains(w.Body.String(), `"waitingOn": "hub.Sleep"`))
		return nil
	})
	fmt.Println(err)
	// Output:
	// 200 true
	// <nil>
}

// What a hub did is counted.
func ExampleMetrics() {
	m := new(hubdebug.Metrics)
	err := hub.Run(context.Background(), func(ctx context.Context) error {
		for range 10 {
			hub.Go(ctx, func(ctx context.Context) error { return hub.Sleep(ctx, time.Minute) })
		}
		return nil
	}, hub.WithObserver(m), hub.WithVirtualClock(time.Unix(0, 0)))
	s := m.Snapshot()
	fmt.Println(err, s.Spawned, s.Turns, s.Waits, s.Timers)
	// Output: <nil> 11 21 10 10
}
