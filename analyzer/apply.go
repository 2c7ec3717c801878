package analyzer

import (
	"go/types"
	"slices"
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
			e.operation(fn, s, instr, where.at, catCgo, possible, "C."+name)
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
		e.ask(fn, s, key, f, nil, where, 0)
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
	if f.mode == modeKeep && t.slot == nil {
		e.answerWith(f.ask, t, where)
		return
	}
	switch {
	case t.slot != nil:
		e.applySlot(fn, s, t, f, path, where, depth)
	case t.fn != nil && e.profiled(t.fn) != nil:
		path = e.extend(fn, path, where, depth, e.prog.localName(t.fn))
		e.applyKnown(fn, s, t, e.profiled(t.fn), args, f, path, where, depth)
	case t.fn != nil:
		if f.mode == modeTask && e.roots != nil {
			e.roots.add(root{fn: t.fn, at: where.at, in: fn, loop: f.loop, by: f.loop.by(path)})
		}
		sum := e.summaryOf(t.fn)
		path = e.extend(fn, path, where, depth, e.prog.localName(t.fn))
		e.addParking(s, sum.parks, f, path, where)
		e.addDeclared(fn, s, sum.blocking, t.conf, f, path, where)
		e.addEffects(fn, s, sum.effects, t.conf, f, path, where)
		e.addAsks(s, sum.asks, f, path, where)
		e.applyUses(fn, s, t, args, sum.uses, f, path, where, depth)
	case t.obj != nil:
		e.applyObject(fn, s, t, args, f, path, where, depth)
	case t.result != nil:
		name := "func returned by " + displayName(t.owner, e.pass.Pkg)
		path = e.extend(fn, path, where, depth, name)
		if f.mode == modeTask && e.roots != nil {
			e.roots.add(root{effects: t.result.Effects, asks: t.result.Asks, name: name, at: where.at, in: fn, loop: f.loop, by: f.loop.by(path)})
		}
		e.addEffects(fn, s, t.result.Effects, t.conf, f, path, where)
		e.addAsks(s, t.result.Asks, f, path, where)
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
			e.blocks(where.instr, blocked{x.Path[len(x.Path)-1].Callee, min(conf, x.Conf)})
		}
		s.addEffect(effect{Cat: x.Cat, Conf: min(conf, x.Conf), Path: joined(path, x.Path)})
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

// applySlot records that fn hands a parameter on, its own or that of a
// function around it.
func (e *engine) applySlot(fn *ssa.Function, s *summary, t target, f fate, path []hop, where site, depth int) {
	if !within(fn, t.slot.Parent()) {
		// It was stored and is called by a function with other parameters: it
		// is whatever the callers of the function that stored it passed.
		if e.expanding[t.slot] {
			return
		}
		e.expanding[t.slot] = true
		defer delete(e.expanding, t.slot)
		path = e.extend(fn, path, where, depth, t.slot.Name())
		for _, call := range e.prog.callers[t.slot.Parent()] {
			args := call.Common().Args
			i := paramIndex(t.slot)
			if i >= len(args) || e.inTest(call.Parent()) && !e.inTest(fn) {
				continue
			}
			for _, o := range e.functionsIn(args[i]) {
				o.conf = min(o.conf, probable)
				e.apply(fn, s, e.targetOf(o), nil, f, path, where, depth+1)
			}
		}
		return
	}
	s.addUse(paramUse{
		slot: t.slot,
		Mode: f.mode,
		Loop: f.loop,
		Ask:  f.ask,
		Path: e.extend(fn, path, where, depth, t.slot.Name()),
	})
}

// applyUses carries what a target does with functions that it is given over
// to the functions that fn gives it.
func (e *engine) applyUses(fn *ssa.Function, s *summary, t target, args []ssa.Value, uses []paramUse, f fate, path []hop, where site, depth int) {
	for _, u := range uses {
		given := args
		switch {
		case u.slot != nil && u.slot.Parent() != t.fn, u.Outer:
			// A parameter of the function around a literal. When that function
			// returned the literal, its arguments are in that call.
			if t.env == nil {
				if u.slot != nil && within(fn, u.slot.Parent()) {
					u.Mode, u.Loop = f.through(u).mode, f.through(u).loop
					u.Path = joined(path, u.Path)
					s.addUse(u)
				}
				continue
			}
			given = t.env.Args
		}
		i := u.Param
		if u.slot != nil {
			i = paramIndex(u.slot)
		}
		if i >= len(given) || given[i] == nil {
			continue
		}
		if u.Mode == modeWait {
			e.waitUnder(fn, s, given[i], f.through(u), joined(path, u.Path), where)
			continue
		}
		if u.Method != "" {
			c := called{fn, s, f.through(u), joined(path, u.Path), where, depth + 1}
			c.f.std = len(u.Path) == 0
			e.applyMethod(c, given[i], method{u.Method, u.Ask}, nil, t.conf)
			continue
		}
		if u.Mode == modeCall {
			for _, key := range e.prog.fieldsOf(given[i]) {
				e.ask(fn, s, key, f.through(u), joined(path, u.Path), where, depth+1)
			}
		}
		for _, v := range e.functionsIn(given[i]) {
			conf := t.conf
			t := e.targetOf(v)
			t.conf = min(t.conf, conf)
			way := joined(path, u.Path)
			if name := e.targetName(t); name != "" && len(u.Path) > 0 {
				last := &way[len(way)-1]
				last.Callee = name + " as " + last.Callee
			}
			e.apply(fn, s, t, nil, f.through(u), way, where, depth+1)
		}
	}
}

// functionsIn returns the origins of the function v, or of the functions in
// it if it is the slice of a variadic parameter.
func (e *engine) functionsIn(v ssa.Value) []origin {
	if _, ok := v.Type().Underlying().(*types.Slice); !ok {
		return e.prog.trace(v)
	}
	var out []origin
	for _, o := range e.prog.trace(v) {
		for _, x := range e.prog.stores[elemKey{o.val}] {
			out = append(out, e.prog.trace(x)...)
		}
	}
	return out
}

// applyObject adds what a function declared elsewhere does.
func (e *engine) applyObject(fn *ssa.Function, s *summary, t target, args []ssa.Value, f fate, path []hop, where site, depth int) {
	name := e.nameOf(t.obj)
	k := e.knownOf(t.obj)
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
	}
	e.addParking(s, fact.Parks, f, path, where)
	e.addDeclared(fn, s, fact.Blocking, t.conf, f, path, where)
	e.addEffects(fn, s, e.fold(t.obj, fact.Effects), t.conf, f, path, where)
	e.addAsks(s, fact.Asks, f, path, where)
	e.applyUses(fn, s, t, args, fact.Uses, f, path, where, depth)
}

// knownOf returns what a profile or the table says about fn, or nil.
func (e *engine) knownOf(fn *types.Func) *known {
	if k := e.config.known.lookup(fn); k != nil {
		return k
	}
	if k := profileKnown(fn); k != nil {
		return k
	}
	if fn.Pkg() == e.pass.Pkg {
		return stdTable().lookup(fn) // what a client does itself is inferred
	}
	return tableOf(fn)
}

// applyKnown adds what a function does that a table describes. The path
// ends with the call of it.
func (e *engine) applyKnown(fn *ssa.Function, s *summary, t target, k *known, args []ssa.Value, f fate, path []hop, where site, depth int) {
	cat, conf := k.cat, min(k.conf, t.conf)
	if k.mutex && t.obj != nil && len(args) > 0 && len(path) > 0 {
		if over := e.slow[e.lockKey(args[0])].over(t.obj.Name()); over.conf > 0 {
			// Whether anybody holds it just then is a guess.
			cat, conf = catLock, min(max(over.conf-1, possible), t.conf)
			path = slices.Clone(path)
			path[len(path)-1].Callee += " (held over " + over.name + ")"
		}
	}
	if cat == catSleep && len(args) == 1 && neverPositive(args[0]) || t.obj != nil && refusesToWait(t.obj, args) {
		cat = ""
	}
	if t.obj != nil && e.ownTransport(t.obj) {
		conf = possible
	}
	if len(path) == 0 {
		// fn only returns it: whoever calls that stands nowhere in fn.
		if t.obj == nil {
			return
		}
		path = []hop{{Pos: e.prog.position(fn.Pos()), Callee: e.nameOf(t.obj), in: fn}}
	}
	if cat != "" {
		// The table speaks of the call itself, so the path to it is the way.
		last := len(path) - 1
		e.addEffects(fn, s, []effect{{Cat: cat, Conf: conf, Path: path[last:]}}, conf, f, path[:last:last], where)
	}
	e.addParking(s, k.parks, f, path, where)
	e.applyUses(fn, s, t, args, k.uses, f, path, where, depth)
}
