package analyzer

import (
	"go/types"
	"strings"

	"golang.org/x/tools/go/ssa"
)

// Bounds on functions that pass functions that pass functions: how deep, and
// how many of them behind one call.
const (
	maxDepth  = 8
	maxBehind = 150
)

// A site is where something is called.
type site struct {
	instr  ssa.Instruction
	common *ssa.CallCommon
	at     span
}

// call adds what one call, deferred call or go statement of fn does.
func (e *engine) call(fn *ssa.Function, s *summary, instr ssa.CallInstruction, m mode) {
	f := fate{mode: m}
	e.budget = maxBehind
	common := instr.Common()
	where := site{instr: instr, common: common, at: e.callSpan(instr)}
	if common.IsInvoke() {
		args := append([]ssa.Value{common.Value}, common.Args...)
		e.apply(fn, s, target{obj: common.Method.Origin(), conf: definite}, args, f, nil, where, 0)
		return
	}
	if _, ok := common.Value.(*ssa.Builtin); ok {
		return
	}
	if callee := common.StaticCallee(); callee != nil {
		if name, ok := strings.CutPrefix(callee.Name(), "_Cfunc_"); ok && m == modeCall {
			e.cCall(fn, s, instr, where.at, name)
			return
		}
		t := e.targetOf(origin{val: common.Value, conf: definite})
		e.apply(fn, s, t, common.Args, f, nil, where, 0)
		return
	}
	for _, o := range e.prog.trace(common.Value) {
		e.apply(fn, s, e.targetOf(o), common.Args, f, nil, where, 0)
	}
	for _, key := range e.prog.fieldsOf(common.Value) {
		e.ask(fn, s, key, common.Args, f, nil, where, 0)
	}
}

// callSpan returns the source of a call. The call of an iterator has no
// position of its own, but the body of the range statement has.
func (e *engine) callSpan(instr ssa.CallInstruction) span {
	common := instr.Common()
	if common.Pos().IsValid() {
		return e.prog.span(common.Pos())
	}
	for _, arg := range common.Args {
		if mc, ok := arg.(*ssa.MakeClosure); ok {
			return e.prog.span(mc.Fn.Pos())
		}
	}
	return e.prog.span(instr.Pos())
}

// A fate is what happens to a function value: a mode and, for a task, the
// loop that it runs on.
type fate struct {
	mode mode
	loop loop
	ask  string // for modeKeep: the field
	std  bool   // a function of the standard library calls it
}

func (f fate) through(u paramUse) fate {
	m := f.mode.through(u.Mode)
	if m == modeTask && f.mode != modeTask {
		return fate{mode: m, loop: u.Loop}
	}
	if m == modeKeep && f.mode != modeKeep {
		return fate{mode: m, ask: u.Ask}
	}
	return fate{mode: m, loop: f.loop, ask: f.ask}
}

// apply adds to s, the summary of fn, what running t does. The path leads
// from fn to the call of t, which is a call in fn itself at depth 0; args
// are the arguments then.
func (e *engine) apply(fn *ssa.Function, s *summary, t target, args []ssa.Value, f fate, path []hop, where site, depth int) {
	if depth > maxDepth || e.budget <= 0 {
		return
	}
	e.budget--
	if t.bound != nil {
		args = append([]ssa.Value{t.bound}, args...)
	}
	if f.mode == modeKeep && t.slot == nil && t.formal == nil {
		e.answerWith(f.ask, t, where)
		return
	}
	switch {
	case t.slot != nil:
		e.applySlot(fn, s, t, args, f, path, where, depth)
	case t.formal != nil:
		s.addUse(paramUse{Param: t.formal.index, Mode: f.mode, Loop: f.loop, Ask: f.ask, Path: path, Given: e.given(fn, args, f, where)})
	case t.fn != nil && e.profiled(t.fn) != nil:
		path = e.extend(fn, path, where, depth, e.prog.localName(t.fn))
		e.applyKnown(fn, s, t, e.profiled(t.fn), args, f, path, where, depth)
	case t.fn != nil:
		if f.mode == modeTask && e.roots != nil {
			e.roots.add(root{fn: t.fn, at: where.at, in: fn, loop: f.loop, by: f.loop.by(path)})
			if !e.testFile(where.at.pos) {
				e.roots.started(e.prog.identity(&t), path)
			}
		}
		sum := e.summaryOf(t.fn)
		path = e.extend(fn, path, where, depth, e.prog.localName(t.fn))
		e.addParking(s, sum.parks, f, path, where)
		e.addDeclared(fn, s, sum.blocking, t.conf, f, path, where)
		e.addEffects(fn, s, sum.effects, t.conf, f, path, where)
		e.addAsks(fn, s, t, args, sum.asks, f, path, where)
		e.applyUses(fn, s, t, args, sum.uses, f, path, where, depth)
	case t.obj != nil:
		e.applyObject(fn, s, t, args, f, path, where, depth)
	case t.result != nil:
		name := t.resultName(e.pass.Pkg)
		path = e.extend(fn, path, where, depth, name)
		if f.mode == modeTask && e.roots != nil {
			e.roots.add(root{effects: t.result.Effects, asks: t.result.Asks, name: name, at: where.at, in: fn, loop: f.loop, by: f.loop.by(path)})
		}
		e.addEffects(fn, s, t.result.Effects, t.conf, f, path, where)
		e.addAsks(fn, s, t, args, t.result.Asks, f, path, where)
		e.applyUses(fn, s, t, args, t.result.Uses, f, path, where, depth)
	}
}

// by names what makes a function a root whose start the path describes.
func (l loop) by(path []hop) string {
	if l.By != "" || len(path) == 0 {
		return l.By
	}
	return path[0].Callee
}

// extend adds the call itself to the path when fn makes it. Deeper down the
// path already ends with the call of the parameter.
func (e *engine) extend(fn *ssa.Function, path []hop, where site, depth int, callee string) []hop {
	if depth > 0 {
		return path
	}
	return append(path[:len(path):len(path)], e.hop(fn, where.at, callee))
}

// addEffects adds the effects of a function that fn calls.
func (e *engine) addEffects(fn *ssa.Function, s *summary, effects []effect, conf confidence, f fate, path []hop, where site) {
	if f.mode != modeCall {
		return // they happen elsewhere, or to a root of their own
	}
	for _, x := range effects {
		if where.at.pos.IsValid() && e.dirs.ignored(e.pass.Fset, where.at.pos, x.Cat) {
			continue
		}
		// A lock that is slow only because another one is adds nothing that a
		// reader could act on.
		if where.instr != nil && min(conf, x.Conf) >= probable && x.Cat != catLock {
			e.blocks(where.instr, blocked{name: x.Path[len(x.Path)-1].Callee, conf: min(conf, x.Conf)})
		}
		s.addEffect(effect{Cat: x.Cat, Conf: min(conf, x.Conf), Over: x.Over, Path: joined(path, x.Path)})
	}
}

// addDeclared adds the effect that the author of a function declared: the
// call of it is the operation.
func (e *engine) addDeclared(fn *ssa.Function, s *summary, cat category, conf confidence, f fate, path []hop, where site) {
	if cat == "" || len(path) == 0 {
		return
	}
	last := len(path) - 1
	e.addEffects(fn, s, []effect{{Cat: cat, Conf: conf, Path: path[last:]}}, conf, f, path[:last:last], where)
}

func joined(a, b []hop) []hop {
	out := make([]hop, 0, len(a)+len(b))
	return append(append(out, a...), b...)
}

// applyObject adds what a function declared elsewhere does.
func (e *engine) applyObject(fn *ssa.Function, s *summary, t target, args []ssa.Value, f fate, path []hop, where site, depth int) {
	name := e.nameOf(t.obj)
	k := e.knownOf(t.obj)
	if on := knownOn(t.obj, args); on != nil {
		k = on
	}
	if d := e.declaredFact(t.obj); d != nil {
		path = e.extend(fn, path, where, depth, name)
		e.addParking(s, d.Cooperative, f, path, where)
		e.addDeclared(fn, s, d.Blocking, t.conf, f, path, where)
		e.applyUses(fn, s, t, args, d.Uses, f, path, where, depth)
		return
	}
	if recv := t.obj.Signature().Recv(); recv != nil && types.IsInterface(recv.Type()) && len(args) > 0 && args[0] != nil {
		if profileKnown(t.obj) == nil {
			e.applyMethod(called{fn, s, f, path, where, depth}, args[0], methodOf(t.obj), args[1:], t.conf)
			return
		}
	}
	path = e.extend(fn, path, where, depth, name)
	if k != nil {
		e.applyKnown(fn, s, t, k, args, f, path, where, depth)
		return
	}
	fact := e.factOf(t.obj)
	if fact == nil {
		return // unknown, or known to do nothing: silent
	}
	if f.mode == modeTask && e.roots != nil {
		e.roots.add(root{effects: fact.Effects, asks: fact.Asks, name: name, at: where.at, in: fn, loop: f.loop, by: f.loop.by(path)})
		if !e.testFile(where.at.pos) {
			e.roots.started(e.prog.identity(&t), path)
		}
	}
	e.addParking(s, fact.Parks, f, path, where)
	e.addDeclared(fn, s, fact.Blocking, t.conf, f, path, where)
	e.addEffects(fn, s, e.fold(t.obj, fact.Effects), t.conf, f, path, where)
	e.addAsks(fn, s, t, args, fact.Asks, f, path, where)
	e.applyUses(fn, s, t, args, fact.Uses, f, path, where, depth)
}
