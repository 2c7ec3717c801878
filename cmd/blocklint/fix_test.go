package main_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestFix holds what -diff prints for the fixture of fixes, and applies the
// same to a copy of it in three ways, one copy each: the result builds, has
// no fix any more, and is what the patch says.
func TestFix(t *testing.T) {
	diff, stderr, status := lint(t, fixtures, "-diff", "./fixes")
	if status != 1 || stderr != "" {
		t.Fatalf("status %d, %s; want 1", status, stderr)
	}
	golden(t, "fixes.diff", diff)
	before := strings.Count(onlyFindings(t, fixtures, "./fixes"), "\n")

	patch := filepath.Join(t.TempDir(), "patch")
	write(t, patch, diff)
	var results []string
	for name, fix := range map[string]func(dir string) (stdout, stderr string, status int){
		"blocklint -fix": func(dir string) (string, string, int) { return lint(t, dir, "-fix", "-format=oneline", "./...") },
		"go vet -fix": func(dir string) (string, string, int) {
			return command(t, dir, "go", "vet", "-vettool="+binary, "-fix", "./...")
		},
		"the patch": func(dir string) (string, string, int) { return command(t, dir, "git", "apply", patch) },
	} {
		dir := copyOfFixes(t)
		if out, stderr, status := fix(dir); status == 2 {
			t.Errorf("%s: status %d\n%s%s", name, status, out, stderr)
		}
		if out, errs, status := command(t, dir, "go", "build", "./..."); status != 0 {
			t.Errorf("%s: what was fixed does not build:\n%s%s", name, out, errs)
		}
		if left, _, status := lint(t, dir, "-diff", "./..."); status != 0 {
			t.Errorf("%s: fixes are left:\n%s", name, left)
		}
		after := onlyFindings(t, dir, "./...")
		if n := strings.Count(after, "\n"); n >= before {
			t.Errorf("%s: %d findings before, %d after:\n%s", name, before, n, after)
		}
		results = append(results, read(t, filepath.Join(dir, "fixes", "fixes.go"))+read(t, filepath.Join(dir, "fixes", "run.go")))
	}
	if results[0] != results[1] || results[0] != results[2] {
		t.Error("the three ways to apply the fixes differ")
	}
}

func onlyFindings(t *testing.T, dir, pattern string) string {
	t.Helper()
	stdout, stderr, status := lint(t, dir, "-format=oneline", pattern)
	if status == 2 {
		t.Fatal(stderr)
	}
	return stdout
}

// copyOfFixes copies the fixture into a module of its own, with a test file
// so that the package is there twice.
func copyOfFixes(t *testing.T) string {
	dir := t.TempDir()
	newModule(t, dir)
	for _, name := range []string{"fixes.go", "run.go"} {
		write(t, filepath.Join(dir, "fixes", name), read(t, filepath.Join(fixtures, "fixes", name)))
	}
	write(t, filepath.Join(dir, "fixes", "fixes_test.go"), "package fixes\n")
	return dir
}

// newModule makes dir a module that uses the coop of this work tree.
func newModule(t *testing.T, dir string) {
	t.Helper()
	abs, err := filepath.Abs(root)
	if err != nil {
		t.Fatal(err)
	}
	_, requires, _ := strings.Cut(read(t, filepath.Join(root, "go.mod")), "\nrequire")
	write(t, filepath.Join(dir, "go.mod"), "module example.com/app\n\ngo 1.26.0\n\nreplace github.com/seed6bcf1587/coop => "+abs+
		"\n\nrequire github.com/seed6bcf1587/coop v0.0.0\n\nrequire"+requires)
	write(t, filepath.Join(dir, "go.sum"), read(t, filepath.Join(root, "go.sum")))
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
