package analyzer

import (
	"testing"
	"time"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/analysis/checker"
	"golang.org/x/tools/go/packages"
)

// TestStandardLibrary runs the analyzer over the bodies of the standard
// library, which it otherwise skips: the most varied Go there is, in which
// it must neither panic nor take long over any package.
func TestStandardLibrary(t *testing.T) {
	if testing.Short() {
		t.Skip("analyses the standard library")
	}
	analyzeStd = true
	defer func() { analyzeStd = false }()

	pkgs, err := packages.Load(&packages.Config{Mode: packages.LoadAllSyntax}, "std")
	if err != nil {
		t.Fatal(err)
	}
	start := time.Now()
	graph, err := checker.Analyze([]*analysis.Analyzer{Analyzer}, pkgs, nil)
	if err != nil {
		t.Fatal(err)
	}
	for act := range graph.All() {
		if act.Err != nil {
			t.Errorf("%s: %v", act, act.Err)
		}
		if act.Duration > time.Minute { // no package takes two seconds on an idle machine
			t.Errorf("%s took %v", act, act.Duration)
		}
	}
	t.Logf("%d packages in %v", len(pkgs), time.Since(start))
}

// TestRecursion analyses a package whose functions print trees: they call one
// another round and round, and give one another nodes whose methods do the
// same. What is told of those never settles, and must come to an end.
func TestRecursion(t *testing.T) {
	pkgs, err := packages.Load(&packages.Config{Mode: packages.LoadAllSyntax}, "github.com/google/go-cmp/cmp")
	if err != nil || packages.PrintErrors(pkgs) > 0 {
		t.Fatal(err)
	}
	graph, err := checker.Analyze([]*analysis.Analyzer{Analyzer}, pkgs, nil)
	if err != nil {
		t.Fatal(err)
	}
	for act := range graph.All() {
		if act.Err != nil || act.Duration > 15*time.Second { // a quarter of a second on an idle machine; it was half a minute
			t.Errorf("%s: %v after %v", act, act.Err, act.Duration)
		}
	}
}
