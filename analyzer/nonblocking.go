package analyzer

import (
	"go/types"

	"golang.org/x/tools/go/ssa"
)

// A typeFact says that functions of a named func type must not block.
type typeFact struct{ Nonblocking bool }

func (*typeFact) AFact() {}

func (*typeFact) String() string { return "nonblocking" }

// exportDeclared attaches facts to what directives say of interface methods
// and of func types.
func (e *engine) exportDeclared() {
	for obj, d := range e.dirs.funcs {
		if e.prog.declared[obj] != nil || obj.Pkg() != e.pass.Pkg {
			continue
		}
		if f := d.fact(obj); !f.empty() {
			e.pass.ExportObjectFact(obj, encodeFunc(f))
		}
	}
	for obj := range e.dirs.types {
		e.pass.ExportObjectFact(obj, &typeFact{true})
	}
}

// fact is what the directives say of an interface method, which has no body
// to say more.
func (d *funcDirective) fact(obj *types.Func) *funcFact {
	f := &funcFact{Cooperative: d.cooperative, Parks: d.cooperative, Nonblocking: d.nonblocking, Blocking: d.blocking, Uses: d.params}
	if d.cooperative {
		params := obj.Signature().Params()
		for i := range params.Len() {
			if isContext(params.At(i).Type()) {
				f.Uses = append(f.Uses, paramUse{Param: i + 1, Mode: modeWait})
				break
			}
		}
	}
	return f
}

// declaredFact returns what directives say of an interface method beyond
// that what implements it must not block, or nil.
func (e *engine) declaredFact(m *types.Func) *funcFact {
	if recv := m.Signature().Recv(); recv == nil || !types.IsInterface(recv.Type()) {
		return nil
	}
	f := e.factOf(m)
	if d := e.dirs.funcs[m]; d != nil {
		f = d.fact(m)
	}
	if f == nil || !f.Cooperative && f.Blocking == "" && len(f.Uses) == 0 {
		return nil
	}
	return f
}

func (e *engine) nonblockingMethod(m *types.Func) bool {
	if d := e.dirs.funcs[m]; d != nil {
		return d.nonblocking
	}
	f := e.factOf(m)
	return f != nil && f.Nonblocking
}

// funcTypeLoop returns the loop that functions of type t run on, or nil.
func (e *engine) funcTypeLoop(t types.Type) *loop {
	named, ok := types.Unalias(t).(*types.Named)
	if !ok || named.Obj().Pkg() == nil {
		return nil
	}
	obj := named.Origin().Obj()
	by := obj.Pkg().Name() + "." + obj.Name()
	if e.dirs.types[obj] || obj.Pkg() != e.pass.Pkg && e.pass.ImportObjectFact(obj, new(typeFact)) {
		return &loop{Name: "a loop", Kind: "function", By: by}
	}
	return profiledFuncType(obj, by)
}

// convertedFunc makes a root of a function that is converted to a func type
// that must not block, or hands on that a parameter is.
func (e *engine) convertedFunc(fn *ssa.Function, s *summary, conv *ssa.ChangeType) {
	if _, ok := conv.Type().Underlying().(*types.Signature); !ok {
		return
	}
	l := e.funcTypeLoop(conv.Type())
	if l == nil || types.Identical(conv.X.Type(), conv.Type()) {
		return
	}
	at := conv.Pos()
	if !at.IsValid() {
		at = positionNear(conv)
	}
	where := site{instr: conv, at: e.prog.span(at)}
	e.budget = maxBehind
	for _, o := range e.prog.trace(conv.X) {
		e.apply(fn, s, e.targetOf(o), nil, fate{mode: modeTask, loop: *l}, nil, where, 0)
	}
}

// implements makes a root of the method that a type has for an interface
// method that must not block.
func (e *engine) implements(mi *ssa.MakeInterface, m *types.Func, where site) {
	obj, _, _ := types.LookupFieldOrMethod(mi.X.Type(), true, m.Pkg(), m.Name())
	fn, ok := obj.(*types.Func)
	if !ok || types.IsInterface(fn.Signature().Recv().Type()) {
		return
	}
	t := target{obj: fn.Origin(), conf: definite}
	if l := e.prog.declared[fn.Origin()]; l != nil {
		t = target{fn: l, conf: definite}
	}
	e.addRoot(t, loop{Name: "a loop", Kind: "function", By: displayName(m, nil)}, where)
}

// addRoot makes a root of t.
func (e *engine) addRoot(t target, l loop, where site) {
	r := root{at: where.at, loop: l, by: l.By}
	switch {
	case t.fn != nil:
		r.fn = t.fn
	case t.obj != nil:
		f := e.factOf(t.obj)
		if f == nil {
			return
		}
		r.effects, r.asks, r.name = f.Effects, f.Asks, displayName(t.obj, e.pass.Pkg)
	case t.result != nil:
		r.effects, r.asks, r.name = t.result.Effects, t.result.Asks, t.resultName(e.pass.Pkg)
	default:
		return
	}
	e.roots.add(r)
}
