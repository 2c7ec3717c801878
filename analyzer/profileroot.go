package analyzer

import (
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"
)

// A profiledRoot is a function of the package under analysis that a profile
// says runs on a loop.
type profiledRoot struct {
	fn      *types.Func
	profile *profile
	why     string // as in "tea.Model"
}

// profileRoots returns the roots that profiles find in pkg, in the order of
// the scope.
func profileRoots(pkg *types.Package) []profiledRoot {
	var out []profiledRoot
	for _, p := range profiles() {
		for _, imp := range pkg.Imports() {
			if slices.Contains(p.Packages, imp.Path()) {
				out = append(out, p.rootsIn(pkg, imp)...)
			}
		}
	}
	return out
}

func (p *profile) rootsIn(pkg, framework *types.Package) []profiledRoot {
	var out []profiledRoot
	scope := pkg.Scope()
	seen := make(map[*types.Func]bool)
	for _, root := range p.Roots {
		if root.Takes != "" {
			out = append(out, p.takers(pkg, framework, root.Takes)...)
			continue
		}
		name, ok := framework.Scope().Lookup(root.Implements).(*types.TypeName)
		if !ok {
			continue // this release has no such interface
		}
		iface, ok := name.Type().Underlying().(*types.Interface)
		if !ok {
			continue
		}
		for _, n := range scope.Names() {
			tn, ok := scope.Lookup(n).(*types.TypeName)
			if !ok || tn.IsAlias() || types.IsInterface(tn.Type()) {
				continue
			}
			ptr := types.NewPointer(tn.Type())
			if !types.Implements(ptr, iface) {
				continue
			}
			for _, m := range root.Methods {
				obj, _, _ := types.LookupFieldOrMethod(ptr, true, pkg, m)
				fn, ok := obj.(*types.Func)
				if !ok || fn.Pkg() != pkg || seen[fn.Origin()] {
					continue // promoted from another package, whose root it is
				}
				seen[fn.Origin()] = true
				out = append(out, profiledRoot{fn.Origin(), p, framework.Name() + "." + root.Implements})
			}
		}
	}
	return out
}

// handlers makes roots of the methods of a type of another package that is
// converted to an interface which a profile names, when that package knows
// nothing of the loop: some interfaces are of plain types only.
func (e *engine) handlers(mi *ssa.MakeInterface, where site) {
	named, ok := types.Unalias(mi.Type()).(*types.Named)
	if !ok || named.Obj().Pkg() == nil {
		return
	}
	for _, p := range profiles() {
		if !slices.Contains(p.Packages, named.Obj().Pkg().Path()) {
			continue
		}
		for _, r := range p.Roots {
			if r.Implements != named.Obj().Name() {
				continue
			}
			for _, m := range r.Methods {
				obj, _, _ := types.LookupFieldOrMethod(mi.X.Type(), true, e.pass.Pkg, m)
				fn, ok := obj.(*types.Func)
				if !ok || fn.Pkg() == e.pass.Pkg || types.IsInterface(fn.Signature().Recv().Type()) {
					continue
				}
				if f := e.factOf(fn.Origin()); f != nil && !f.Root && fn.Pkg() != named.Obj().Pkg() {
					l := p.loop(named.Obj().Pkg().Name() + "." + named.Obj().Name())
					l.Kind = "method"
					e.addRoot(target{obj: fn.Origin(), conf: definite}, l, where)
				}
			}
		}
	}
}

// literals returns the function literals whose first parameter is of a type
// that a profile names, but for those within a function that has it, too.
func (e *engine) literals() []root {
	var out []root
	takes := func(fn *ssa.Function, framework *types.Package, name string) bool {
		obj := framework.Scope().Lookup(name)
		params := fn.Signature.Params()
		return obj != nil && params.Len() > 0 && types.Identical(params.At(0).Type(), obj.Type())
	}
	for _, p := range profiles() {
		for _, r := range p.Roots {
			for _, imp := range e.pass.Pkg.Imports() {
				if r.Takes == "" || !slices.Contains(p.Packages, imp.Path()) {
					continue
				}
				for _, fn := range e.prog.funcs {
					if fn.Parent() == nil || !takes(fn, imp, r.Takes) {
						continue
					}
					outer := fn.Parent()
					for outer != nil && !takes(outer, imp, r.Takes) {
						outer = outer.Parent()
					}
					if outer == nil {
						l := p.loop("its first parameter, " + imp.Name() + "." + r.Takes)
						out = append(out, root{fn: fn, at: span{fn.Pos(), fn.Pos()}, by: l.By, loop: l})
					}
				}
			}
		}
	}
	return out
}

// takers returns the functions of pkg whose first parameter is of that type
// of the framework.
func (p *profile) takers(pkg, framework *types.Package, name string) []profiledRoot {
	obj := framework.Scope().Lookup(name)
	if obj == nil {
		return nil
	}
	var out []profiledRoot
	add := func(fn *types.Func) {
		params := fn.Signature().Params()
		if params.Len() > 0 && types.Identical(params.At(0).Type(), obj.Type()) {
			out = append(out, profiledRoot{fn, p, "its first parameter, " + framework.Name() + "." + name})
		}
	}
	scope := pkg.Scope()
	for _, n := range scope.Names() {
		switch obj := scope.Lookup(n).(type) {
		case *types.Func:
			add(obj)
		case *types.TypeName:
			if named, ok := obj.Type().(*types.Named); ok && !obj.IsAlias() && !types.IsInterface(named) {
				for m := range named.Methods() {
					add(m)
				}
			}
		}
	}
	return out
}
