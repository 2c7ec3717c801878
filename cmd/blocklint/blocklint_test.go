package main_test

import (
	"bytes"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write the golden files")

// binary is the tool, built once for all tests: users run the driver, not a
// function of it.
var binary string

func TestMain(m *testing.M) {
	flag.Parse()
	os.Exit(func() int {
		dir, err := os.MkdirTemp("", "blocklint")
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			return 1
		}
		defer os.RemoveAll(dir)
		binary = filepath.Join(dir, "blocklint.exe")
		build := exec.Command("go", "build", "-o", binary, ".")
		if out, err := build.CombinedOutput(); err != nil {
			fmt.Fprintf(os.Stderr, "go build: %v\n%s", err, out)
			return 1
		}
		download := exec.Command("go", "mod", "download")
		download.Dir = fixtures
		if out, err := download.CombinedOutput(); err != nil {
			fmt.Fprintf(os.Stderr, "cannot fetch the modules that the fixtures import (go mod download): %v\n%s", err, out)
			return 1
		}
		return m.Run()
	}())
}

var (
	root     = filepath.Join("..", "..")
	fixtures = filepath.Join(root, "testdata")
)

// lint runs the tool in dir.
func lint(t *testing.T, dir string, args ...string) (stdout, stderr string, status int) {
	t.Helper()
	return command(t, dir, binary, args...)
}

func command(t *testing.T, dir, name string, args ...string) (stdout, stderr string, status int) {
	t.Helper()
	cmd := exec.Command(name, args...)
	cmd.Dir = dir
	var out, errOut bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errOut
	err := cmd.Run()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		t.Fatalf("%s %v: %v", name, args, err)
	}
	return out.String(), errOut.String(), cmd.ProcessState.ExitCode()
}

// TestStall holds what the first command of the README prints: the eight
// stalls of the example, and nothing else.
func TestStall(t *testing.T) {
	stdout, stderr, status := lint(t, root, "./examples/stall/...")
	if status != 1 || stderr != "" {
		t.Errorf("status %d, standard error %q; want 1 and nothing", status, stderr)
	}
	if n := strings.Count(stdout, " blocks the hub ["); n != 8 {
		t.Errorf("%d findings, want 8", n)
	}
	golden(t, "stall.golden", stdout)
	again, _, _ := lint(t, root, "./examples/stall/...")
	if again != stdout {
		t.Errorf("a second run printed something else:\n%s", again)
	}
}

func golden(t *testing.T, file, got string) {
	t.Helper()
	name := filepath.Join("testdata", file)
	if *update {
		if err := os.WriteFile(name, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("output differs from %s (run go test ./cmd/blocklint -update to accept it):\n%s", name, got)
	}
}

// TestDrivers runs the fixtures through the standalone tool and through go
// vet. What the analyzer's own tests expect of the fixtures is a third view
// of the same corpus: each line with a finding carries an expectation.
func TestDrivers(t *testing.T) {
	standalone, stderr, status := lint(t, fixtures, "-format=oneline", "./...")
	if status != 1 {
		t.Fatalf("status %d, want 1\n%s", status, stderr)
	}
	_, vetted, _ := command(t, fixtures, "go", "vet", "-vettool="+binary, "./...")
	var lines []string
	for line := range strings.Lines(vetted) {
		if !strings.HasPrefix(line, "#") {
			lines = append(lines, line)
		}
	}
	slices.Sort(lines)
	got := slices.Sorted(strings.Lines(standalone))
	if a, b := strings.Join(got, ""), strings.Join(lines, ""); a != b {
		t.Errorf("the tool on its own and go vet differ:\n%s\n---\n%s", a, b)
	}

	reported := make(map[string]bool)
	position := regexp.MustCompile(`^(.*\.go:\d+):\d+: `)
	for _, line := range got {
		if m := position.FindStringSubmatch(line); m != nil {
			reported[m[1]] = true
		}
	}
	if expected := wants(t); !slices.Equal(slices.Sorted(keys(reported)), expected) {
		t.Errorf("lines with findings and lines with expectations differ:\n%v\n%v", slices.Sorted(keys(reported)), expected)
	}

	again, _, _ := lint(t, fixtures, "-format=oneline", "./...")
	if again != standalone {
		t.Error("a second run printed something else")
	}
}

func keys(m map[string]bool) func(yield func(string) bool) {
	return func(yield func(string) bool) {
		for k := range m {
			if !yield(k) {
				return
			}
		}
	}
}

// wants returns the lines of the fixtures that expect a finding, sorted.
func wants(t *testing.T) []string {
	var out []string
	err := filepath.WalkDir(fixtures, func(path string, d os.DirEntry, err error) error {
		if err != nil || filepath.Ext(path) != ".go" || strings.HasSuffix(path, "_js.go") {
			return err
		}
		data, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(fixtures, path)
		if err != nil {
			return err
		}
		n := 0
		for line := range strings.Lines(string(data)) {
			n++
			if strings.Contains(line, "// want `") || strings.Contains(line, "/* want `") {
				out = append(out, fmt.Sprintf("%s:%d", rel, n))
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	slices.Sort(out)
	return out
}

// TestOutput holds the text form for findings of each kind of root.
func TestOutput(t *testing.T) {
	stdout, _, _ := lint(t, fixtures, "./top", "./teav1", "./directives", "./open/...")
	golden(t, "fixtures.golden", stdout)
}

func TestClean(t *testing.T) {
	stdout, stderr, status := lint(t, fixtures, "./clean")
	if stdout != "" || stderr != "" || status != 0 {
		t.Errorf("status %d, %q, %q; want 0 and nothing", status, stdout, stderr)
	}
	_, stderr, status = lint(t, root, "-tests=false", "./cmd/blocklint")
	if want := "blocklint: no root found"; status != 0 || !strings.HasPrefix(stderr, want) {
		t.Errorf("status %d, standard error %q; want 0 and %q", status, stderr, want)
	}
}

func TestHelp(t *testing.T) {
	stdout, stderr, status := lint(t, root, "-h")
	if status != 0 || stderr != "" || strings.Count(stdout, "\n") > 26 {
		t.Errorf("status %d, standard error %q, %d lines; want 0, nothing, at most 26", status, stderr, strings.Count(stdout, "\n"))
	}
}
