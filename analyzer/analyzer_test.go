package analyzer

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"golang.org/x/tools/go/analysis/analysistest"
)

// corpus is the module of fixtures, which imports the real packages.
var corpus = filepath.Join("..", "testdata")

// TestMain fetches what the fixtures import: analysistest itself runs the
// go command without network.
func TestMain(m *testing.M) {
	cmd := exec.Command("go", "mod", "download")
	cmd.Dir = corpus
	if out, err := cmd.CombinedOutput(); err != nil {
		fmt.Fprintf(os.Stderr, "cannot fetch the modules that the fixtures in testdata import (go mod download): %v\n%s", err, out)
		os.Exit(1)
	}
	os.Exit(m.Run())
}

func TestFixtures(t *testing.T) {
	dir, err := filepath.Abs(corpus)
	if err != nil {
		t.Fatal(err)
	}
	patterns := []string{"./..."}
	if testing.Short() {
		patterns = light(t, dir)
	}
	analysistest.Run(factless{t}, dir, Analyzer, patterns...)
}

// light returns the fixtures without those that import large modules.
func light(t *testing.T, dir string) []string {
	cmd := exec.Command("go", "list", "./...")
	cmd.Dir = dir
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	return slices.DeleteFunc(strings.Fields(string(out)), func(p string) bool { return strings.HasSuffix(p, "/loops") || strings.HasSuffix(p, "/clients") })
}

// TestBrowser analyses the fixture of an event loop that only one port of Go
// has.
func TestBrowser(t *testing.T) {
	if testing.Short() {
		t.Skip("type-checks the standard library of another port")
	}
	t.Setenv("GOOS", "js")
	t.Setenv("GOARCH", "wasm")
	dir, err := filepath.Abs(corpus)
	if err != nil {
		t.Fatal(err)
	}
	analysistest.Run(factless{t}, dir, Analyzer, "./browser")
}

// factless drops what analysistest says about facts that no fixture expects:
// the fixtures are about findings.
type factless struct{ *testing.T }

func (t factless) Errorf(format string, args ...any) {
	t.Helper()
	if msg := fmt.Sprintf(format, args...); !strings.Contains(msg, "unexpected fact") {
		t.Error(msg)
	}
}
