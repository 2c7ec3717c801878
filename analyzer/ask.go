package analyzer

import (
	_ "embed"
	"go/types"
	"strings"
	"sync"

	"golang.org/x/tools/go/ssa"
)

// A function often calls an interface method, or a func in a field, whose
// implementation lives in a package that it does not import. The analysis
// of one package cannot follow such a call. It asks: the call becomes an
// effect with a key in place of a category and travels like one. Where a
// root reaches it, it becomes a question, which goes from package to package
// until one knows both the question and an answer.

//go:embed std_packages.txt
var stdPackageList string

var stdPackages = sync.OnceValue(func() map[string]bool {
	m := make(map[string]bool)
	for path := range strings.FieldsSeq(stdPackageList) {
		m[path] = true
	}
	return m
})

// isStdPackage reports whether pkg belongs to the standard library.
func isStdPackage(pkg *types.Package) bool {
	return pkg == nil || stdPackages()[pkg.Path()]
}

// askMethod returns the key of an interface method, or "" for one that is
// not asked about: what some io.Reader or error of the program does says
// nothing about this one, and an interface without a name has no key.
func askMethod(m *types.Func) string {
	if isStdPackage(m.Pkg()) {
		return ""
	}
	if s := symbolOf(m); s != "" {
		return "method " + s
	}
	return ""
}

// askField returns the key of a field of a named struct type, or "". t is
// the struct type or a pointer to it.
func askField(t types.Type, index int) string {
	if ptr, ok := t.Underlying().(*types.Pointer); ok {
		t = ptr.Elem()
	}
	named, ok := types.Unalias(t).(*types.Named)
	if !ok || isStdPackage(named.Obj().Pkg()) {
		return ""
	}
	st, ok := named.Underlying().(*types.Struct)
	if !ok || index >= st.NumFields() {
		return ""
	}
	return "field " + named.Obj().Pkg().Path() + "." + named.Obj().Name() + "." + st.Field(index).Name()
}

// askVariable returns the key of a package variable, or "".
func askVariable(g *ssa.Global) string {
	if obj := g.Object(); obj != nil && !isStdPackage(obj.Pkg()) {
		return "var " + obj.Pkg().Path() + "." + obj.Name()
	}
	return ""
}

// addressOf returns the key of the field or variable at addr, or "".
func addressOf(addr ssa.Value) string {
	switch addr := addr.(type) {
	case *ssa.FieldAddr:
		return askField(addr.X.Type(), addr.Field)
	case *ssa.Global:
		return askVariable(addr)
	}
	return ""
}

// fieldOf returns the key of the field or variable that v is read from.
func fieldOf(v ssa.Value) string {
	switch v := v.(type) {
	case *ssa.UnOp:
		return addressOf(v.X)
	case *ssa.Field:
		return askField(v.X.Type(), v.Field)
	}
	return ""
}

// askName is how a key is shown: pkg.Type.name.
func askName(key string) string {
	_, symbol, _ := strings.Cut(key, " ")
	return symbol[strings.LastIndexByte(symbol, '/')+1:]
}

// ask records an open question of fn. Only what runs on the loop of its
// caller is of interest.
func (e *engine) ask(fn *ssa.Function, s *summary, key string, args []ssa.Value, f fate, path []hop, where site, depth int) {
	if key == "" || f.mode != modeCall {
		return
	}
	x := effect{Ask: key, Conf: probable, Path: e.extend(fn, path, where, depth, askName(key))}
	if len(x.Path) == 0 {
		return
	}
	x.Given = e.given(fn, args, f, where)
	e.addAsk(s, x, where)
}

// addAsks adds the open questions of t, which fn calls with args.
func (e *engine) addAsks(fn *ssa.Function, s *summary, t target, args []ssa.Value, asks []effect, f fate, path []hop, where site) {
	if f.mode != modeCall {
		return
	}
	for _, x := range asks {
		x.Path = joined(path, x.Path)
		if !x.Given.none() {
			x.Given = e.given(fn, e.handOn(fn, t, args, &x.Given), f, where)
		}
		e.addAsk(s, x, where)
	}
}

// addAsk adds an open question, unless a directive accepts what comes of it.
func (e *engine) addAsk(s *summary, x effect, where site) {
	if where.at.pos.IsValid() {
		not, all := e.dirs.accepted(e.pass.Fset, where.at.pos)
		if all {
			return
		}
		x.Not = union(x.Not, not)
	}
	s.addEffect(x)
}

// union returns the sorted union of two sorted lists.
func union(a, b []category) []category {
	if len(b) == 0 {
		return a
	}
	var out []category
	for _, c := range categories {
		for _, list := range [2][]category{a, b} {
			for _, x := range list {
				if x == c && (len(out) == 0 || out[len(out)-1] != c) {
					out = append(out, c)
				}
			}
		}
	}
	return out
}
