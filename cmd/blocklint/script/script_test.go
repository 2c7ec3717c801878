package script

import (
	"errors"
	"flag"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"

	_ "github.com/owenrumney/go-sarif/v3/pkg/report/v210/sarif" // for the schema in its source
	"github.com/rogpeppe/go-internal/testscript"
	"github.com/xeipuuv/gojsonschema"
)

var update = flag.Bool("update", false, "write what differs into the scripts")

var (
	root   string // of the repository
	binDir string // holds the tool
)

func TestMain(m *testing.M) {
	flag.Parse()
	os.Exit(func() int {
		var err error
		if root, err = filepath.Abs(filepath.Join("..", "..", "..")); err != nil {
			fmt.Fprintln(os.Stderr, err)
			return 1
		}
		if binDir, err = os.MkdirTemp("", "blocklint"); err != nil {
			fmt.Fprintln(os.Stderr, err)
			return 1
		}
		defer os.RemoveAll(binDir)
		build := exec.Command("go", "build", "-C", root, "-o", tool(), "./cmd/blocklint")
		if out, err := build.CombinedOutput(); err != nil {
			fmt.Fprintf(os.Stderr, "go build: %v\n%s", err, out)
			return 1
		}
		return m.Run()
	}())
}

func tool() string { return filepath.Join(binDir, "blocklint") }

func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir:           "testdata",
		UpdateScripts: *update,
		Setup:         setup,
		Cmds: map[string]func(ts *testscript.TestScript, neg bool, args []string){
			"lint":       lint,
			"edit":       edit,
			"validsarif": validSARIF,
		},
	})
}

// setup makes the directory of a script a module that uses the coop of this
// work tree, unless the script has a go.mod of its own.
func setup(env *testscript.Env) error {
	for _, name := range []string{"GOCACHE", "GOMODCACHE", "GOPROXY", "GOSUMDB"} {
		out, err := exec.Command("go", "env", name).Output()
		if err != nil {
			return err
		}
		env.Setenv(name, strings.TrimSpace(string(out)))
	}
	env.Setenv("PATH", binDir+string(filepath.ListSeparator)+env.Getenv("PATH"))
	env.Setenv("GOFLAGS", "-buildvcs=false")
	env.Setenv("COOP", root)
	env.Setenv("TOOL", tool())
	env.Setenv("TERM", "xterm")
	env.Setenv("NOGIT", filepath.Join(env.WorkDir, "nothing"))
	env.Setenv("GIT_CONFIG_GLOBAL", os.DevNull)
	for _, who := range []string{"AUTHOR", "COMMITTER"} {
		env.Setenv("GIT_"+who+"_NAME", "test")
		env.Setenv("GIT_"+who+"_EMAIL", "test@example.com")
	}
	if _, err := os.Stat(filepath.Join(env.WorkDir, "go.mod")); err == nil {
		return nil
	}
	return newModule(env.WorkDir)
}

// newModule makes dir a module that uses the coop of this work tree.
func newModule(dir string) error {
	mod, err := os.ReadFile(filepath.Join(root, "go.mod"))
	if err != nil {
		return err
	}
	sum, err := os.ReadFile(filepath.Join(root, "go.sum"))
	if err != nil {
		return err
	}
	_, requires, _ := strings.Cut(string(mod), "\nrequire")
	text := "module example.com/app\n\ngo 1.26.0\n\nreplace github.com/seed6bcf1587/coop => " + root +
		"\n\nrequire github.com/seed6bcf1587/coop v0.0.0\n\nrequire" + requires
	return errors.Join(os.WriteFile(filepath.Join(dir, "go.mod"), []byte(text), 0o666), os.WriteFile(filepath.Join(dir, "go.sum"), sum, 0o666))
}

// lint STATUS [ARGUMENT...] runs the tool and expects that exit status.
func lint(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) == 0 {
		ts.Fatalf("usage: lint status [argument...]")
	}
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	err = ts.Exec(tool(), args[1:]...)
	got := 0
	if exit := (*exec.ExitError)(nil); errors.As(err, &exit) {
		got = exit.ExitCode()
	} else if err != nil {
		ts.Fatalf("blocklint: %v", err)
	}
	if got != want {
		ts.Fatalf("blocklint exited with %d, want %d", got, want)
	}
}

// edit FILE OLD NEW replaces the first OLD in a file.
func edit(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 3 {
		ts.Fatalf("usage: edit file old new")
	}
	text := ts.ReadFile(args[0])
	unescape := strings.NewReplacer(`\n`, "\n", `\t`, "\t")
	old := unescape.Replace(args[1])
	if !strings.Contains(text, old) {
		ts.Fatalf("%s has no %q", args[0], old)
	}
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), []byte(strings.Replace(text, old, unescape.Replace(args[2]), 1)), 0o666))
}

// validsarif FILE holds a file to the schema of SARIF 2.1.0.
func validSARIF(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: validsarif file")
	}
	ts.Check(checkSARIF([]byte(ts.ReadFile(args[0]))))
}

// checkSARIF validates a log.
func checkSARIF(text []byte) error {
	schema, err := sarifSchema()
	if err != nil {
		return err
	}
	result, err := schema.Validate(gojsonschema.NewBytesLoader(text))
	if err != nil {
		return err
	}
	for i, e := range result.Errors() {
		if err = errors.Join(err, errors.New(e.String())); i > 10 {
			break
		}
	}
	return err
}

// sarifSchema returns the schema that OASIS publishes, from the source of a
// library that carries it: its own validation is of what it has decoded, and
// so of less than the text.
var sarifSchema = sync.OnceValues(func() (*gojsonschema.Schema, error) {
	const pkg = "github.com/owenrumney/go-sarif/v3/pkg/report/v210/sarif"
	dir, err := exec.Command("go", "list", "-f", "{{.Dir}}", pkg).Output()
	if err != nil {
		return nil, err
	}
	file, err := parser.ParseFile(token.NewFileSet(), filepath.Join(strings.TrimSpace(string(dir)), "schema.go"), nil, 0)
	if err != nil {
		return nil, err
	}
	var text string
	ast.Inspect(file, func(n ast.Node) bool {
		if lit, ok := n.(*ast.BasicLit); ok && lit.Kind == token.STRING && len(lit.Value) > len(text) {
			text = lit.Value
		}
		return true
	})
	if text, err = strconv.Unquote(text); err != nil {
		return nil, err
	}
	return gojsonschema.NewSchema(gojsonschema.NewStringLoader(text))
})

func TestSchemaHolds(t *testing.T) {
	for text, valid := range map[string]bool{
		`{"version": "2.1.0", "runs": []}`:               true,
		`{"version": "2.0.0", "runs": []}`:               false,
		`{"version": "2.1.0", "runs": [], "more": true}`: false,
		`{"version": "2.1.0", "runs": [{"tool": {}}]}`:   false,
	} {
		if err := checkSARIF([]byte(text)); (err == nil) != valid {
			t.Errorf("%s: %v, want valid: %t", text, err, valid)
		}
	}
}
