package analyzer

import (
	"go/types"

	"golang.org/x/tools/go/ssa"
)

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
