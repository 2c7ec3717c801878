package analyzer

import (
	"go/types"
	"slices"
	"strings"
	"testing"

	"golang.org/x/tools/go/packages"
)

// TestClientTable checks that every symbol of the table exists in the module
// that the fixtures import.
func TestClientTable(t *testing.T) {
	paths := make(map[string]bool)
	for symbol := range clientTable() {
		path, _ := splitSymbol(symbol)
		paths[path] = true
	}
	pkgs, err := packages.Load(&packages.Config{Mode: packages.NeedName | packages.NeedTypes | packages.NeedImports | packages.NeedDeps, Dir: corpus},
		slices.Sorted(func(yield func(string) bool) {
			for p := range paths {
				if !yield(p) {
					return
				}
			}
		})...)
	if err != nil {
		t.Fatal(err)
	}
	scopes := make(map[string]*types.Scope)
	for _, p := range pkgs {
		for _, e := range p.Errors {
			t.Errorf("%s: %v", p.PkgPath, e)
		}
		scopes[p.PkgPath] = p.Types.Scope()
	}
	for symbol := range clientTable() {
		path, name := splitSymbol(symbol)
		typeName, method, isMethod := strings.Cut(name, ".")
		obj := scopes[path].Lookup(typeName)
		if obj == nil {
			t.Errorf("%s: no such symbol", symbol)
			continue
		}
		if !isMethod || method == "*" {
			continue
		}
		m, _, _ := types.LookupFieldOrMethod(types.NewPointer(obj.Type()), true, obj.Pkg(), method)
		if types.IsInterface(obj.Type()) {
			m, _, _ = types.LookupFieldOrMethod(obj.Type(), true, obj.Pkg(), method)
		}
		fn, ok := m.(*types.Func)
		if !ok {
			t.Errorf("%s: no such method", symbol)
		} else if got := symbolOf(fn); got != symbol {
			t.Errorf("%s is declared as %s, which is how calls of it look", symbol, got)
		}
	}
}
