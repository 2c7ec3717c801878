package main_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// module writes the files of a module to a new directory.
func module(t *testing.T, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	files["go.mod"] = "module example.com/m\n\ngo 1.26\n"
	for name, text := range files {
		name = filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// TestSiblings has two commands which both put the same type behind the
// interface that a third package calls. Go vet, which looks at one package
// at a time, tells each of them; for the tool it is one finding.
func TestSiblings(t *testing.T) {
	wiring := "package main\n\nimport (\n\t\"example.com/m/disk\"\n\t\"example.com/m/port\"\n)\n\nfunc main() { port.Serve(disk.Disk{}) }\n"
	dir := module(t, map[string]string{
		"port/port.go": "package port\n\ntype Store interface{ Save() }\n\ntype server struct{ s Store }\n\nfunc Serve(s Store) { (&server{s}).handle() }\n\n//blocklint:nonblocking\nfunc (v *server) handle() { v.s.Save() }\n",
		"disk/disk.go": "package disk\n\nimport \"time\"\n\ntype Disk struct{}\n\nfunc (Disk) Save() { time.Sleep(1) }\n",
		"a/main.go":    wiring,
		"b/main.go":    wiring,
	})
	stdout, stderr, status := lint(t, dir, "./...")
	if status != 1 || stderr != "" || strings.Count(stdout, " blocks ") != 1 {
		t.Errorf("status %d, standard error %q; want one finding\n%s", status, stderr, stdout)
	}
	oneline, _, _ := lint(t, dir, "-format=oneline", "./...")
	if !strings.HasPrefix(oneline, "a/main.go:8:") || strings.Count(oneline, "\n") != 1 {
		t.Errorf("printed %q; want one line about a/main.go", oneline)
	}
	_, vetted, _ := command(t, dir, "go", "vet", "-vettool="+binary, "./...")
	for _, line := range []string{"a/main.go:8:", "b/main.go:8:"} {
		if !strings.Contains(vetted, line) {
			t.Errorf("go vet says nothing about %s\n%s", line, vetted)
		}
	}
}
