package main_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// TestBadInput gives the tool what it cannot work with: one line on standard
// error, status 2, and nothing of its insides.
func TestBadInput(t *testing.T) {
	mod := "module example.com/bad\n\ngo 1.26\n"
	for _, tt := range []struct {
		name  string
		files map[string]string
		args  []string
		want  string
	}{
		{
			name: "unknown flag",
			args: []string{"-frob", "./..."},
			want: "blocklint: flag provided but not defined: -frob (blocklint -h lists the flags)\n",
		},
		{
			name: "unknown format",
			args: []string{"-format=xml"},
			want: "blocklint: -format xml: the formats are text, oneline, json, sarif, github, dot, svg and html\n",
		},
		{
			name: "flag after packages",
			args: []string{"./...", "-format=text"},
			want: "blocklint: -format=text: flags come before packages\n",
		},
		{
			name:  "no such directory",
			files: map[string]string{"go.mod": mod, "a.go": "package a\n"},
			args:  []string{"./nope"},
			want:  "blocklint: stat DIR/nope: directory not found: check the pattern\n",
		},
		{
			name:  "pattern without packages",
			files: map[string]string{"go.mod": mod, "a.go": "package a\n", "empty/x.txt": ""},
			args:  []string{"./empty/..."},
			want:  "blocklint: \"./empty/...\" matched no packages: check the pattern\n",
		},
		{
			name:  "one pattern of two without packages",
			files: map[string]string{"go.mod": mod, "a.go": "package a\n", "empty/x.txt": ""},
			args:  []string{".", "./empty/..."},
			want:  "blocklint: \"./empty/...\" matched no packages: check the pattern\n",
		},
		{
			name:  "no such tree",
			files: map[string]string{"go.mod": mod, "a.go": "package a\n"},
			args:  []string{"./nope/..."},
			want:  "blocklint: pattern ./nope/...: lstat ./nope/: no such file or directory: check the pattern\n",
		},
		{
			name:  "syntax error",
			files: map[string]string{"go.mod": mod, "a.go": "package a\n\nfunc f( {}\n"},
			want:  "blocklint: a.go:3:9: expected ')', found '{': mend this first, only code that builds can be checked\n",
		},
		{
			name:  "type errors",
			files: map[string]string{"go.mod": mod, "a.go": "package a\n\nvar x int = \"\"\nvar y int = \"\"\n"},
			want:  "blocklint: a.go:3:13: cannot use \"\" (untyped string constant) as int value in variable declaration: mend this first, only code that builds can be checked\n",
		},
		{
			name: "type error in a dependency",
			files: map[string]string{"go.mod": mod, "a.go": "package a\n\nimport _ \"example.com/bad/b\"\n",
				"b/b.go": "package b\n\nvar x int = \"\"\n"},
			args: []string{"."},
			want: "blocklint: b/b.go:3:13: cannot use \"\" (untyped string constant) as int value in variable declaration: mend this first, only code that builds can be checked\n",
		},
		{
			name:  "missing package",
			files: map[string]string{"go.mod": mod, "a.go": "package a\n\nimport _ \"example.com/bad/b\"\n"},
			want:  "blocklint: a.go:3:8: no required module provides package example.com/bad/b: mend this first, only code that builds can be checked\n",
		},
		{
			name:  "no go.mod",
			files: map[string]string{"a.go": "package a\n"},
			want:  "blocklint: no go.mod here or above: run it in a module, or make one with go mod init\n",
		},
		{
			name:  "another module",
			files: map[string]string{"go.mod": mod, "a.go": "package a\n", "b/go.mod": "module example.com/b\n", "b/b.go": "package b\n"},
			args:  []string{"-C", "b", "../..."},
			want:  "blocklint: ../...: not in this module: run it there, as with -C DIR\n",
		},
		{
			name: "workspace",
			files: map[string]string{"go.work": "go 1.26\n\nuse ./a\n", "a/go.mod": "module example.com/a\n\ngo 1.26\n",
				"a/a.go": "package a\n"},
			want: "blocklint: ./...: no module of the workspace: name the directories of its modules, or write work for all of them\n",
		},
		{
			name: "vendor directory",
			files: map[string]string{"go.mod": mod + "\nrequire example.com/b v1.0.0\n", "a.go": "package a\n",
				"vendor/modules.txt": "# example.com/b v1.1.0\n## explicit; go 1.26\nexample.com/b\n", "vendor/example.com/b/b.go": "package b\n"},
			want: "blocklint: the vendor directory differs from what go.mod or go.work says: run go mod vendor or go work vendor\n",
		},
		{
			name: "configuration of a package below",
			files: map[string]string{"go.mod": mod, "a.go": "package a\n", "b/b.go": "package b\n",
				"b/.blocklint.yaml": "severity: {sleep: never}\n"},
			want: "blocklint: example.com/bad/b: b/.blocklint.yaml:1: severity: sleep: never: write off, possible, probable or definite\n",
		},
		{
			name:  "package that is none",
			files: map[string]string{"go.mod": mod, "a.go": "package a\n"},
			args:  []string{"b"},
			want:  "blocklint: there is no package b: write ./b for a directory\n",
		},
		{
			name:  "broken go.mod",
			files: map[string]string{"go.mod": "modul x\n", "a.go": "package a\n"},
			want:  "blocklint: go.mod:1: unknown directive: modul: mend this first, only code that builds can be checked\n",
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			for name, text := range tt.files {
				write(t, filepath.Join(dir, name), text)
			}
			stdout, stderr, status := lint(t, dir, tt.args...)
			stderr = strings.ReplaceAll(stderr, dir, "DIR")
			if status != 2 || stdout != "" || stderr != tt.want {
				t.Errorf("status %d, standard output %q, standard error\n%swant status 2 and\n%s", status, stdout, stderr, tt.want)
			}
		})
	}
}

// TestBadConfig holds what is said of a configuration that is wrong.
func TestBadConfig(t *testing.T) {
	dir := t.TempDir()
	write(t, filepath.Join(dir, "go.mod"), "module example.com/bad\n\ngo 1.26\n")
	write(t, filepath.Join(dir, "a.go"), "package a\n")
	for config, want := range map[string]string{
		"roots:\n\t- a\n":                    "2: found character that cannot start any token: indent with spaces, not tabs",
		"tests: false\ntests: true\n":        "2: mapping key \"tests\" already defined at line 1",
		"tests: false\n---\ntests: true\n":   "1: there is a second document: write one, without --- in between",
		"profiles: {tview: maybe}\n":         "1: `maybe` stands where true or false belongs",
		"roots: a.b\n":                       "1: `a.b` stands where a list of texts belongs",
		"tests: false\nroots:\n- nonsense\n": "3: roots: nonsense: not a function: write import/path.Func or import/path.Type.Method",
		"severity: [sleep]\n":                "1: a list stands where a mapping of categories to texts belongs",
		"- a\n":                              "1: a list stands where a mapping of keys to values belongs",
		"hello\n":                            "1: `hello` stands where a mapping of keys to values belongs",
		"effects: {a.B: }\n":                 "1: effects: a.B: nothing: write a category, or none",
		"escapes: {a.B: 0}\n":                "1: `0` stands where a list of numbers belongs",
		"escapes: {a.B: [-1]}\n":             "1: escapes: a.B: -1: parameters count from 0",
		"exclude:\n- b\n- \"[\"\n":           "3: exclude: [: not a pattern: its brackets do not match",
	} {
		write(t, filepath.Join(dir, ".blocklint.yaml"), config)
		want = "blocklint: .blocklint.yaml:" + want + "\n"
		if stdout, stderr, status := lint(t, dir); status != 2 || stdout != "" || stderr != want {
			t.Errorf("%q: status %d, standard output %q, standard error\n%swant status 2 and\n%s", config, status, stdout, stderr, want)
		}
	}
	for _, config := range []string{
		"\xef\xbb\xbftests: false\r\nseverity: {sleep: off}\r\n",
		"roots: &all [example.com/bad.f]\nexclude: *all\n",
		"# nothing\n",
		"",
	} {
		write(t, filepath.Join(dir, ".blocklint.yaml"), config)
		if _, stderr, status := lint(t, dir); status != 0 {
			t.Errorf("%q: status %d, %s", config, status, stderr)
		}
	}
	// A link to nowhere is not the same as no file.
	if err := os.Remove(filepath.Join(dir, ".blocklint.yaml")); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink("nowhere", filepath.Join(dir, ".blocklint.yaml")); err != nil {
		t.Skip(err)
	}
	if _, stderr, status := lint(t, dir); status != 2 || !strings.Contains(stderr, ".blocklint.yaml: no such file") {
		t.Errorf("a link to nowhere: status %d, %q", status, stderr)
	}
}

func TestWithoutGo(t *testing.T) {
	cmd := exec.Command(binary, "./...")
	cmd.Env = append(os.Environ(), "PATH="+t.TempDir())
	out, _ := cmd.CombinedOutput()
	want := "blocklint: cannot find the go command: install Go, or add the directory that holds it to PATH\n"
	if string(out) != want || cmd.ProcessState.ExitCode() != 2 {
		t.Errorf("status %d, %q; want 2 and %q", cmd.ProcessState.ExitCode(), out, want)
	}
}

// TestMin checks that what is only possible shows when asked for, and that
// other confidences are refused.
func TestMin(t *testing.T) {
	count := func(least string) int {
		stdout, stderr, status := lint(t, fixtures, "-format=oneline", "-min="+least, "./ops", "./values")
		if status != 1 {
			t.Fatalf("-min %s: status %d\n%s", least, status, stderr)
		}
		return strings.Count(stdout, " blocks the hub [")
	}
	if d, p, q := count("definite"), count("probable"), count("possible"); d >= p || p >= q {
		t.Errorf("%d definite, %d probable, %d possible: each should show more", d, p, q)
	}
	if stdout, _, _ := lint(t, fixtures, "-format=oneline", "-min=possible", "./cgocall"); os.Getenv("CGO_ENABLED") != "0" && !strings.Contains(stdout, "C.nap blocks the hub [cgo, possible]") {
		t.Errorf("no finding of category cgo in\n%s", stdout)
	}
	_, stderr, status := lint(t, fixtures, "-min=maybe", "./ops")
	if status != 2 || !strings.HasPrefix(stderr, "blocklint: -min maybe: ") {
		t.Errorf("status %d, %q", status, stderr)
	}
}
