package analyzer

import (
	_ "embed"
	"fmt"
	"path/filepath"
	"strings"

	"golang.org/x/tools/go/analysis"
)

//go:embed doc.go
var docSource string

// Analyzer reports blocking operations that are reachable from code that
// runs on an event loop. It has no prerequisites, so that a driver does no
// work at all on packages that it skips.
var Analyzer = &analysis.Analyzer{
	Name:      "blocklint",
	Doc:       docText(docSource),
	URL:       "https://pkg.go.dev/github.com/seed6bcf1587/coop/analyzer",
	FactTypes: []analysis.Fact{new(funcCode), new(packageCode), new(typeFact)},
	Run:       run,
}

// detail makes findings carry what a driver needs to show them in full. It
// is off by default because go vet prints related information on lines of
// its own.
var detail bool

// tests says whether code in test files counts as running on a loop.
var tests bool

// only names the profiles to use, separated by commas. Empty: all.
var only string

// minimum is how sure the analyzer must be of what it reports.
var minimum = confidenceFlag{probable}

func init() {
	Analyzer.Flags.Var(&minimum, "min", "report what is at least `definite`, probable or possible")
	Analyzer.Flags.BoolVar(&tests, "tests", true, "report what blocks in roots in test files")
	Analyzer.Flags.StringVar(&only, "profile", "", "of the profiles that ship, use only these `names`, separated by commas")
	Analyzer.Flags.BoolVar(&detail, "detail", false, "for drivers: attach to each finding what a Finding holds, and report the roots")
	Analyzer.Flags.StringVar(&why, "why", "", "for drivers: report why the `function` of that import path and name blocks")
}

// analyzeStd makes the analyzer look at standard packages too. Only the
// robustness test sets it: their effects come from a table.
var analyzeStd = false

func run(pass *analysis.Pass) (any, error) {
	if isStandard(pass) && !analyzeStd {
		reportWhyStandard(pass)
		return nil, nil
	}
	conf, err := configFor(packageDir(pass))
	if err != nil {
		return nil, err
	}
	prog := buildProgram(pass)
	eng := newEngine(pass, prog, conf)
	eng.solve()
	eng.export()
	eng.report()
	eng.reportWhy()
	return nil, nil
}

// packageDir returns the directory of the package. The first file may be a
// generated one elsewhere, as the go command makes them for cgo and tests.
func packageDir(pass *analysis.Pass) string {
	for _, f := range pass.Files {
		name := pass.Fset.Position(f.Package).Filename
		if filepath.IsAbs(name) && !strings.Contains(filepath.Base(name), "_cgo_") {
			return filepath.Dir(name)
		}
	}
	return "."
}

// isStandard reports whether the package belongs to the standard library.
// Drivers describe the module of every package but those. The one package
// without a module that is not standard is the one made of files named on
// the command line.
func isStandard(pass *analysis.Pass) bool {
	if pass.Module != nil && pass.Module.Path != "" && pass.Module.Path != "std" {
		return false
	}
	path := pass.Pkg.Path()
	if path == "command-line-arguments" || path == "main" {
		return false
	}
	first, _, _ := strings.Cut(path, "/")
	return !strings.Contains(first, ".")
}

// docText returns the section of the package comment that describes the
// analyzer, so that one text serves the -help output and the package page.
func docText(src string) string {
	_, rest, ok := strings.Cut(src, "// # Analyzer blocklint\n//\n")
	if !ok {
		panic("analyzer: doc.go has no section for the analyzer")
	}
	var b strings.Builder
	for line := range strings.Lines(rest) {
		if !strings.HasPrefix(line, "//") {
			break
		}
		line = strings.TrimPrefix(strings.TrimPrefix(line, "//"), " ")
		fmt.Fprint(&b, line)
	}
	doc, _ := strings.CutPrefix(b.String(), "blocklint: ")
	return strings.TrimSpace(doc)
}
