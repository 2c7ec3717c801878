package hubdebug_test

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/seed6bcf1587/coop/event"
	"github.com/seed6bcf1587/coop/hub"
	"github.com/seed6bcf1587/coop/hub/hubdebug"
)

// exhibit runs a hub in which some tasks wait, one has stalled and one has a name that is none, until the test ends. It returns what shows it.
func exhibit(t *testing.T) http.Handler {
	t.Helper()
	m := new(hubdebug.Metrics)
	stalled, over := make(chan bool, 1000), new(event.Event) // stalled says of each stall of main whether its stack is known
	h := hub.New(hub.WithObserver(m), hub.WithStallThreshold(20*time.Millisecond), hub.OnStall(func(s hub.Stall) {
		if s.Task.Name == "main" {
			stalled <- bytes.Contains(s.Stack, []byte("exhibit.func"))
		}
	}))
	ended, ready := make(chan error), make(chan struct{})
	go func() {
		ended <- h.Run(context.Background(), func(ctx context.Context) error {
			for _, name := range []string{"zebra", "<script>alert(1)</script>", "aardvark"} {
				hub.Go(ctx, over.Wait, hub.Name(name))
			}
			hub.Go(ctx, func(ctx context.Context) error { return hub.Sleep(ctx, time.Hour) }, hub.Name("sleeper"), hub.Daemon())
			if err := hub.Sleep(ctx, time.Millisecond); err != nil {
				return err
			}
			for !<-stalled { //blocklint:ignore chan it is to stall the hub
				// On a busy machine the stack may be too costly the first time.
				if err := hub.Yield(ctx); err != nil {
					return err
				}
			}
			close(ready)
			return over.Wait(ctx)
		})
	}()
	<-ready
	for slices.ContainsFunc(h.Tasks(), func(t hub.TaskInfo) bool { return t.State != "waiting" }) {
		// Main is on its way.
	}
	t.Cleanup(func() {
		over.Set()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	})
	return hubdebug.Handler(h, m)
}

func get(t *testing.T, h http.Handler, method, target, accept string) *http.Response {
	t.Helper()
	r := httptest.NewRequest(method, target, nil)
	if accept != "" {
		r.Header.Set("Accept", accept)
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w.Result()
}

func body(t *testing.T, r *http.Response) string {
	t.Helper()
	b, err := io.ReadAll(r.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func TestPage(t *testing.T) {
	r := get(t, exhibit(t), "GET", "/", "text/html,application/json;q=0.5")
	text := body(t, r)
	if r.StatusCode != 200 || !strings.HasPrefix(r.Header.Get("Content-Type"), "text/html") || r.Header.Get("Cache-Control") != "no-store" {
		t.Errorf("%v %v", r.Status, r.Header)
	}
	for _, want := range []string{"zebra", "&lt;script&gt;alert(1)", "aardvark", "sleeper", "daemon", "event.Event.Wait", "hub.Sleep", "handler_test.go:",
		"kept the hub for", "exhibit.func", "Run time per turn", `class="bar"`, "<dt>waiting</dt>"} {
		if !strings.Contains(text, want) {
			t.Errorf("the page has no %q", want)
		}
	}
	for _, bad := range []string{"<script>alert(1)", "ZgotmplZ", "http://", "https://", "<no value>"} {
		if strings.Contains(text, bad) {
			t.Errorf("the page has %q", bad)
		}
	}
}

func TestJSON(t *testing.T) {
	h := exhibit(t)
	for _, r := range []*http.Response{get(t, h, "GET", "/?format=json", "text/html"), get(t, h, "GET", "/", "application/json")} {
		var v struct {
			Total  int
			States map[string]int
			Tasks  []struct {
				ID, Parent, Turns          uint64
				Name, State, WaitingOn, At string
				Daemon                     bool
				Since                      time.Time
				ForNanoseconds             time.Duration
			}
			Stalls []struct {
				Task           struct{ Name, At string }
				Began          time.Time
				ForNanoseconds time.Duration
				Over           bool
				Stack          string
			}
			Metrics *hubdebug.Snapshot
		}
		text := body(t, r)
		if err := json.Unmarshal([]byte(text), &v); err != nil || r.Header.Get("Content-Type") != "application/json; charset=utf-8" {
			t.Fatalf("%v, %v:\n%s", err, r.Header, text)
		}
		if v.Total != 5 || len(v.Tasks) != 5 || v.States["waiting"] != 5 || len(v.Stalls) == 0 || v.Metrics == nil || v.Metrics.Spawned != 5 || v.Metrics.Stalls == 0 {
			t.Fatalf("%s", text)
		}
		task := v.Tasks[4]
		if task.ID != 5 || task.Parent != 1 || task.Name != "sleeper" || !task.Daemon || task.State != "waiting" || task.WaitingOn != "hub.Sleep" ||
			task.Turns != 1 || !strings.Contains(task.At, "handler_test.go:") || time.Since(task.Since) < task.ForNanoseconds || task.ForNanoseconds <= 0 {
			t.Errorf("%+v", task)
		}
		stall := v.Stalls[0]
		for _, s := range v.Stalls {
			if s.Task.Name == "main" && strings.Contains(s.Stack, "exhibit.func") {
				stall = s // a busy machine may have others
			}
		}
		if stall.Task.Name != "main" || stall.ForNanoseconds < 20*time.Millisecond || !strings.Contains(stall.Task.At, "handler_test.go:") {
			t.Errorf("%+v", stall)
		}
	}
}

func TestRequests(t *testing.T) {
	h := exhibit(t)
	for _, c := range []struct {
		method, target string
		status         int
		has            string
	}{
		{"GET", "/?limit=2", 200, "The first 2 of 5 tasks"},
		{"GET", "/?limit=0", 200, "The first 0 of 5 tasks"},
		{"GET", "/?limit=x", 400, "limit is not a number"},
		{"GET", "/?limit=-1", 400, "limit is not a number"},
		{"HEAD", "/", 200, ""},
		{"POST", "/", 405, "method not allowed"},
		{"GET", "/?format=html", 200, "<!DOCTYPE html>"},
	} {
		r := get(t, h, c.method, c.target, "application/json;text/html")
		if text := body(t, r); r.StatusCode != c.status || !strings.Contains(text, c.has) {
			t.Errorf("%s %s: %s\n%.200s", c.method, c.target, r.Status, text)
		}
	}
}

// TestPageOfNothing shows a hub that has not begun, and one that has ended, without metrics.
func TestPageOfNothing(t *testing.T) {
	h, began := hub.New(), false
	for range 2 {
		text := body(t, get(t, hubdebug.Handler(h, nil), "GET", "/", ""))
		for _, want := range []string{"No tasks", "Not counted", "None. They are looked for"} {
			if !strings.Contains(text, want) {
				t.Errorf("the page has no %q", want)
			}
		}
		if !began {
			began = true
			if err := h.Run(t.Context(), func(context.Context) error { return nil }); err != nil {
				t.Error(err)
			}
		}
	}
	if v := recovered(func() { hubdebug.Handler(nil, nil) }); v != "hubdebug.Handler: nil Hub" {
		t.Error(v)
	}
}

func recovered(f func()) (v any) {
	defer func() { v = recover() }()
	f()
	return nil
}
