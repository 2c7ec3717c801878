package coop_test

import (
	"encoding/json"
	"errors"
	"io"
	"maps"
	"os/exec"
	"slices"
	"strings"
	"testing"
)

const module = "github.com/seed6bcf1587/coop"

// allowed says which packages each package may import beyond the standard library: of this module by their path in it, of others by
// the path of their module. A package that is not listed may not exist. Tests are not bound by it.
var allowed = map[string][]string{
	"":                   {},
	"internal/behalf":    {},
	"internal/callback":  {"internal/list", "internal/recovered"},
	"internal/coroutine": {},
	"internal/errtree":   {},
	"internal/goid":      {"github.com/petermattis/goid"},
	"internal/held":      {},
	"internal/lend":      {"internal/park"},
	"internal/list":      {},
	"internal/park":      {"internal/list"},
	"internal/radix":     {},
	"internal/recovered": {},
	"internal/ring":      {},
	"internal/worlds":    {"event", "hub"}, // for tests only

	"event":     {"internal/callback", "internal/lend", "internal/park", "internal/recovered"},
	"semaphore": {"internal/park"},
	"sync2":     {"internal/goid", "internal/held", "internal/park"},
	"pool":      {"event", "internal/lend", "internal/park", "internal/recovered", "internal/ring"},
	"queue":     {"internal/park", "internal/recovered", "internal/ring"},
	"coro":      {"internal/behalf", "internal/coroutine", "internal/errtree", "internal/goid", "internal/recovered"},
	"hub": {"internal/behalf", "internal/callback", "internal/coroutine", "internal/errtree", "internal/goid", "internal/held", "internal/list",
		"internal/park", "internal/radix", "internal/recovered", "internal/ring"},
	"hub/hubtest":  {"hub"},
	"hub/hubdebug": {"hub"},

	"analyzer":      {"golang.org/x/tools", "go.yaml.in/yaml/v3"},
	"cmd/blocklint": {"analyzer", "golang.org/x/tools"},

	"examples/bakery":       {"event", "hub", "queue"},
	"examples/bank":         {"event", "hub", "queue", "semaphore"},
	"examples/mm1":          {"hub", "queue"},
	"examples/stall":        {"event", "examples/stall/store", "hub", "queue"},
	"examples/stall/store":  {"event", "hub", "queue"},
	"examples/trafficlight": {"event", "hub"},
}

// onlyTests are packages that nothing but tests may import.
var onlyTests = []string{"internal/worlds"}

func TestImports(t *testing.T) {
	cmd := exec.Command("go", "list", "-json=ImportPath,Imports", "./...")
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%v: %v", cmd, err)
	}
	seen := map[string]bool{}
	for dec := json.NewDecoder(strings.NewReader(string(out))); ; {
		var p struct {
			ImportPath string
			Imports    []string
		}
		if err := dec.Decode(&p); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			t.Fatal(err)
		}
		name := local(p.ImportPath)
		seen[name] = true
		may, ok := allowed[name]
		if !ok {
			t.Errorf("package %q is not in the list of what may import what", name)
		}
		for _, i := range p.Imports {
			if first, _, _ := strings.Cut(i, "/"); !strings.Contains(first, ".") {
				continue // std
			}
			i = local(i)
			if !slices.ContainsFunc(may, func(m string) bool { return i == m || strings.Contains(m, ".") && strings.HasPrefix(i, m+"/") }) {
				t.Errorf("%q imports %q", name, i)
			}
			if slices.Contains(onlyTests, i) {
				t.Errorf("%q imports %q, which is for tests", name, i)
			}
		}
	}
	for _, name := range slices.Sorted(maps.Keys(allowed)) {
		if !seen[name] {
			t.Errorf("package %q is in the list and does not exist", name)
		}
	}
}

// local returns the path of a package of this module within it, and others as they are.
func local(path string) string {
	if path == module {
		return ""
	}
	return strings.TrimPrefix(path, module+"/")
}
