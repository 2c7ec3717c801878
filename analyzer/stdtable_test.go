package analyzer

import (
	"go/importer"
	"go/token"
	"go/types"
	"slices"
	"strings"
	"testing"
)

// TestStdTableSymbols checks that every symbol of the table exists in this
// Go, and that the parameters it speaks of are functions.
func TestStdTableSymbols(t *testing.T) {
	imp := importer.ForCompiler(token.NewFileSet(), "source", nil)
	pkgs := make(map[string]*types.Package)
	symbols := make([]string, 0, len(stdTable()))
	for s := range stdTable() {
		symbols = append(symbols, s)
	}
	slices.Sort(symbols)
	for _, symbol := range symbols {
		path, name := splitSymbol(symbol)
		pkg := pkgs[path]
		if pkg == nil {
			var err error
			if pkg, err = imp.Import(path); err != nil {
				t.Errorf("%s: %v", symbol, err)
				continue
			}
			pkgs[path] = pkg
		}
		typeName, method, isMethod := strings.Cut(name, ".")
		obj := pkg.Scope().Lookup(typeName)
		if obj == nil {
			t.Errorf("%s: no such symbol", symbol)
			continue
		}
		if isMethod {
			obj, _, _ = types.LookupFieldOrMethod(obj.Type(), true, pkg, method)
		}
		fn, ok := obj.(*types.Func)
		if !ok {
			t.Errorf("%s: no such function", symbol)
			continue
		}
		if got := symbolOf(fn); got != symbol {
			t.Errorf("%s is declared as %s, which is how calls of it look", symbol, got)
		}
		k := stdTable()[symbol]
		var params []int
		for _, u := range k.uses {
			params = append(params, u.Param)
		}
		if k.returns >= 0 {
			params = append(params, k.returns)
		}
		for _, i := range params {
			if isMethod {
				i--
			}
			if i >= fn.Signature().Params().Len() {
				t.Errorf("%s has no parameter %d", symbol, i)
			} else if _, ok := fn.Signature().Params().At(i).Type().Underlying().(*types.Signature); !ok {
				t.Errorf("%s: parameter %d is not a function", symbol, i)
			}
		}
	}
}

func TestParseTableErrors(t *testing.T) {
	for _, tt := range []struct{ text, want string }{
		{"time.Sleep sleep\nos.Exit noreturn\n", "not sorted"},
		{"time.Sleep nap\n", `unknown word "nap"`},
		{"sync.Once.Do calls\n", "without a parameter"},
		{"sync.Once.Do calls f\n", "invalid syntax"},
	} {
		if _, err := parseTable(tt.text); err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("parseTable(%q) = %v, want an error with %q", tt.text, err, tt.want)
		}
	}
}
