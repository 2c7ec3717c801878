package analyzer

import (
	"go/types"

	"golang.org/x/tools/go/ssa"
)

// factOf returns the fact of a function of another package, or nil.
func (e *engine) factOf(fn *types.Func) *funcFact {
	if f, ok := e.imported[fn]; ok {
		return f
	}
	var f *funcFact
	if c := new(funcCode); e.pass.ImportObjectFact(fn, c) {
		f = c.decode()
	}
	e.imported[fn] = f
	return f
}

// export attaches a fact to every function that an importer could name. A
// function that it cannot name is folded into those that call it.
func (e *engine) export() {
	roots := make(map[*types.Func]bool)
	for _, r := range profileRoots(e.pass.Pkg) {
		roots[r.fn] = true
	}
	for _, fn := range e.prog.funcs {
		obj, ok := fn.Object().(*types.Func)
		if !ok || fn.Parent() != nil {
			continue
		}
		if obj.Signature().Recv() == nil && !obj.Exported() {
			continue
		}
		f := e.factFor(fn)
		if f.Root = roots[obj]; !f.empty() {
			e.pass.ExportObjectFact(obj, encodeFunc(f))
		}
	}
	e.exportDeclared()
}

// factFor converts a summary into its self-contained form.
func (e *engine) factFor(fn *ssa.Function) *funcFact {
	s := e.sums[fn]
	f := &funcFact{Cooperative: s.cooperative, Parks: s.parks, Blocking: s.blocking}
	f.Effects = detachedEffects(s.effects, fn)
	f.Asks = detachedEffects(s.asks, fn)
	for _, u := range s.uses {
		if p, ok := u.param().detached(fn, false); ok {
			f.Uses = append(f.Uses, u.detached(fn, p, false))
		}
	}
	f.Results = e.resultsOf(fn)
	if k := e.configured(fn); k != nil {
		*f = funcFact{Blocking: k.cat, Uses: k.uses}
		if k.conf < probable {
			f.Blocking = ""
		}
	}
	return f
}

// resultsOf describes the function values that fn returns.
func (e *engine) resultsOf(fn *ssa.Function) []valueFact {
	var out []valueFact
	results := fn.Signature.Results()
	for i := range results.Len() {
		if _, ok := results.At(i).Type().Underlying().(*types.Signature); !ok {
			continue
		}
		s := new(summary)
		seen := make(map[*ssa.Function]bool)
		for _, b := range e.prog.reached[fn] {
			if len(b.Instrs) == 0 {
				continue
			}
			ret, ok := b.Instrs[len(b.Instrs)-1].(*ssa.Return)
			if !ok || i >= len(ret.Results) {
				continue
			}
			e.budget = maxBehind
			for _, o := range e.prog.trace(ret.Results[i]) {
				e.returned(fn, s, o, seen)
			}
		}
		s.trim(maxEffects)
		r := (&valueFact{Index: i, Effects: s.effects, Asks: s.asks, Uses: s.uses}).detached(fn)
		if len(r.Effects)+len(r.Asks)+len(r.Uses) > 0 {
			out = append(out, r)
		}
	}
	return out
}

// returned adds to s what calling the function value o does, for a value
// that fn returns.
func (e *engine) returned(fn *ssa.Function, s *summary, o origin, seen map[*ssa.Function]bool) {
	if p, ok := o.val.(*ssa.Parameter); ok {
		if p.Parent() == fn {
			s.addUse(paramUse{slot: p, Mode: modeCall})
		}
		return
	}
	t := e.targetOf(o)
	if t.fn != nil {
		if seen[t.fn] {
			return
		}
		seen[t.fn] = true
	}
	e.describing++
	e.apply(fn, s, t, formals(), fate{mode: modeCall}, nil, site{}, 1)
	e.describing--
}

// detached returns x without what ties it to the package under analysis, for
// a fact about fn if that is not nil.
func (x *effect) detached(fn *ssa.Function) effect {
	y := *x
	y.Path = detachedPath(x.Path)
	y.Given = x.Given.detached(fn, false)
	return y
}

func detachedEffects(list []effect, fn *ssa.Function) []effect {
	var out []effect
	for i := range list {
		out = append(out, list[i].detached(fn))
	}
	return out
}

// detached returns u without what ties it to the package under analysis, for
// a fact about fn, in which it speaks of p. In a fact about a function around
// the one with the use outer is set.
func (u *paramUse) detached(fn *ssa.Function, p paramArg, outer bool) paramUse {
	v := *u
	v.Param, v.Outer, v.slot, v.val, v.Path = p.Param, p.Outer, nil, nil, detachedPath(u.Path)
	v.Given = u.Given.detached(fn, outer)
	return v
}

func detachedPath(path []hop) []hop {
	out := make([]hop, len(path))
	for i, h := range path {
		out[i] = hop{Pos: h.Pos, Callee: h.Callee}
	}
	return out
}
