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
