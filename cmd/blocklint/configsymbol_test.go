package main_test

import (
	"strings"
	"testing"
)

// TestShippedConfig has a module whose own file names a function that it
// lacks: its users are told, and not stopped.
func TestShippedConfig(t *testing.T) {
	dir := module(t, map[string]string{
		"main.go":             "package main\n\nimport (\n\t\"time\"\n\n\t\"example.com/dep\"\n)\n\n//blocklint:nonblocking\nfunc main() {\n\tdep.Busy()\n\ttime.Sleep(1)\n}\n",
		"dep/go.mod":          "module example.com/dep\n\ngo 1.26\n",
		"dep/dep.go":          "package dep\n\nfunc Busy() {}\n",
		"dep/.blocklint.yaml": "effects:\n  example.com/dep.Bussy: none\n",
	})
	write(t, dir+"/go.mod", "module example.com/m\n\ngo 1.26\n\nrequire example.com/dep v0.0.0\n\nreplace example.com/dep => ./dep\n")
	stdout, stderr, status := lint(t, dir, "./...")
	want := "blocklint: warning: dep/.blocklint.yaml:2: effects: example.com/dep.Bussy: package example.com/dep has no such function; did you mean example.com/dep.Busy?\n"
	if status != 1 || stderr != want || strings.Count(stdout, " blocks ") != 1 {
		t.Errorf("status %d, standard error %q; want 1 and %q\n%s", status, stderr, want, stdout)
	}
	_, vetted, _ := command(t, dir, "go", "vet", "-vettool="+binary, "./...")
	if !strings.Contains(vetted, "time.Sleep blocks") || strings.Contains(vetted, "Bussy") {
		t.Errorf("go vet says\n%s", vetted)
	}
}
