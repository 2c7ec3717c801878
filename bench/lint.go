package bench

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
)

// lintRows compare blocklint with go vet on a module of 200 packages in which nothing has changed since the last run: what is
// left is what the go command does to find that out, which is the same, and what blocklint does with the findings.
func lintRows() []Row {
	return []Row{{25, "blocklint again, 200 packages", "go vet again", 1.2, 1,
		repeated(func(p lintProgram) *exec.Cmd { return exec.Command(p.tool, "-format=oneline", "./...") }),
		repeated(func(p lintProgram) *exec.Cmd { return exec.Command("go", "vet", "./...") })}}
}

// A lintProgram is a module to lint, and the tool to do it.
type lintProgram struct{ dir, tool string }

func repeated(command func(p lintProgram) *exec.Cmd) func(n int) {
	return func(n int) {
		p := newLintProgram()
		for range n {
			cmd := command(p)
			cmd.Dir = p.dir
			// 1: it has findings. What else there may be shows in the status, too.
			if _ = cmd.Run(); cmd.ProcessState == nil || cmd.ProcessState.ExitCode() > 1 {
				panic("bench: cannot run " + cmd.String())
			}
		}
	}
}

// newLintProgram writes the module and builds the tool, in a directory that it finds again the next time. Each package has 40
// functions, imports three others, and starts a task; every tenth blocks.
var newLintProgram = sync.OnceValue(func() lintProgram {
	root, err := filepath.Abs("..")
	check(err)
	if _, err := os.Stat(filepath.Join(root, "analyzer")); err != nil {
		panic("bench: run it in the directory bench of the repository")
	}
	p := lintProgram{dir: filepath.Join(os.TempDir(), "coop-bench-lint")}
	p.tool = filepath.Join(p.dir, "blocklint.exe")
	check(os.MkdirAll(p.dir, 0o777))
	build := exec.Command("go", "build", "-o", p.tool, "./cmd/blocklint")
	build.Dir = root
	check(build.Run())
	for name, from := range map[string]string{"go.mod": "go.mod", "go.sum": "go.sum"} {
		text, err := os.ReadFile(filepath.Join(root, from))
		check(err)
		if name == "go.mod" {
			_, requires, _ := strings.Cut(string(text), "\nrequire")
			text = fmt.Appendf(nil, "module example.com/app\n\ngo 1.26.0\n\nreplace github.com/seed6bcf1587/coop => %s\n\nrequire github.com/seed6bcf1587/coop v0.0.0\n\nrequire%s", root, requires)
		}
		check(os.WriteFile(filepath.Join(p.dir, name), text, 0o666))
	}
	for i := range 200 {
		dir := filepath.Join(p.dir, fmt.Sprintf("p%d", i))
		check(os.MkdirAll(dir, 0o777))
		check(os.WriteFile(filepath.Join(dir, "p.go"), []byte(lintSource(i)), 0o666))
	}
	return p
})

func lintSource(i int) string {
	var imports, calls, steps strings.Builder
	for _, j := range []int{i - 1, i - 7, i - 20} {
		if j >= 0 {
			fmt.Fprintf(&imports, "\t\"example.com/app/p%d\"\n", j)
			fmt.Fprintf(&calls, "\tp%d.Step0()\n", j)
		}
	}
	for k := range 40 {
		body := "_ = time.Second"
		switch {
		case k%5 != 4:
			body = fmt.Sprintf("Step%d()", k+1)
		case i%10 == 0:
			body = "time.Sleep(1)"
		}
		fmt.Fprintf(&steps, "\nfunc Step%d() { %s }\n", k, body)
	}
	return fmt.Sprintf("package p%d\n\nimport (\n\t\"context\"\n\t\"time\"\n\n%s\t\"github.com/seed6bcf1587/coop/hub\"\n)\n\n"+
		"func Start(ctx context.Context) {\n%s\thub.Go(ctx, func(ctx context.Context) error { Step0(); return nil })\n}\n%s", i, &imports, &calls, &steps)
}

func check(err error) {
	if err != nil {
		panic("bench: " + err.Error())
	}
}
