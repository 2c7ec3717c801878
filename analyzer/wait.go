package analyzer

import (
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"
)

// addParking notes that fn makes a cooperative call.
func (e *engine) addParking(s *summary, parks bool, f fate, path []hop, where site) {
	if !parks || f.mode != modeCall || len(path) == 0 {
		return
	}
	s.parks = true
	if where.instr != nil {
		if _, ok := where.instr.(ssa.CallInstruction); ok {
			e.parking[where.instr] = path[0].Callee
		}
	}
}

// contextParam returns the parameter of fn that says who waits, or nil.
func contextParam(fn *ssa.Function) *ssa.Parameter {
	for _, p := range fn.Params {
		if isContext(p.Type()) {
			return p
		}
	}
	return nil
}

func isContext(t types.Type) bool {
	named, ok := types.Unalias(t).(*types.Named)
	return ok && named.Obj().Name() == "Context" && named.Obj().Pkg() != nil && named.Obj().Pkg().Path() == "context"
}

// waitUnder adds what comes of a cooperative call that is given ctx: with a
// context that carries no task it stops the whole loop. The path ends with
// that call.
func (e *engine) waitUnder(fn *ssa.Function, s *summary, ctx ssa.Value, f fate, path []hop, where site) {
	if f.mode != modeWait || len(path) == 0 {
		return
	}
	var slots []*ssa.Parameter
	foreign := ""
	for _, o := range e.contexts(ctx, 0) {
		switch v := o.(type) {
		case *ssa.Parameter:
			slots = append(slots, v)
		case *ssa.Call:
			name := contextRoot(v)
			if name == "" {
				return // from elsewhere: unknown
			}
			foreign = name
		case *ssa.Const: // nil: a mistake of another kind
		default:
			return
		}
	}
	if foreign != "" {
		if len(slots) > 0 {
			return // a fallback for callers without a context
		}
		path = append([]hop(nil), path...)
		path[len(path)-1].Callee += " with " + foreign + "()"
		last := len(path) - 1
		e.addEffects(fn, s, []effect{{Cat: catCtx, Conf: definite, Path: path[last:]}}, definite, fate{mode: modeCall}, path[:last:last], where)
		return
	}
	if len(slots) > 0 && contextParam(fn) != nil && !slices.ContainsFunc(slots, func(p *ssa.Parameter) bool { return within(fn, p.Parent()) }) {
		path = append([]hop(nil), path...)
		last := len(path) - 1
		path[last].Callee += " with the ctx that " + e.prog.localName(slots[0].Parent()) + " stored"
		e.addEffects(fn, s, []effect{{Cat: catCtx, Conf: probable, Path: path[last:]}}, probable, fate{mode: modeCall}, path[:last:last], where)
		return
	}
	for _, p := range slots {
		if within(fn, p.Parent()) && len(slots) == 1 {
			s.addUse(paramUse{slot: p, Mode: modeWait, Path: path})
		}
	}
}

// contexts returns where a context comes from, behind those derived from it.
func (e *engine) contexts(v ssa.Value, depth int) []ssa.Value {
	var out []ssa.Value
	for _, o := range e.prog.trace(v) {
		if call := callOf(o.val); call != nil && depth < maxDepth {
			if parent := derivedContext(call); parent != nil {
				out = append(out, e.contexts(parent, depth+1)...)
				continue
			}
			if call.Type() != nil && isContext(o.val.Type()) {
				out = append(out, call)
				continue
			}
		}
		out = append(out, o.val)
	}
	return out
}

// derivedContext returns the parent of a context made by package context.
func derivedContext(call *ssa.Call) ssa.Value {
	callee := call.Call.StaticCallee()
	if callee == nil {
		return nil
	}
	obj := funcObject(callee)
	if obj == nil || obj.Pkg() == nil || len(call.Call.Args) == 0 || !isContext(call.Call.Args[0].Type()) {
		return nil
	}
	if res := obj.Signature().Results(); res.Len() == 0 || !isContext(res.At(0).Type()) {
		return nil
	}
	if obj.Pkg().Path() == "context" || obj.Pkg().Path() == "os/signal" {
		return call.Call.Args[0]
	}
	return nil
}

// contextRoot names the function of package context that made a context
// without a task, or returns "".
func contextRoot(call *ssa.Call) string {
	callee := call.Call.StaticCallee()
	if callee == nil {
		return ""
	}
	if obj := funcObject(callee); obj != nil {
		switch symbolOf(obj) {
		case "context.Background", "context.TODO":
			return "context." + obj.Name()
		}
	}
	return ""
}

// outerContexts returns the waits in root r under the context of a function
// around it: of another task, or of none.
func (e *engine) outerContexts(r *ssa.Function, s *summary) []effect {
	var out []effect
	for _, u := range s.uses {
		if u.Mode != modeWait || u.slot == nil || len(u.Path) == 0 || within(u.slot.Parent(), r) || contextParam(r) == nil {
			continue
		}
		path := append([]hop(nil), u.Path...)
		path[len(path)-1].Callee += " with the ctx of " + e.prog.localName(u.slot.Parent())
		if slices.ContainsFunc(path, func(h hop) bool {
			return h.node.pos.IsValid() && e.dirs.ignored(e.pass.Fset, h.node.pos, catCtx)
		}) {
			continue
		}
		out = append(out, effect{Cat: catCtx, Conf: definite, Path: path})
	}
	return out
}
