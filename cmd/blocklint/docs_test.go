package main_test

import (
	"fmt"
	"maps"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/seed6bcf1587/coop/analyzer"
)

var manual = filepath.Join(root, "docs", "blocklint.md")

// TestManualGenerated holds the parts of the manual that repeat what the
// program knows.
func TestManualGenerated(t *testing.T) {
	help, _, _ := lint(t, root, "-h")
	var categories, profiles strings.Builder
	categories.WriteString("| category | what waits |\n|---|---|\n")
	for _, c := range analyzer.Categories() {
		if c.Summary == "" || c.Harm == "" || c.Wrong == "" || c.Right == "" {
			t.Errorf("category %s is not explained", c.Name)
		}
		fmt.Fprintf(&categories, "| <a id=\"%s\"></a>`%s` | %s |\n", c.Name, c.Name, c.Summary)
	}
	profiles.WriteString("| profile | blocks | where blocking is ruled out |\n|---|---|---|\n")
	for _, p := range analyzer.Profiles() {
		if p.Name != "logging" { // no loop
			fmt.Fprintf(&profiles, "| `%s` | %s | [%s](%s) |\n", p.Name, p.Loop, strings.Join(p.Packages, ", "), p.Docs)
		}
	}
	text := read(t, manual)
	for name, body := range map[string]string{"flags": "```\n" + help + "```\n", "categories": categories.String(), "profiles": profiles.String()} {
		part := regexp.MustCompile(`(?s)(<!-- generated ` + name + ` -->\n).*?(<!-- end -->)`)
		if !part.MatchString(text) {
			t.Fatalf("%s has no part %s", manual, name)
		}
		text = part.ReplaceAllString(text, "${1}"+strings.ReplaceAll(body, "$", "$$")+"${2}")
	}
	if *update {
		write(t, manual, text)
	}
	if text != read(t, manual) {
		t.Errorf("%s is behind: run go test ./cmd/blocklint -run Manual -update", manual)
	}
	for _, key := range analyzer.ConfigKeys() {
		if !strings.Contains(text, "\n"+key+":") {
			t.Errorf("%s does not have the key %s of the configuration", manual, key)
		}
	}
}

// TestManualConfiguration checks that the tool takes the configuration that
// the manual shows.
func TestManualConfiguration(t *testing.T) {
	_, rest, _ := strings.Cut(read(t, manual), "<!-- config -->\n```yaml\n")
	config, _, ok := strings.Cut(rest, "```")
	if !ok {
		t.Fatal("the manual shows no configuration")
	}
	dir := t.TempDir()
	newModule(t, dir)
	write(t, filepath.Join(dir, "a.go"), "package a\n")
	write(t, filepath.Join(dir, ".blocklint.yaml"), config)
	if _, stderr, status := lint(t, dir); status != 0 {
		t.Errorf("status %d, %s", status, stderr)
	}
}

// TestManualFiveMinutes does in a new module what the manual's first section
// says, word for word, and compares what it says is printed.
func TestManualFiveMinutes(t *testing.T) {
	_, rest, _ := strings.Cut(read(t, manual), "\n## Five minutes\n")
	section, _, _ := strings.Cut(rest, "\n## ")
	dir := t.TempDir()
	newModule(t, dir)
	steps := 0
	for _, m := range regexp.MustCompile("(?s)<!-- (file|run)( \\S+)? -->\n```\\w+\n(.*?)```").FindAllStringSubmatch(section, -1) {
		if m[1] == "file" {
			write(t, filepath.Join(dir, strings.TrimSpace(m[2])), m[3])
			continue
		}
		for _, step := range strings.Split("\n"+m[3], "\n$ ")[1:] {
			line, want, _ := strings.Cut(step, "\n")
			if strings.HasPrefix(line, "go get ") {
				// The module has it by a replace directive already.
				line = "go mod edit -tool=github.com/seed6bcf1587/coop/cmd/blocklint"
			}
			stdout, stderr, status := command(t, dir, "sh", "-c", line)
			if status == 2 || !resembles(stdout, want) {
				t.Errorf("$ %s\nstatus %d, standard output\n%s\nstandard error\n%s\nwant\n%s", line, status, stdout, stderr, want)
			}
			steps++
		}
	}
	if steps != 6 {
		t.Errorf("%d commands in the section, want 6", steps)
	}
	if stdout, _, status := lint(t, dir); status != 0 {
		t.Errorf("at the end there are findings:\n%s", stdout)
	}
}

// resembles reports whether text is want, where a line of three dots stands
// for any lines.
func resembles(text, want string) bool {
	want = strings.TrimSuffix(want, "\n") + "\n"
	var pattern strings.Builder
	pattern.WriteString(`^(?s)`)
	for line := range strings.Lines(want) {
		switch line {
		case "...\n":
			pattern.WriteString(`.*`)
		case "\n":
		default:
			pattern.WriteString(regexp.QuoteMeta(line))
		}
	}
	pattern.WriteString(`$`)
	return regexp.MustCompile(pattern.String()).MatchString(text)
}

// TestExplained lints the wrong and the right code of each category: the one
// is reported in it, the other not at all.
func TestExplained(t *testing.T) {
	dir := t.TempDir()
	newModule(t, dir)
	imports := map[string]string{
		"context": "context", "fmt": "fmt", "hub": "github.com/seed6bcf1587/coop/hub", "time": "time", "sql": "database/sql", "exec": "os/exec",
		"event": "github.com/seed6bcf1587/coop/event", "queue": "github.com/seed6bcf1587/coop/queue", "sync": "sync", "os": "os", "http": "net/http",
		"sync2": "github.com/seed6bcf1587/coop/sync2", "syscall": "syscall",
	}
	source := func(pkg, code string) string {
		code += "\nfunc start(ctx context.Context) { hub.Go(ctx, task) }\n"
		var b strings.Builder
		fmt.Fprintf(&b, "package %s\n\n", pkg)
		if strings.Contains(code, "C.") {
			b.WriteString("// static void nap(void) {}\nimport \"C\"\n")
		}
		for _, name := range slices.Sorted(maps.Keys(imports)) {
			if regexp.MustCompile(`\b` + name + `\.[A-Z]`).MatchString(code) {
				fmt.Fprintf(&b, "import %q\n", imports[name])
			}
		}
		return b.String() + code
	}
	for _, c := range analyzer.Categories() {
		write(t, filepath.Join(dir, "wrong", c.Name+"0", "a.go"), source("a", c.Wrong))
		write(t, filepath.Join(dir, "right", c.Name+"0", "a.go"), source("a", c.Right))
	}
	stdout, stderr, status := lint(t, dir, "-format=oneline", "-min=possible", "./wrong/...")
	if status != 1 {
		t.Fatalf("status %d: %s", status, stderr)
	}
	for _, c := range analyzer.Categories() {
		if ok := regexp.MustCompile(`(?m)^wrong/` + c.Name + `0/.*\[` + c.Name + `, `).MatchString(stdout); !ok {
			t.Errorf("the wrong code of %s is not reported", c.Name)
		}
	}
	if stdout, stderr, status := lint(t, dir, "-format=oneline", "./right/..."); status != 0 {
		t.Errorf("the right code: status %d\n%s%s", status, stdout, stderr)
	}
}
