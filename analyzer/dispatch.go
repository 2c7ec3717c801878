package analyzer

import (
	"go/types"
	"strings"

	"golang.org/x/tools/go/ssa"
)

// A method is what is called on a value whose type is open: an interface or
// a type parameter.
type method struct {
	name string
	ask  string // the key under which others can answer, or ""
}

func methodOf(obj *types.Func) method { return method{obj.Name(), askMethod(obj)} }

// A call is what the functions that follow calls carry along.
type called struct {
	fn    *ssa.Function // whose summary is being computed
	s     *summary
	f     fate
	path  []hop
	where site
	depth int
}

// applyMethod adds what calling method m of recv does: of each value that
// recv may hold, as far back as the package shows where they come from.
// args are the arguments without the receiver, nil if they are not at hand.
func (e *engine) applyMethod(c called, recv ssa.Value, m method, args []ssa.Value, conf confidence) {
	if c.depth > maxDepth || e.budget <= 0 {
		return
	}
	e.budget--
	for _, o := range e.prog.trace(recv) {
		e.applyMethodOf(c, o, m, args, min(conf, o.conf))
	}
}

func (e *engine) applyMethodOf(c called, o origin, m method, args []ssa.Value, conf confidence) {
	if k, ok := o.val.(*ssa.Const); ok && k.IsNil() {
		return
	}
	if e.fromTest(o.val) && !e.inTest(c.fn) {
		return // a mock
	}
	switch v := o.val.(type) {
	case *formal:
		c.s.addUse(paramUse{Param: v.index, Mode: c.f.mode, Loop: c.f.loop, Method: m.name, Ask: m.ask, Path: c.path})
		return
	case *told:
		e.applyTold(c, v, m, args, conf)
		return
	}
	if p, ok := o.val.(*ssa.Parameter); ok && openType(p.Type()) && e.knownMethod(p.Type(), m) == nil {
		e.applySlotMethod(c, p, m, args, conf)
		return
	}
	if p, ok := o.val.(*ssa.Parameter); ok && o.dyn == nil && e.elementOf(p.Type(), m) {
		// One of several that the caller passed.
		if c.depth > 0 {
			c.path = e.methodPath(c, askName("x "+m.ask))
		}
		e.ask(c.fn, c.s, m.ask, append([]ssa.Value{nil}, args...), c.f, c.path, c.where, c.depth)
		return
	}
	if call := callOf(o.val); call != nil {
		if e.isCooperative(call) {
			return // what a cooperative constructor made is cooperative
		}
		if inner := wrapped(call); inner != nil {
			e.applyMethod(c, inner, m, args, conf)
			return
		}
	}
	typ := o.val.Type()
	if o.dyn != nil {
		typ = o.dyn
	}
	if e.testType(typ) && !e.inTest(c.fn) {
		return // a mock without fields is a constant, made nowhere
	}
	if symbol := variableSymbol(o.val); symbol != "" {
		if k := stdTable()[symbol+"."+m.name]; k != nil {
			c.path = e.methodPath(c, symbol[strings.LastIndexByte(symbol, '/')+1:]+"."+m.name)
			e.applyKnown(c.fn, c.s, target{conf: conf}, k, nil, c.f, c.path, c.where, c.depth)
			return
		}
	}
	obj, index, _ := types.LookupFieldOrMethod(typ, true, e.pass.Pkg, m.name)
	fn, ok := obj.(*types.Func)
	if !ok {
		return
	}
	fn = fn.Origin()
	if !types.IsInterface(fn.Signature().Recv().Type()) {
		t := target{conf: min(conf, probable)}
		if l := e.prog.declared[fn]; l != nil {
			t.fn = l
		} else {
			t.obj = fn
		}
		if t.fn != nil && c.f.mode == modeTask && e.inTest(t.fn) {
			return // a mock given to a function that calls it in a task
		}
		if c.depth > 0 {
			c.path = e.methodPath(c, e.nameOf(fn))
		}
		recv := o.val
		if _, ok := typ.Underlying().(*types.Signature); ok && o.env != nil {
			// A literal that is handled as a value, as in a chain of handlers,
			// is still of the call that made it.
			recv = &either{typ: typ, origins: []origin{o}}
		}
		args = append([]ssa.Value{recv}, args...)
		e.apply(c.fn, c.s, t, args, c.f, c.path, c.where, c.depth)
		return
	}
	if e.embeddedValues(c, typ, index, m, args, conf) {
		return
	}
	if k := e.knownOf(fn); k != nil {
		c.path = e.methodPath(c, e.nameOf(fn))
		e.applyKnown(c.fn, c.s, target{conf: min(conf, probable)}, k, append([]ssa.Value{nil}, args...), c.f, c.path, c.where, c.depth)
		return
	}
	// It comes from elsewhere. The method of the type at hand is the better
	// question than the one asked for, which may belong to a type that it was
	// converted to.
	key := askMethod(fn)
	if key == "" {
		key = m.ask
	}
	if c.depth > 0 {
		c.path = e.methodPath(c, askName("x "+key))
	}
	e.ask(c.fn, c.s, key, append([]ssa.Value{nil}, args...), c.f, c.path, c.where, c.depth)
}

// applyTold adds what method m of a value does that is known by what it does.
func (e *engine) applyTold(c called, v *told, m method, args []ssa.Value, conf confidence) {
	for i := range v.values {
		if x := &v.values[i]; x.Method == m.name {
			c.path = e.methodPath(c, x.Name)
			e.apply(c.fn, c.s, target{result: x, conf: conf}, append([]ssa.Value{nil}, args...), c.f, c.path, c.where, c.depth)
		}
	}
}

// methodPath names the method at the end of the path. At depth 0 the call
// is still to be added, deeper down it stands there under the name that the
// function has that makes it.
func (e *engine) methodPath(c called, name string) []hop {
	if c.depth == 0 {
		return e.extend(c.fn, c.path, c.where, 0, name)
	}
	if len(c.path) == 0 || name == "" {
		return c.path
	}
	path := append([]hop(nil), c.path...)
	last := &path[len(path)-1]
	if c.f.std {
		last.Callee = name + " in " + last.Callee
	} else {
		last.Callee = name + " as " + last.Callee
	}
	return path
}

// applySlotMethod records that fn calls a method of a parameter, its own or
// that of a function around it.
func (e *engine) applySlotMethod(c called, p *ssa.Parameter, m method, args []ssa.Value, conf confidence) {
	if within(c.fn, p.Parent()) {
		c.s.addUse(paramUse{
			slot:   p,
			Mode:   c.f.mode,
			Loop:   c.f.loop,
			Method: m.name,
			Ask:    m.ask,
			Path:   e.extend(c.fn, c.path, c.where, c.depth, p.Name()+"."+m.name),
			Given:  e.given(c.fn, append([]ssa.Value{nil}, args...), c.f, c.where),
		})
		return
	}
	// It was stored by a constructor: it is what that one's callers passed,
	// here and, if others can call it, elsewhere.
	if e.expanding[p] {
		return
	}
	e.expanding[p] = true
	defer delete(e.expanding, p)
	for _, call := range e.prog.callers[p.Parent()] {
		passed := call.Common().Args
		i := paramIndex(p)
		if i >= len(passed) || e.inTest(call.Parent()) && !e.inTest(c.fn) {
			continue
		}
		e.applyMethod(c, passed[i], m, args, min(conf, probable))
	}
	if obj := funcObject(p.Parent()); obj == nil || obj.Exported() {
		e.ask(c.fn, c.s, m.ask, append([]ssa.Value{nil}, args...), c.f, c.path, c.where, c.depth)
	}
}

// embeddedValues follows a method that a struct type has from an interface
// embedded in it, and reports whether the package shows what is in there.
func (e *engine) embeddedValues(c called, typ types.Type, index []int, m method, args []ssa.Value, conf confidence) bool {
	if len(index) < 2 {
		return false
	}
	var field any
	for _, i := range index[:len(index)-1] {
		if field = fieldKey(typ, i); field == nil {
			return false
		}
		typ = field.(*types.Var).Type()
	}
	values := e.prog.stores[field]
	for _, v := range values {
		e.applyMethod(c, v, m, args, min(conf, probable))
	}
	return len(values) > 0
}

// knownMethod returns what a table says about method m of type t itself: a
// net.Conn reads from the network, whatever it is.
func (e *engine) knownMethod(t types.Type, m method) *known {
	obj, _, _ := types.LookupFieldOrMethod(t, true, e.pass.Pkg, m.name)
	if fn, ok := obj.(*types.Func); ok {
		return e.knownOf(fn.Origin())
	}
	return nil
}

// elementOf reports whether t is a container of values with method m whose
// types are open.
func (e *engine) elementOf(t types.Type, m method) bool {
	var elem types.Type
	switch t := t.Underlying().(type) {
	case *types.Slice:
		elem = t.Elem()
	case *types.Array:
		elem = t.Elem()
	case *types.Map:
		elem = t.Elem()
	case *types.Chan:
		elem = t.Elem()
	default:
		return false
	}
	if !openType(elem) {
		return false
	}
	obj, _, _ := types.LookupFieldOrMethod(elem, true, e.pass.Pkg, m.name)
	return obj != nil
}

// openType reports whether a value of type t may be of several types.
func openType(t types.Type) bool {
	return types.IsInterface(t) // the underlying type of a type parameter is one, too
}

// variableSymbol names the package variable or the field that v is read
// from, or the function that returned it, as the table does:
// import/path.Name or import/path.Type.Name.
func variableSymbol(v ssa.Value) string {
	if call := callOf(v); call != nil && call.Call.StaticCallee() != nil {
		if obj := funcObject(call.Call.StaticCallee()); obj != nil {
			return symbolOf(obj)
		}
	}
	load, ok := v.(*ssa.UnOp)
	if !ok {
		return ""
	}
	switch addr := load.X.(type) {
	case *ssa.Global:
		if obj := addr.Object(); obj != nil && obj.Pkg() != nil {
			return obj.Pkg().Path() + "." + obj.Name()
		}
	case *ssa.FieldAddr:
		if named, ok := types.Unalias(deref(addr.X.Type())).(*types.Named); ok && named.Obj().Pkg() != nil {
			if st, ok := named.Underlying().(*types.Struct); ok {
				return named.Obj().Pkg().Path() + "." + named.Obj().Name() + "." + st.Field(addr.Field).Name()
			}
		}
	}
	return ""
}

func deref(t types.Type) types.Type {
	if ptr, ok := t.Underlying().(*types.Pointer); ok {
		return ptr.Elem()
	}
	return t
}

// wrapped returns the argument whose methods the result of a std function
// calls, as bufio.NewReader's does, or nil.
func wrapped(call *ssa.Call) ssa.Value {
	callee := call.Call.StaticCallee()
	if callee == nil {
		return nil
	}
	obj := funcObject(callee)
	if obj == nil {
		return nil
	}
	k := tableOf(obj)
	if k == nil || k.wraps < 0 || k.wraps >= len(call.Call.Args) {
		return nil
	}
	return call.Call.Args[k.wraps]
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
