package golangci_test

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// lintVersion is the release of golangci-lint that the test builds.
const lintVersion = "v2.15.0"

// TestCustomBuild builds a golangci-lint with the plugin in it, as
// "golangci-lint custom" does, and compares what it finds in a module of two
// packages with what the tool itself finds. The first build takes minutes;
// the go command's cache has it from then on.
func TestCustomBuild(t *testing.T) {
	if testing.Short() {
		t.Skip("a custom golangci-lint is not built with -short")
	}
	root, err := filepath.Abs("..")
	if err != nil {
		t.Fatal(err)
	}
	lint := buildLint(t, root)
	blocklint := filepath.Join(t.TempDir(), "blocklint.exe")
	run(t, root, "go", "build", "-o", blocklint, "./cmd/blocklint")

	dir := t.TempDir()
	files := map[string]string{
		"go.mod":      appMod(t, root),
		"go.sum":      read(t, filepath.Join(root, "go.sum")),
		"store/st.go": "package store\n\nimport \"time\"\n\n// Save is slow.\nfunc Save() error { return save() }\n\nfunc save() error {\n\ttime.Sleep(1)\n\treturn nil\n}\n\n// Client is quick, says the configuration or not.\nfunc Client() {}\n",
		"app/app.go": `package app

import (
	"context"

	"example.com/app/store"
	"github.com/seed6bcf1587/coop/hub"
)

// Run starts a task that sleeps two packages away.
func Run(ctx context.Context) error {
	return hub.Run(ctx, func(ctx context.Context) error {
		store.Client()
		return store.Save()
	})
}
`,
	}
	for name, text := range files {
		write(t, filepath.Join(dir, name), text)
	}
	// It keeps facts by its own version and not by that of its plugins: those of an earlier build say nothing to this one.
	t.Setenv("GOLANGCI_LINT_CACHE", t.TempDir())
	for _, tt := range []struct {
		name, settings, config string
		want                   int
	}{
		{"defaults", "", "", 1},
		{"off", "        settings:\n          severity: {sleep: \"off\"}\n", "severity: {sleep: off}\n", 0},
		{"effects", "        settings:\n          effects: [\"example.com/app/store.Client: net\"]\n", "effects: {example.com/app/store.Client: net}\n", 2},
		{"defaults again", "", "", 1},
	} {
		write(t, filepath.Join(dir, ".golangci.yml"), "version: \"2\"\nlinters:\n  default: none\n  enable: [blocklint]\n  settings:\n    custom:\n      blocklint:\n        type: module\n"+tt.settings)
		out := run(t, dir, lint, "run", "--output.text.path=stdout", "--output.text.print-issued-lines=false", "--output.text.colors=false", "./...")
		var got []string
		for _, m := range regexp.MustCompile(`(?m)^(\S+\.go:\d+:\d+: .*) \(blocklint\)$`).FindAllStringSubmatch(out, -1) {
			got = append(got, m[1])
		}
		write(t, filepath.Join(dir, ".blocklint.yaml"), tt.config)
		want := slices.Collect(strings.Lines(run(t, dir, blocklint, "-format=oneline", "./...")))
		if err := os.Remove(filepath.Join(dir, ".blocklint.yaml")); err != nil {
			t.Fatal(err)
		}
		slices.Sort(got)
		slices.Sort(want)
		if len(want) != tt.want || strings.Join(got, "\n") != strings.TrimSuffix(strings.Join(want, ""), "\n") {
			t.Errorf("%s: golangci-lint found\n%s\nthe tool, of which %d are expected,\n%s", tt.name, out, tt.want, strings.Join(want, ""))
		}
	}
}

// buildLint builds the custom golangci-lint, or skips the test if its source
// is not to be had.
func buildLint(t *testing.T, root string) string {
	dir := t.TempDir()
	write(t, filepath.Join(dir, "go.mod"), "module example.com/custom\n\ngo 1.26.0\n\nrequire github.com/golangci/golangci-lint/v2 "+lintVersion+
		"\n\nreplace github.com/seed6bcf1587/coop => "+root+"\n\nreplace github.com/seed6bcf1587/coop/golangci => "+filepath.Join(root, "golangci")+"\n")
	write(t, filepath.Join(dir, "main.go"), `package main

import (
	"fmt"
	"os"

	"github.com/golangci/golangci-lint/v2/pkg/commands"
	"github.com/golangci/golangci-lint/v2/pkg/exitcodes"

	_ "github.com/seed6bcf1587/coop/golangci"
)

func main() {
	if err := commands.Execute(commands.BuildInfo{Version: "custom"}); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(exitcodes.Failure)
	}
}
`)
	if out, err := output(dir, "go", "mod", "tidy"); err != nil {
		t.Skipf("golangci-lint %s is not to be had, so the plugin is not tested in it: %v\n%s", lintVersion, err, out)
	}
	binary := filepath.Join(dir, "custom.exe")
	run(t, dir, "go", "build", "-o", binary, ".")
	return binary
}

// appMod is a go.mod for a module that uses the coop at root.
func appMod(t *testing.T, root string) string {
	_, requires, _ := strings.Cut(read(t, filepath.Join(root, "go.mod")), "\nrequire")
	return "module example.com/app\n\ngo 1.26.0\n\nreplace github.com/seed6bcf1587/coop => " + root +
		"\n\nrequire github.com/seed6bcf1587/coop v0.0.0\n\nrequire" + requires
}

func output(dir, name string, args ...string) (string, error) {
	cmd := exec.Command(name, args...)
	cmd.Dir = dir
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &out
	err := cmd.Run()
	return out.String(), err
}

// run runs a program and returns what it printed. Linters exit with 1 when
// they find something; it is what they print that counts.
func run(t *testing.T, dir, name string, args ...string) string {
	t.Helper()
	out, err := output(dir, name, args...)
	if err != nil && (name == "go" || out == "") {
		t.Fatalf("%s %v: %v\n%s", name, args, err, out)
	}
	return out
}

func read(t *testing.T, name string) string {
	t.Helper()
	data, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

func write(t *testing.T, name, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}
