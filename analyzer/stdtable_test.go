package analyzer

import (
	"go/importer"
	"go/token"
	"go/types"
	"os/exec"
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
		if obj := pkg.Scope().Lookup(typeName); obj != nil && isMethod {
			if field, m, ok := strings.Cut(method, "."); ok { // a method of a field
				f, _, _ := types.LookupFieldOrMethod(obj.Type(), true, pkg, field)
				if v, ok := f.(*types.Var); !ok {
					t.Errorf("%s: no such field", symbol)
				} else if m, _, _ := types.LookupFieldOrMethod(v.Type(), true, pkg, m); m == nil {
					t.Errorf("%s: no such method", symbol)
				}
				continue
			}
			if _, ok := obj.(*types.Var); ok {
				if m, _, _ := types.LookupFieldOrMethod(obj.Type(), true, pkg, method); m == nil {
					t.Errorf("%s: no such method", symbol)
				}
				continue
			}
		}
		obj := pkg.Scope().Lookup(typeName)
		if fn, ok := obj.(*types.Func); ok && isMethod { // of what a function returns
			if m, _, _ := types.LookupFieldOrMethod(fn.Signature().Results().At(0).Type(), true, pkg, method); m == nil {
				t.Errorf("%s: no such method", symbol)
			}
			continue
		}
		if obj == nil {
			t.Errorf("%s: no such symbol", symbol)
			continue
		}
		var index []int
		if isMethod {
			obj, index, _ = types.LookupFieldOrMethod(obj.Type(), true, pkg, method)
		}
		fn, ok := obj.(*types.Func)
		if !ok {
			t.Errorf("%s: no such function", symbol)
			continue
		}
		if got := symbolOf(fn); got != symbol && len(index) < 2 {
			t.Errorf("%s is declared as %s, which is how calls of it look", symbol, got)
		}
		k := stdTable()[symbol]
		var params []int
		for _, u := range k.uses {
			if u.Method == "" {
				params = append(params, u.Param)
			} else if p := u.Param - boolToInt(isMethod); p >= fn.Signature().Params().Len() {
				t.Errorf("%s has no parameter %d", symbol, p)
			} else if p >= 0 {
				if m, _, _ := types.LookupFieldOrMethod(fn.Signature().Params().At(p).Type(), true, pkg, u.Method); m == nil {
					t.Errorf("%s: parameter %d has no method %s", symbol, p, u.Method)
				}
			}
		}
		if p := k.wraps - boolToInt(isMethod); k.wraps >= 0 && p >= fn.Signature().Params().Len() {
			t.Errorf("%s has no parameter %d", symbol, p)
		}
		if k.returns >= 0 {
			params = append(params, k.returns)
		}
		for _, i := range params {
			if isMethod && i == 0 { // a receiver of func type
				if _, ok := fn.Signature().Recv().Type().Underlying().(*types.Signature); !ok {
					t.Errorf("%s: the receiver is not a function", symbol)
				}
				continue
			}
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
		{"io.Copy reads recv\n", "no receiver"},
	} {
		if _, err := parseTable(tt.text); err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("parseTable(%q) = %v, want an error with %q", tt.text, err, tt.want)
		}
	}
}

// TestStdPackages checks that the list of packages is that of this Go.
func TestStdPackages(t *testing.T) {
	out, err := exec.Command("go", "list", "std").Output()
	if err != nil {
		t.Fatal(err)
	}
	for path := range strings.FieldsSeq(string(out)) {
		internal := strings.HasPrefix(path, "vendor/") || slices.Contains(strings.Split(path, "/"), "internal")
		if !internal && !stdPackages()[path] {
			t.Errorf("%s is not in std_packages.txt", path)
		}
	}
}
