package analyzer

import (
	"go/types"

	"golang.org/x/tools/go/ssa"
)

// A target is a function that a function value may stand for. Exactly one
// of fn, obj, slot, formal and result is set, or none for an unknown one.
type target struct {
	fn     *ssa.Function   // with a body in this package
	obj    *types.Func     // declared elsewhere
	slot   *ssa.Parameter  // whatever a caller passes
	formal *formal         // an argument of a function that is being described
	result *valueFact      // what a function declared elsewhere returned or gives
	owner  *types.Func     // the function that returned it
	env    *ssa.CallCommon // the call that returned the function
	bound  ssa.Value       // the receiver of a method value
	conf   confidence
}

// targetOf says which function an origin is.
func (e *engine) targetOf(o origin) target {
	t := target{env: o.env, conf: o.conf}
	switch v := o.val.(type) {
	case *ssa.Function:
		e.setFunc(&t, v)
	case *ssa.MakeClosure:
		fn, ok := v.Fn.(*ssa.Function)
		if !ok {
			break
		}
		e.setFunc(&t, fn)
		if fn.Synthetic != "" && len(v.Bindings) == 1 && funcObject(fn) != nil {
			t.bound = v.Bindings[0]
		}
	case *ssa.Parameter:
		t.slot = v
	case *formal:
		t.formal = v
	case *told:
		for i := range v.values {
			if v.values[i].Method == "" {
				t.result = &v.values[i]
			}
		}
	case *ssa.Call:
		e.setResult(&t, v, 0)
	case *ssa.Extract:
		if call, ok := v.Tuple.(*ssa.Call); ok {
			e.setResult(&t, call, v.Index)
		}
	}
	// Anything else, such as a field that another package fills, is an
	// unknown callee: silent, because a guess would be wrong more often than
	// not.
	return t
}

func (e *engine) setFunc(t *target, fn *ssa.Function) {
	if l := e.prog.local(fn); l != nil {
		t.fn = l
	} else {
		t.obj = funcObject(fn)
	}
}

// setResult makes t the function that a call of another package returned.
func (e *engine) setResult(t *target, call *ssa.Call, index int) {
	callee := call.Call.StaticCallee()
	if callee == nil {
		return
	}
	obj := funcObject(callee)
	if obj == nil {
		return
	}
	if k := tableOf(obj); k != nil && k.returns >= 0 && index == 0 {
		t.result = &valueFact{Uses: []paramUse{{Param: k.returns, Outer: true, Mode: modeCall}}}
	} else if f := e.factOf(obj); f != nil {
		for i := range f.Results {
			if f.Results[i].Index == index {
				t.result = &f.Results[i]
			}
		}
	}
	t.owner = obj
	t.env = &call.Call
}

// nameOf names a function of any package for a reader of this one.
func (e *engine) nameOf(fn *types.Func) string {
	name, ok := e.names[fn]
	if !ok {
		name = displayName(fn, e.pass.Pkg)
		e.names[fn] = name
	}
	return name
}

// targetName names a function that is at hand, and returns "" for others.
func (e *engine) targetName(t target) string {
	switch {
	case t.fn != nil:
		return e.prog.localName(t.fn)
	case t.obj != nil:
		return e.nameOf(t.obj)
	case t.result != nil:
		return t.result.Name
	}
	return ""
}

// resultName names a function that is known by what it does. from is the
// package of who reads it.
func (t *target) resultName(from *types.Package) string {
	if t.owner != nil {
		return "func returned by " + displayName(t.owner, from)
	}
	return t.result.Name
}
