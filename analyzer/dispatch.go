package analyzer

import (
	"go/types"

	"golang.org/x/tools/go/ssa"
)

// dispatch adds what a call of an interface method does, if the package
// shows where every value behind the interface comes from.
func (e *engine) dispatch(fn *ssa.Function, s *summary, t target, args []ssa.Value, f fate, path []hop, where site) bool {
	var methods []origin
	var objs []*types.Func
	for _, o := range e.prog.trace(where.common.Value) {
		if c, ok := o.val.(*ssa.Const); ok && c.IsNil() {
			continue
		}
		if e.fromTest(o.val) && !e.inTest(fn) {
			continue // a mock
		}
		if call := callOf(o.val); call != nil && e.isCooperative(call) {
			return true // what a cooperative constructor made is cooperative
		}
		typ := o.val.Type()
		if types.IsInterface(typ) {
			return false // comes from elsewhere: an open question
		}
		obj, _, _ := types.LookupFieldOrMethod(typ, true, t.obj.Pkg(), t.obj.Name())
		m, ok := obj.(*types.Func)
		if !ok || types.IsInterface(m.Signature().Recv().Type()) {
			return false
		}
		methods = append(methods, o)
		objs = append(objs, m.Origin())
	}
	for i, m := range objs {
		mt := target{conf: min(methods[i].conf, probable)}
		if l := e.prog.declared[m]; l != nil {
			mt.fn = l
		} else {
			mt.obj = m
		}
		e.apply(fn, s, mt, append([]ssa.Value{methods[i].val}, args...), f, path, where, 0)
	}
	return len(objs) > 0
}

// callOf returns the call whose result v is, or nil.
func callOf(v ssa.Value) *ssa.Call {
	switch v := v.(type) {
	case *ssa.Call:
		return v
	case *ssa.Extract:
		call, _ := v.Tuple.(*ssa.Call)
		return call
	}
	return nil
}

// isCooperative reports whether a call is of a function known to cooperate
// with its loop.
func (e *engine) isCooperative(call *ssa.Call) bool {
	callee := call.Call.StaticCallee()
	if callee == nil {
		return false
	}
	if l := e.prog.local(callee); l != nil {
		return e.summaryOf(l).cooperative
	}
	obj := funcObject(callee)
	if obj == nil {
		return false
	}
	f := e.factOf(obj)
	return f != nil && f.Cooperative
}
