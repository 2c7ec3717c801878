package analyzer

import (
	"go/token"
	"go/types"
	"maps"
	"slices"
	"strings"

	"golang.org/x/tools/go/ssa"
)

// An origin is a place where a value was made, as far back as the package
// under analysis shows it.
type origin struct {
	val  ssa.Value
	env  *ssa.CallCommon // the call that returned val, when it was made in the callee
	conf confidence      // probable once the value went through memory
	dyn  types.Type      // what it was converted to an interface as, if it was
}

// Bounds on one trace. A trace that hits them is incomplete, and whatever
// asked for it stays silent about what is missing.
const (
	maxOrigins = 48
	maxVisits  = 600
)

// trace follows v back to its origins: through phis, conversions, local and
// captured variables, package variables, fields, maps, slices and the
// results of functions in this package. Memory is told apart by variable
// and field, not by instance or order.
func (p *program) trace(v ssa.Value) []origin {
	switch v := v.(type) {
	case *either:
		return v.origins
	case *formal, *told:
		return []origin{{val: v, conf: definite}}
	}
	if out, ok := p.traced[v]; ok {
		return out
	}
	t := &tracer{p: p, seen: make(map[ssa.Value]bool)}
	t.visit(v, nil, definite)
	t.turns()
	if p.complete {
		p.traced[v] = t.out
		p.fields[v] = t.fields
	}
	return t.out
}

// fieldsOf returns the keys of the fields from which v may have been read,
// that other packages can store into.
func (p *program) fieldsOf(v ssa.Value) []string {
	p.trace(v)
	return p.fields[v]
}

type tracer struct {
	p      *program
	seen   map[ssa.Value]bool
	out    []origin
	fields []string
	dyn    types.Type // see origin.dyn
	cycle  []turn
}

// A turn is a call of the very functions that are being traced: what they
// return is called next, as by a machine whose states are functions.
type turn struct {
	call  *ssa.Call
	index int
}

// turns follows what the functions found so far return, when one of them is
// what the next turn calls, until no more are found.
func (t *tracer) turns() {
	for i := 0; i < len(t.out) && len(t.cycle) > 0; i++ {
		fn, _ := t.out[i].val.(*ssa.Function)
		if mc, ok := t.out[i].val.(*ssa.MakeClosure); ok {
			fn, _ = mc.Fn.(*ssa.Function)
		}
		if fn == nil || t.p.local(fn) == nil {
			continue
		}
		fn = t.p.local(fn)
		for _, c := range t.cycle {
			if types.Identical(c.call.Call.Value.Type().Underlying(), fn.Signature) {
				t.returns(fn, c.call, c.index, nil, probable)
			}
		}
	}
}

// read notes the field or the variable that v is read from, when functions of
// other packages may be in there.
func (t *tracer) read(v ssa.Value) {
	if !carriesFunc(v.Type()) {
		return
	}
	key := fieldOf(v)
	if key == "" || slices.Contains(t.fields, key) {
		return
	}
	_, symbol, _ := strings.Cut(key, " ")
	pkg, name := splitSymbol(symbol)
	if t.p.open[key] || pkg != t.p.pass.Pkg.Path() || token.IsExported(name[strings.LastIndexByte(name, '.')+1:]) {
		t.fields = append(t.fields, key)
	}
}

func (t *tracer) visit(v ssa.Value, env *ssa.CallCommon, conf confidence) {
	if v == nil || t.seen[v] || len(t.seen) > maxVisits || len(t.out) >= maxOrigins {
		return
	}
	t.seen[v] = true
	switch v := v.(type) {
	case *ssa.ChangeType:
		t.visit(v.X, env, conf)
	case *ssa.Convert:
		t.visit(v.X, env, conf)
	case *ssa.ChangeInterface:
		t.visit(v.X, env, conf)
	case *ssa.MakeInterface:
		if t.dyn == nil { // of several conversions on the way the last one counts
			t.dyn = v.X.Type()
			defer func() { t.dyn = nil }()
		}
		t.visit(v.X, env, conf)
	case *ssa.TypeAssert:
		if !v.CommaOk {
			t.visit(v.X, env, probable)
		}
	case *ssa.Slice:
		t.visit(v.X, env, conf)
	case *ssa.Phi:
		for _, e := range v.Edges {
			t.visit(e, env, conf)
		}
	case *ssa.UnOp:
		switch v.Op {
		case token.MUL:
			t.read(v)
			t.load(v, env, conf)
			return
		case token.ARROW:
			if carriesFunc(v.Type()) {
				t.elements(v, v.X, env)
				return
			}
		}
		t.emit(v, env, conf)
	case *ssa.Field:
		t.read(v)
		t.stored(v, fieldKey(v.X.Type(), v.Field), env, probable)
	case *ssa.Lookup:
		t.elements(v, v.X, env)
	case *ssa.Index:
		t.elements(v, v.X, env)
	case *ssa.FreeVar:
		for _, b := range t.p.bindings(v) {
			t.visit(b, env, conf)
		}
	case *ssa.Extract:
		t.extract(v, env, conf)
	case *ssa.Call:
		t.result(v, v, 0, env, conf)
	default:
		t.emit(v, env, conf)
	}
}

func (t *tracer) emit(v ssa.Value, env *ssa.CallCommon, conf confidence) {
	t.out = append(t.out, origin{v, env, conf, t.dyn})
}

func (t *tracer) extract(v *ssa.Extract, env *ssa.CallCommon, conf confidence) {
	switch tuple := v.Tuple.(type) {
	case *ssa.Call:
		t.result(v, tuple, v.Index, env, conf)
	case *ssa.TypeAssert:
		t.visit(tuple.X, env, probable)
	case *ssa.Lookup:
		t.elements(v, tuple.X, env)
	case *ssa.Select:
		received := 2
		for _, st := range tuple.States {
			if st.Dir != types.RecvOnly {
				continue
			}
			if received == v.Index && carriesFunc(v.Type()) {
				t.elements(v, st.Chan, env)
				return
			}
			received++
		}
		t.emit(v, env, conf)
	case *ssa.Next:
		if rng, ok := tuple.Iter.(*ssa.Range); ok && v.Index == 2 {
			t.elements(v, rng.X, env)
		}
	default:
		t.emit(v, env, conf)
	}
}

// load follows a read from memory to what the package stores there.
func (t *tracer) load(v *ssa.UnOp, env *ssa.CallCommon, conf confidence) {
	switch addr := v.X.(type) {
	case *ssa.IndexAddr:
		t.elements(v, addr.X, env)
		return
	case *ssa.Global:
		if addr.Pkg != t.p.pkg {
			t.emit(v, env, conf) // somebody else's variable: unknown
			return
		}
	}
	key := t.p.location(v.X)
	if key == nil {
		t.emit(v, env, conf)
		return
	}
	if _, local := key.(*ssa.Alloc); !local || len(t.p.stores[key]) > 1 {
		conf = min(conf, probable)
	}
	t.stored(v, key, env, conf)
}

func (t *tracer) stored(v ssa.Value, key any, env *ssa.CallCommon, conf confidence) {
	values := t.p.stores[key]
	if len(values) == 0 {
		t.emit(v, env, conf)
		return
	}
	for _, s := range values {
		t.visit(s, env, conf)
	}
}

// elements follows a read from a container to what was put into it.
func (t *tracer) elements(v, container ssa.Value, env *ssa.CallCommon) {
	inner := &tracer{p: t.p, seen: maps.Clone(t.seen)}
	before := len(t.out)
	inner.visit(container, env, probable)
	for k := range inner.seen {
		t.seen[k] = true
	}
	for _, o := range inner.out {
		if _, ok := o.val.(*ssa.Parameter); ok {
			t.emit(o.val, o.env, probable) // an element of what the caller passed
		}
		for _, s := range t.p.stores[elemKey{o.val}] {
			t.visit(s, env, probable)
		}
	}
	if len(t.out) == before {
		t.emit(v, env, probable) // what others put in
	}
}

// result follows a call to what it returns, when the callee is at hand.
func (t *tracer) result(v ssa.Value, call *ssa.Call, index int, env *ssa.CallCommon, conf confidence) {
	if b, ok := call.Call.Value.(*ssa.Builtin); ok && b.Name() == "append" {
		for _, a := range call.Call.Args {
			t.visit(a, env, conf)
		}
		return
	}
	callee := call.Call.StaticCallee()
	if callee == nil {
		if t.seen[call.Call.Value] && !call.Call.IsInvoke() {
			t.cycle = append(t.cycle, turn{call, index})
		}
		before := len(t.out)
		for _, fn := range t.callees(&call.Call, env) {
			t.returns(fn, call, index, env, min(conf, probable))
		}
		if len(t.out) == before {
			t.emit(v, env, conf)
		}
		return
	}
	fn := t.p.local(callee)
	if fn == nil {
		t.emit(v, env, conf)
		return
	}
	t.returns(fn, call, index, env, conf)
}

// callees returns the functions of this package that a call of a function
// value may call. env is the call of the function that makes it.
func (t *tracer) callees(call, env *ssa.CallCommon) []*ssa.Function {
	if call.IsInvoke() {
		return nil
	}
	inner := &tracer{p: t.p, seen: maps.Clone(t.seen)}
	inner.visit(call.Value, env, probable)
	for _, o := range inner.out {
		param, ok := o.val.(*ssa.Parameter)
		if !ok || env == nil || env.StaticCallee() == nil || t.p.local(env.StaticCallee()) != param.Parent() || paramIndex(param) >= len(env.Args) {
			continue
		}
		arg := env.Args[paramIndex(param)]
		if _, ok := arg.Type().Underlying().(*types.Slice); ok {
			inner.elements(arg, arg, nil)
		} else {
			inner.visit(arg, nil, probable)
		}
	}
	var out []*ssa.Function
	for _, o := range inner.out {
		fn, _ := o.val.(*ssa.Function)
		if mc, ok := o.val.(*ssa.MakeClosure); ok {
			fn, _ = mc.Fn.(*ssa.Function)
		}
		if fn == nil {
			continue
		}
		if l := t.p.local(fn); l != nil && !slices.Contains(out, l) {
			out = append(out, l)
		}
	}
	return out
}

// returns follows a call to what fn returns.
func (t *tracer) returns(fn *ssa.Function, call *ssa.Call, index int, env *ssa.CallCommon, conf confidence) {
	for _, b := range t.p.reached[fn] {
		if len(b.Instrs) == 0 {
			continue
		}
		ret, ok := b.Instrs[len(b.Instrs)-1].(*ssa.Return)
		if !ok || index >= len(ret.Results) {
			continue
		}
		sub := &tracer{p: t.p, seen: t.seen, dyn: t.dyn}
		sub.visit(ret.Results[index], &call.Call, conf)
		t.cycle = append(t.cycle, sub.cycle...)
		for _, o := range sub.out {
			if param, ok := o.val.(*ssa.Parameter); ok && param.Parent() == fn {
				if i := paramIndex(param); i < len(call.Call.Args) {
					t.visit(call.Call.Args[i], env, o.conf)
				}
				continue
			}
			t.out = append(t.out, o)
		}
	}
}

// paramIndex returns the index of a parameter, the receiver being 0.
func paramIndex(p *ssa.Parameter) int {
	for i, q := range p.Parent().Params {
		if p == q {
			return i
		}
	}
	return len(p.Parent().Params)
}
