package analyzer

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"golang.org/x/tools/go/analysis"
)

// A symbol of the configuration is looked for in the package under analysis
// and in those that it imports: only there does it have an effect. What other
// packages declare, nobody here can tell.

// reportSymbols reports symbols of the configuration that no package
// declares, and returns those that are this package's own, for importers: of
// a dependency they get to see no finding.
func (e *engine) reportSymbols() (own []string) {
	if e.config == noConfig || strings.HasSuffix(e.pass.Pkg.Name(), "_test") {
		return nil
	}
	for _, pkg := range append([]*types.Package{e.pass.Pkg}, e.pass.Pkg.Imports()...) {
		if pkg != e.pass.Pkg && e.ours(pkg.Path()) {
			continue // it says so itself
		}
		for _, err := range e.config.undeclared(e.pass, pkg) {
			text := err.in(e.config.name, e.config.text).Error()
			e.pass.Report(e.note("config", e.pass.Files[0].Package, text))
			if pkg == e.pass.Pkg {
				own = append(own, text)
			}
		}
	}
	return own
}

// reportNotes tells drivers what is wrong with the configurations that other
// modules ship. It is not for those who use them to mend.
func (e *engine) reportNotes() {
	if !detail {
		return
	}
	for _, f := range e.importedFacts() {
		if e.ours(f.pkg.Path()) {
			continue
		}
		for _, text := range f.fact.Notes {
			e.pass.Report(e.note("note", e.importOf(f.pkg).pos, text))
		}
	}
}

// note describes what is wrong with a configuration.
func (e *engine) note(kind string, at token.Pos, text string) analysis.Diagnostic {
	d := analysis.Diagnostic{Pos: at, Message: text}
	e.attach(&d, Finding{Kind: kind})
	return d
}

// undeclared returns the symbols of the configuration that belong to pkg,
// but that it does not declare.
func (c *config) undeclared(pass *analysis.Pass, pkg *types.Package) []*configError {
	var out []*configError
	check := func(section, symbol string) {
		name, ok := strings.CutPrefix(symbol, pkg.Path()+".")
		if !ok || strings.Contains(name, "/") || strings.Count(name, ".") > 1 {
			return
		}
		if text := missing(pass, pkg, symbol, name); text != "" {
			out = append(out, &configError{section, symbol, text})
		}
	}
	for _, symbol := range slices.Sorted(maps.Keys(c.Effects)) {
		check("effects", symbol)
	}
	for _, symbol := range c.Roots {
		check("roots", symbol)
	}
	for _, symbol := range slices.Sorted(maps.Keys(c.Escapes)) {
		check("escapes", symbol)
	}
	return out
}

// missing says what is wrong with a symbol of pkg, or returns "".
func missing(pass *analysis.Pass, pkg *types.Package, symbol, name string) string {
	if pkg.Scope().Len() == 0 {
		return "" // not really there, such as unsafe
	}
	typ, method, isMethod := strings.Cut(name, ".")
	if fn := lookupFunc(pkg, name); fn != nil {
		real := symbolOf(fn.Origin())
		if real == symbol || real == "" {
			return ""
		}
		return "the method belongs to another type; did you mean " + real + "?"
	}
	if _, isType := pkg.Scope().Lookup(typ).(*types.TypeName); isType && method == "*" {
		return ""
	}
	decl := `^func\s+` + regexp.QuoteMeta(typ) // as the files that this build leaves out may have it
	switch {
	case isMethod && pkg.Scope().Lookup(typ) == nil:
		decl = `^(type)?\s+` + regexp.QuoteMeta(typ)
	case isMethod:
		decl = `^(func\s*\(.*\b` + regexp.QuoteMeta(typ) + `\b.*\))?\s+` + regexp.QuoteMeta(method)
	}
	if pkg != pass.Pkg && (!token.IsExported(typ) || isMethod && !token.IsExported(method)) || mentioned(pass, pkg, decl) {
		return ""
	}
	what := "function"
	if isMethod {
		what = "method"
	}
	near := strings.Replace(meant(name, functionNames(pkg)), "mean ", "mean "+pkg.Path()+".", 1)
	return fmt.Sprintf("package %s has no such %s%s", pkg.Path(), what, near)
}

// mentioned reports whether a file of pkg that is not under analysis has a
// line that begins with decl, a regular expression, and ends that word: a
// test, or a file for another system.
func mentioned(pass *analysis.Pass, pkg *types.Package, decl string) bool {
	dir := packageDir(pass)
	if pkg != pass.Pkg {
		dir = ""
		for _, n := range pkg.Scope().Names() {
			if file := pass.Fset.Position(pkg.Scope().Lookup(n).Pos()).Filename; filepath.IsAbs(file) {
				dir = filepath.Dir(file)
				break
			}
		}
	}
	if dir == "" {
		return false
	}
	files, _ := filepath.Glob(filepath.Join(dir, "*.go"))
	line := regexp.MustCompile(`(?m)` + decl + `\b`)
	return slices.ContainsFunc(files, func(file string) bool {
		text, err := os.ReadFile(file)
		return err == nil && line.Match(text) && !analysed(pass, file)
	})
}

// analysed reports whether file is one of those under analysis.
func analysed(pass *analysis.Pass, file string) bool {
	return slices.ContainsFunc(pass.Files, func(f *ast.File) bool {
		return pass.Fset.Position(f.Package).Filename == file
	})
}
