package hubdebug_test

import (
	"context"
	"net/http/httptest"
	"os"
	"os/exec"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
)

// chromium returns the program, or skips the test.
func chromium(t *testing.T) string {
	t.Helper()
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	t.Skip("no chromium here: the page is not tested in a browser")
	return ""
}

// render returns the page at url as it stands in a browser after some seconds of the browser's own, virtual time.
func render(t *testing.T, program, url string, flags ...string) string {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 100*time.Second) // a browser that hangs is ended
	defer cancel()
	args := append([]string{"--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-dev-shm-usage",
		"--disable-background-networking", "--disable-component-update", "--disable-sync", "--disable-extensions", "--user-data-dir=" + t.TempDir(),
		"--virtual-time-budget=5000", "--dump-dom"}, flags...)
	cmd := exec.CommandContext(ctx, program, append(args, url)...)
	cmd.WaitDelay = time.Second
	cmd.Env = append(os.Environ(), "HOME="+t.TempDir())
	out, err := cmd.Output()
	if err != nil {
		var said []byte
		if e, ok := err.(*exec.ExitError); ok {
			said = e.Stderr
		}
		t.Fatalf("%v: %v\n%s", cmd, err, said)
	}
	return string(out)
}

var nameCell = regexp.MustCompile(`<td class="num" data-v="\d+">\d+</td><td>([^<]*)`)

// TestBrowser checks that the page sorts itself as its address says, refreshes itself, and runs nobody else's scripts.
func TestBrowser(t *testing.T) {
	program := chromium(t)
	server := httptest.NewServer(exhibit(t))
	defer server.Close()
	dom := render(t, program, server.URL+"/debug/hub#-name")

	var names []string
	for _, m := range nameCell.FindAllStringSubmatch(dom, -1) {
		names = append(names, strings.TrimSpace(m[1]))
	}
	if want := []string{"zebra", "sleeper", "main", "aardvark", "&lt;script&gt;alert(1)&lt;/script&gt;"}; !slices.Equal(names, want) {
		t.Errorf("sorted by name, downwards: %q", names)
	}
	for _, want := range []string{`aria-sort="descending"`, "<button type=\"button\">waiting on</button>"} {
		if !strings.Contains(dom, want) {
			t.Errorf("the page has no %s", want)
		}
	}
	if !regexp.MustCompile(`data-refreshed="[1-9]`).MatchString(dom) || strings.Contains(dom, `role="status">no answer`) {
		t.Error("the page has not refreshed itself")
	}
	if t.Failed() {
		t.Logf("%s", dom)
	}
}
