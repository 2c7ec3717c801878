package analyzer

import (
	"go/types"

	"golang.org/x/tools/go/ssa"
)

// applySlot records that fn hands a parameter on, its own or that of a
// function around it.
func (e *engine) applySlot(fn *ssa.Function, s *summary, t target, args []ssa.Value, f fate, path []hop, where site, depth int) {
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
			passed := call.Common().Args
			i := paramIndex(t.slot)
			if i >= len(passed) || e.inTest(call.Parent()) && !e.inTest(fn) {
				continue
			}
			for _, o := range e.functionsIn(passed[i]) {
				o.conf = min(o.conf, probable)
				e.apply(fn, s, e.targetOf(o), args, f, path, where, depth+1)
			}
		}
		return
	}
	s.addUse(paramUse{
		slot:  t.slot,
		Mode:  f.mode,
		Loop:  f.loop,
		Ask:   f.ask,
		Path:  e.extend(fn, path, where, depth, t.slot.Name()),
		Given: e.given(fn, args, f, where),
	})
}

// applyUses carries what a target does with functions that it is given over
// to the functions that fn gives it.
func (e *engine) applyUses(fn *ssa.Function, s *summary, t target, args []ssa.Value, uses []paramUse, f fate, path []hop, where site, depth int) {
	for _, u := range uses {
		v := argument(fn, t, args, u.param())
		if v == nil {
			continue
		}
		if p, ok := v.(*ssa.Parameter); ok && p == u.slot && u.slot.Parent() != t.fn {
			// A parameter of fn or of a function around it, of which a literal
			// in it makes use.
			u.Mode, u.Loop = f.through(u).mode, f.through(u).loop
			u.Path = joined(path, u.Path)
			if !u.Given.none() {
				u.Given = e.given(fn, e.handOn(fn, t, args, &u.Given), fate{mode: u.Mode}, where)
			}
			s.addUse(u)
			continue
		}
		if u.Mode == modeWait {
			e.waitUnder(fn, s, v, f.through(u), joined(path, u.Path), where)
			continue
		}
		on := e.handOn(fn, t, args, &u.Given)
		if u.Method != "" {
			c := called{fn, s, f.through(u), joined(path, u.Path), where, depth + 1}
			c.f.std = len(u.Path) == 0
			if len(on) > 0 {
				on = on[1:] // without the receiver
			}
			e.applyMethod(c, v, method{u.Method, u.Ask}, on, t.conf)
			continue
		}
		if u.Mode == modeCall {
			for _, key := range e.prog.fieldsOf(v) {
				e.ask(fn, s, key, on, f.through(u), joined(path, u.Path), where, depth+1)
			}
		}
		for _, o := range e.functionsIn(v) {
			conf := t.conf
			t := e.targetOf(o)
			t.conf = min(t.conf, conf)
			way := joined(path, u.Path)
			if name := e.targetName(t); name != "" && len(u.Path) > 0 {
				last := &way[len(way)-1]
				last.Callee = name + " as " + last.Callee
			}
			e.apply(fn, s, t, on, f.through(u), way, where, depth+1)
		}
	}
}

// functionsIn returns the origins of the function v, or of the functions in
// it if it is the slice of a variadic parameter.
func (e *engine) functionsIn(v ssa.Value) []origin {
	if x, ok := v.(*either); ok {
		return x.origins
	}
	if _, ok := v.Type().Underlying().(*types.Slice); !ok {
		return e.prog.trace(v)
	}
	var out []origin
	for _, o := range e.prog.trace(v) {
		if _, ok := o.val.(*ssa.Parameter); ok {
			out = append(out, o) // whatever is in it
		}
		for _, x := range e.prog.stores[elemKey{o.val}] {
			out = append(out, e.prog.trace(x)...)
		}
	}
	return out
}
