package hubdebug_test

import (
	"context"
	"encoding/json"
	"fmt"
	"math"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/seed6bcf1587/coop/event"
	"github.com/seed6bcf1587/coop/hub"
	"github.com/seed6bcf1587/coop/hub/hubdebug"
)

// TestLongWaits shows waits of up to all the years that a virtual clock has.
func TestLongWaits(t *testing.T) {
	for _, d := range []time.Duration{1, 999, 1000, time.Hour, 40 * 365 * 24 * time.Hour, 200 * 365 * 24 * time.Hour, math.MaxInt64} {
		h := hub.New(hub.WithVirtualClock(time.Time{}))
		err := h.Run(t.Context(), func(ctx context.Context) error {
			hub.Go(ctx, new(event.Event).Wait, hub.Daemon(), hub.Name("patient"))
			_ = hub.Yield(ctx)
			_ = hub.Sleep(ctx, d)
			w := httptest.NewRecorder()
			hubdebug.Handler(h, nil).ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/", nil))
			if want := fmt.Sprintf(`data-v="%d"`, d); !strings.Contains(w.Body.String(), want) {
				t.Errorf("%v: no %s in %s", d, want, w.Body)
			}
			return nil
		})
		if err != nil {
			t.Error(err)
		}
	}
}

// TestHostileNames has tasks with names that try to be more than text.
func TestHostileNames(t *testing.T) {
	names := []string{"", "<script>alert(1)</script>", `"><img src=x onerror=alert(1)>`, "\xff\xfe", "\x00\x1b[31m", "a\nb", strings.Repeat("x", 1<<16), "{{.Total}}", "'); --", "\u202egnp.exe"}
	h := hub.New(hub.WithVirtualClock(time.Time{}))
	err := h.Run(t.Context(), func(ctx context.Context) error {
		for _, name := range names {
			hub.Go(ctx, new(event.Event).Wait, hub.Daemon(), hub.Name(name))
		}
		_ = hub.Yield(ctx)
		get := func(query string) string {
			w := httptest.NewRecorder()
			hubdebug.Handler(h, nil).ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/?"+query, nil))
			if w.Code != http.StatusOK {
				t.Errorf("%s: %d", query, w.Code)
			}
			return w.Body.String()
		}
		if page := get(""); strings.Count(page, "<script>") != 1 || strings.Contains(page, "<img") {
			t.Error("a name is part of the page")
		}
		var v struct{ Tasks []struct{ Name string } }
		if err := json.Unmarshal([]byte(get("format=json")), &v); err != nil || len(v.Tasks) != 1+len(names) {
			t.Fatal(err, len(v.Tasks))
		}
		for i, name := range names {
			if got := v.Tasks[1+i].Name; name != "" && got != strings.ToValidUTF8(name, "\ufffd\ufffd") {
				t.Errorf("%.40q is %.40q", name, got)
			}
		}
		return nil
	})
	if err != nil {
		t.Error(err)
	}
}

// TestManyTasks lists the first thousand of many, and counts all.
func TestManyTasks(t *testing.T) {
	h := hub.New(hub.WithVirtualClock(time.Time{}))
	err := h.Run(t.Context(), func(ctx context.Context) error {
		for range 5000 {
			hub.Go(ctx, new(event.Event).Wait, hub.Daemon())
		}
		_ = hub.Yield(ctx)
		for query, want := range map[string]int{"": 1000, "limit=7": 7, "limit=0": 0, "limit=99999": 5001} {
			w := httptest.NewRecorder()
			hubdebug.Handler(h, nil).ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/?format=json&"+query, nil))
			var v struct {
				Total  int
				States map[string]int
				Tasks  []any
			}
			if err := json.Unmarshal(w.Body.Bytes(), &v); err != nil || v.Total != 5001 || v.States["waiting"] != 5000 || len(v.Tasks) != want {
				t.Errorf("%s: %v, %d tasks, %v, %d listed", query, err, v.Total, v.States, len(v.Tasks))
			}
		}
		return nil
	})
	if err != nil {
		t.Error(err)
	}
}
