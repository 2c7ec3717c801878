package analyzer

import (
	"fmt"
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ssa"
)

// why names the function that a driver asks about: import path, dot, name,
// for a method with the type and a dot before it. Empty: none.
var why string

// asked returns the name in why, if it is one of this package.
func asked(pkg *types.Package) (name string, ok bool) {
	name, ok = strings.CutPrefix(why, sourcePath(pkg)+".")
	return name, ok && !strings.Contains(name, "/") && !strings.HasSuffix(pkg.Name(), "_test")
}

// reportWhy answers why with each way in which the function blocks, or with
// what else there is to say about it.
func (e *engine) reportWhy() {
	name, ok := asked(e.pass.Pkg)
	if !ok {
		return
	}
	obj := lookupFunc(e.pass.Pkg, name)
	if obj == nil {
		e.answerWhy(nil, name, fmt.Sprintf("no function in package %s%s", e.pass.Pkg.Path(), meant(name, functionNames(e.pass.Pkg))))
		return
	}
	fn := e.prog.declared[obj.Origin()]
	switch k := e.knownOf(obj); {
	case k != nil:
		e.answerWhy(obj, name, k.describe()+" (a profile or "+ConfigName+" says so)")
	case fn == nil && obj.Signature().Recv() != nil && types.IsInterface(obj.Signature().Recv().Type()):
		e.answerWhy(obj, name, "is an interface method: what it does depends on the type behind it")
	case fn == nil:
		e.answerWhy(obj, name, "has no body here: nothing is known about it")
	default:
		e.explainFunc(obj, fn)
	}
}

func (e *engine) explainFunc(obj *types.Func, fn *ssa.Function) {
	name := e.prog.localName(fn)
	s := e.compute(fn, maxFindings)
	switch {
	case s.blocking != "":
		e.answerWhy(obj, name, fmt.Sprintf("blocks [%s, %s]: a directive says so", s.blocking, definite))
		return
	case s.cooperative:
		e.answerWhy(obj, name, "parks the task and does not block: a directive says so")
		return
	}
	for _, x := range s.effects {
		d := analysis.Diagnostic{Pos: obj.Pos(), Message: fmt.Sprintf("%s blocks [%s, %s]", name, x.Cat, x.Conf)}
		f := Finding{
			Kind: "why", Category: string(x.Cat), Confidence: x.Conf.String(), Operation: x.Path[len(x.Path)-1].Callee,
			Root: &Root{Name: name, At: placeAt(e.pass.Fset, obj.Pos()), How: "the function asked about"},
		}
		for _, h := range x.Path {
			f.Path = append(f.Path, Step{h.Callee, e.placeOf(h)})
		}
		e.attach(&d, f)
		e.pass.Report(d)
	}
	var depends []string
	for _, x := range s.asks {
		depends = append(depends, askName(x.Ask))
	}
	for _, u := range s.uses {
		if u.Mode == modeCall && u.slot != nil && u.slot.Parent() == fn && !isContext(u.slot.Type()) {
			depends = append(depends, "its parameter "+u.slot.Name())
		}
	}
	slices.Sort(depends)
	depends = slices.Compact(depends)
	switch {
	case len(depends) > 0 && len(s.effects) > 0:
		e.answerWhy(obj, name, "calls as well what depends on the caller or the program: "+strings.Join(depends, ", "))
	case len(depends) > 0:
		e.answerWhy(obj, name, "does not block by itself: it blocks where this does: "+strings.Join(depends, ", "))
	case len(s.effects) == 0 && s.parks:
		e.answerWhy(obj, name, "parks the task and does not block")
	case len(s.effects) == 0:
		e.answerWhy(obj, name, "does not block: nothing that it reaches is known to")
	}
}

func (e *engine) answerWhy(obj *types.Func, name, text string) { answerWhy(e.pass, obj, name, text) }

func answerWhy(pass *analysis.Pass, obj *types.Func, name, text string) {
	d := analysis.Diagnostic{Pos: pass.Files[0].Package, Message: name + " " + text}
	f := Finding{Kind: "why"}
	if obj == nil {
		d.Message = name + ": " + text
	} else {
		d.Pos = obj.Pos()
		f.Root = &Root{Name: name, At: placeAt(pass.Fset, obj.Pos()), How: "the function asked about"}
	}
	if detail {
		attach(pass, &d, f)
	}
	pass.Report(d)
}

// reportWhyStandard answers why from the table of the standard library.
func reportWhyStandard(pass *analysis.Pass) {
	name, ok := asked(pass.Pkg)
	if !ok {
		return
	}
	obj := lookupFunc(pass.Pkg, name)
	if obj == nil {
		answerWhy(pass, nil, name, fmt.Sprintf("no function in package %s%s", pass.Pkg.Path(), meant(name, functionNames(pass.Pkg))))
		return
	}
	answerWhy(pass, obj, pass.Pkg.Name()+"."+name, stdTable().lookup(obj).describe()+" (the table of the standard library says so)")
}

// describe says what a table says about a function.
func (k *known) describe() string {
	switch {
	case k == nil:
		return "does not block"
	case k.mutex:
		return "blocks where the lock is held elsewhere across something that blocks"
	case k.cat != "":
		return fmt.Sprintf("blocks [%s, %s]", k.cat, k.conf)
	case k.parks:
		return "parks the task and does not block"
	case slices.ContainsFunc(k.uses, func(u paramUse) bool { return u.Mode == modeCall }):
		return "does not block by itself: it blocks where what it is given does"
	default:
		return "does not block"
	}
}

// lookupFunc finds Func or Type.Method.
func lookupFunc(pkg *types.Package, name string) *types.Func {
	typ, method, isMethod := strings.Cut(name, ".")
	obj := pkg.Scope().Lookup(typ)
	if !isMethod {
		fn, _ := obj.(*types.Func)
		return fn
	}
	tn, ok := obj.(*types.TypeName)
	if !ok {
		return nil
	}
	found, _, _ := types.LookupFieldOrMethod(tn.Type(), true, pkg, method)
	fn, _ := found.(*types.Func)
	return fn
}

// functionNames lists what lookupFunc finds, without promoted methods.
func functionNames(pkg *types.Package) []string {
	var out []string
	for _, n := range pkg.Scope().Names() {
		switch obj := pkg.Scope().Lookup(n).(type) {
		case *types.Func:
			out = append(out, n)
		case *types.TypeName:
			if named, ok := obj.Type().(*types.Named); ok && !obj.IsAlias() {
				for m := range named.Methods() {
					out = append(out, n+"."+m.Name())
				}
			}
		}
	}
	return out
}
