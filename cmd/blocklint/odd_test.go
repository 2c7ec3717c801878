package main_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestOddInput gives the tool code that builds but is unlike most: the
// findings must be right, standard error tell what is wrong, if anything is,
// and the status follow from that.
func TestOddInput(t *testing.T) {
	// A root is declared by directive, so that the module needs no other.
	mod := "module example.com/odd\n\ngo 1.26\n"
	naps := "package odd\n\nimport \"time\"\n\n//blocklint:nonblocking\nfunc Root() { nap() }\n\nfunc nap() { time.Sleep(1) }\n"
	found := "odd.go:6:15: time.Sleep blocks a loop [sleep, definite]"
	for _, tt := range []struct {
		name   string
		files  map[string]string
		env    []string
		args   []string
		stdout string // a substring, or nothing at all
		stderr string
		status int
	}{
		{
			name:   "build tag that is not set",
			files:  map[string]string{"go.mod": mod, "odd.go": "package odd\n\n//blocklint:nonblocking\nfunc Root() { nap() }\n", "a.go": "//go:build slow\n\npackage odd\n\nimport \"time\"\n\nfunc nap() { time.Sleep(1) }\n", "b.go": "//go:build !slow\n\npackage odd\n\nfunc nap() {}\n"},
			status: 0,
		},
		{
			name:   "build tag that is set",
			files:  map[string]string{"go.mod": mod, "odd.go": "package odd\n\n//blocklint:nonblocking\nfunc Root() { nap() }\n", "a.go": "//go:build slow\n\npackage odd\n\nimport \"time\"\n\nfunc nap() { time.Sleep(1) }\n", "b.go": "//go:build !slow\n\npackage odd\n\nfunc nap() {}\n"},
			env:    []string{"GOFLAGS=-tags=slow"},
			stdout: "odd.go:4:15: time.Sleep blocks a loop",
			status: 1,
		},
		{
			name: "workspace",
			files: map[string]string{
				"go.work":    "go 1.26\n\nuse (\n\t./a\n\t./b\n)\n",
				"a/go.mod":   "module example.com/a\n\ngo 1.26\n",
				"a/a.go":     "package a\n\nimport \"time\"\n\nfunc Nap() { time.Sleep(1) }\n",
				"b/go.mod":   "module example.com/b\n\ngo 1.26\n",
				"b/b.go":     "package b\n\nimport \"example.com/a\"\n\n//blocklint:nonblocking\nfunc Root() { a.Nap() }\n",
				"b/c/doc.go": "package c\n",
			},
			args:   []string{"./a/...", "./b/..."},
			stdout: "b/b.go:6:15: time.Sleep blocks a loop [sleep, definite]",
			status: 1,
		},
		{
			name: "vendor directory",
			files: map[string]string{
				"go.mod":                         mod + "\nrequire example.com/v v1.0.0\n",
				"vendor/modules.txt":             "# example.com/v v1.0.0\n## explicit; go 1.26\nexample.com/v\n",
				"vendor/example.com/v/v.go":      "package v\n\nimport \"time\"\n\nfunc Nap() { time.Sleep(1) }\n\n//blocklint:nonblocking\nfunc root() { Nap() }\n",
				"odd.go":                         "package odd\n\nimport \"example.com/v\"\n\n//blocklint:nonblocking\nfunc Root() { v.Nap() }\n",
				"vendor/example.com/v/unused.go": "package v\n",
			},
			stdout: "odd.go:6:15: time.Sleep blocks a loop [sleep, definite]",
			status: 1,
		},
		{
			name:   "vendor directory that does not agree",
			files:  map[string]string{"go.mod": mod + "\nrequire example.com/v v1.0.0\n", "vendor/modules.txt": "", "odd.go": "package odd\n"},
			stderr: "blocklint: ",
			status: 2,
		},
		{
			name:   "tests alone",
			files:  map[string]string{"go.mod": mod, "odd_test.go": naps},
			stdout: "odd_test.go:6:15: time.Sleep blocks a loop",
			status: 1,
		},
		{
			name:   "tests alone, left out",
			files:  map[string]string{"go.mod": mod, "odd_test.go": naps},
			args:   []string{"-tests=false", "./..."},
			stderr: "blocklint: no root found",
			status: 0,
		},
		{
			name:   "nothing but a package clause",
			files:  map[string]string{"go.mod": mod, "odd.go": "package odd\n"},
			stderr: "blocklint: no root found",
			status: 0,
		},
		{
			name:   "module without packages",
			files:  map[string]string{"go.mod": mod},
			stderr: "blocklint: ",
			status: 2,
		},
		{
			name:   "files that are all left out by tags",
			files:  map[string]string{"go.mod": mod, "odd.go": "//go:build never\n\n" + naps},
			args:   []string{"."},
			stderr: "blocklint: ",
			status: 2,
		},
		{
			name:   "file by name, without a module",
			files:  map[string]string{"odd.go": strings.Replace(naps, "package odd", "package main", 1) + "\nfunc main() {}\n"},
			args:   []string{"odd.go"},
			stdout: found,
			status: 1,
		},
		{
			name:   "recursion of many functions, in every direction",
			files:  map[string]string{"go.mod": mod, "odd.go": tangled(60)},
			stdout: "odd.go:6:15: time.Sleep blocks a loop [sleep, definite]",
			status: 1,
		},
		{
			name: "generic types all the way",
			files: map[string]string{"go.mod": mod, "odd.go": `package odd

import "time"

//blocklint:nonblocking
func Root() { walk[int](visitor[int]{}) }

type able[T any] struct{ last T }

type visitor[T any] struct{ able[T] }

func (v visitor[T]) see(x T) bool { return pause(x, func(T) { time.Sleep(1) }) }

func pause[T any, F ~func(T)](x T, f F) bool { f(x); return true }

type list[T any, V interface{ see(T) bool }] struct {
	v    V
	next *list[T, V]
}

func (l *list[T, V]) walk(x T) {
	if l.next != nil {
		l.next.walk(x)
	}
	l.v.see(x)
}

func walk[T any, V interface{ see(T) bool }](v V) {
	var x T
	l := &list[T, V]{v: v}
	l.walk(x)
}
`},
			stdout: "odd.go:6:15: time.Sleep blocks a loop [sleep, ",
			status: 1,
		},
		{
			name:   "generated code: functions by the thousand",
			files:  map[string]string{"go.mod": mod, "odd.go": naps, "gen.go": generated(20_000)},
			stdout: found,
			status: 1,
		},
		{
			name:   "generated code: one switch",
			files:  map[string]string{"go.mod": mod, "odd.go": naps, "gen.go": manyCases(20_000)},
			stdout: found,
			status: 1,
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if testing.Short() && strings.HasPrefix(tt.name, "generated") {
				t.Skip("large")
			}
			dir := t.TempDir()
			for name, text := range tt.files {
				file := filepath.Join(dir, name)
				if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
					t.Fatal(err)
				}
				if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			for _, kv := range tt.env {
				k, v, _ := strings.Cut(kv, "=")
				t.Setenv(k, v)
			}
			stdout, stderr, status := lint(t, dir, append([]string{"-format=oneline"}, tt.args...)...)
			if status != tt.status || !about(stdout, tt.stdout) || !about(stderr, tt.stderr) || strings.Count(stderr, "\n") > 1 {
				t.Errorf("status %d, standard output\n%s\nstandard error\n%s\nwant status %d, %q and %q", status, stdout, stderr, tt.status, tt.stdout, tt.stderr)
			}
		})
	}
}

// about reports whether want is in got, or, if it is empty, got is too.
func about(got, want string) bool {
	return want == "" && got == "" || want != "" && strings.Contains(got, want)
}

// tangled returns a package of n functions each of which calls most others.
func tangled(n int) string {
	var b strings.Builder
	b.WriteString("package odd\n\nimport \"time\"\n\n//blocklint:nonblocking\nfunc Root() { f0(0) }\n\n")
	for i := range n {
		fmt.Fprintf(&b, "func f%d(x int) {\n\tif x > 9 {\n\t\treturn\n\t}\n", i)
		for j := range n {
			if (i*7+j)%3 != 0 {
				fmt.Fprintf(&b, "\tf%d(x + 1)\n", j)
			}
		}
		if i == n-1 {
			b.WriteString("\ttime.Sleep(1)\n")
		}
		b.WriteString("}\n\n")
	}
	return b.String()
}

// generated returns a file of n functions in a chain.
func generated(n int) string {
	var b strings.Builder
	b.WriteString("// Code generated by a test. DO NOT EDIT.\n\npackage odd\n\nfunc g0(x int) int { return x }\n")
	for i := 1; i < n; i++ {
		fmt.Fprintf(&b, "func g%d(x int) int { return g%d(x) + %d }\n", i, i-1, i)
	}
	return b.String()
}

// manyCases returns a file with a switch of n cases.
func manyCases(n int) string {
	var b strings.Builder
	b.WriteString("// Code generated by a test. DO NOT EDIT.\n\npackage odd\n\nfunc name(x int) string {\n\tswitch x {\n")
	for i := range n {
		fmt.Fprintf(&b, "\tcase %d:\n\t\treturn \"%d\"\n", i, i*i)
	}
	b.WriteString("\t}\n\treturn \"\"\n}\n")
	return b.String()
}
