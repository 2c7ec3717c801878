package analyzer

import (
	"go/token"
	"go/types"
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
	if out, ok := p.traced[v]; ok {
		return out
	}
	t := &tracer{p: p, seen: make(map[ssa.Value]bool)}
	t.visit(v, nil, definite)
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
}

func (t *tracer) read(v ssa.Value) {
	if key := fieldOf(v); key != "" && (t.p.open[key] || token.IsExported(key[strings.LastIndexByte(key, '.')+1:])) && !slices.Contains(t.fields, key) {
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
	t.out = append(t.out, origin{v, env, conf})
}

func (t *tracer) extract(v *ssa.Extract, env *ssa.CallCommon, conf confidence) {
	switch tuple := v.Tuple.(type) {
	case *ssa.Call:
		t.result(v, tuple, v.Index, env, conf)
	case *ssa.TypeAssert:
		t.visit(tuple.X, env, probable)
	case *ssa.Lookup:
		t.elements(v, tuple.X, env)
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
	inner := &tracer{p: t.p, seen: make(map[ssa.Value]bool)}
	for k := range t.seen {
		inner.seen[k] = true
	}
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
		t.emit(v, env, conf)
		return
	}
	fn := t.p.local(callee)
	if fn == nil {
		t.emit(v, env, conf)
		return
	}
	for _, b := range t.p.reached[fn] {
		if len(b.Instrs) == 0 {
			continue
		}
		ret, ok := b.Instrs[len(b.Instrs)-1].(*ssa.Return)
		if !ok || index >= len(ret.Results) {
			continue
		}
		sub := &tracer{p: t.p, seen: t.seen}
		sub.visit(ret.Results[index], &call.Call, conf)
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

// bindings returns what the closures made of v's function capture as v.
func (p *program) bindings(v *ssa.FreeVar) []ssa.Value {
	fn := v.Parent()
	var out []ssa.Value
	for i, fv := range fn.FreeVars {
		if fv != v {
			continue
		}
		for _, mc := range p.closures[fn] {
			out = append(out, mc.Bindings[i])
		}
	}
	return out
}

// elemKey is the location of the elements of a container.
type elemKey struct{ container ssa.Value }

// location names the memory that addr points to: a variable of a function,
// a package variable or a field of a type. It returns nil for anything
// else.
func (p *program) location(addr ssa.Value) any {
	for range 8 { // nesting of function literals
		switch a := addr.(type) {
		case *ssa.Alloc:
			return a
		case *ssa.Global:
			return a
		case *ssa.FieldAddr:
			if k := fieldKey(a.X.Type(), a.Field); k != nil {
				return k
			}
			return nil
		case *ssa.FreeVar:
			b := p.bindings(a)
			if len(b) == 0 {
				return nil
			}
			addr = b[0]
		default:
			return nil
		}
	}
	return nil
}

// fieldKey returns the field of the struct type, or pointer to one, at
// index, as declared.
func fieldKey(t types.Type, index int) any {
	if ptr, ok := t.Underlying().(*types.Pointer); ok {
		t = ptr.Elem()
	}
	if st, ok := t.Underlying().(*types.Struct); ok && index < st.NumFields() {
		return st.Field(index).Origin()
	}
	return nil
}

// collectStores indexes every store in the package by location, every place
// where a function literal is made, and every static call.
func (p *program) collectStores() {
	type pending struct{ container, val ssa.Value }
	var elems, copies []pending
	for _, fn := range p.funcs {
		for _, b := range p.reached[fn] {
			for _, instr := range b.Instrs {
				switch instr := instr.(type) {
				case *ssa.MakeClosure:
					if lit, ok := instr.Fn.(*ssa.Function); ok {
						p.closures[lit] = append(p.closures[lit], instr)
					}
				case ssa.CallInstruction:
					if callee := instr.Common().StaticCallee(); callee != nil {
						if l := p.local(callee); l != nil {
							p.callers[l] = append(p.callers[l], instr)
						}
					}
				}
			}
		}
	}
	for _, fn := range p.funcs {
		for _, b := range p.reached[fn] {
			for _, instr := range b.Instrs {
				switch instr := instr.(type) {
				case *ssa.Store:
					if ix, ok := instr.Addr.(*ssa.IndexAddr); ok {
						elems = append(elems, pending{ix.X, instr.Val})
						continue
					}
					if load, ok := instr.Val.(*ssa.UnOp); ok && load.Op == token.MUL && isArray(load.Type()) {
						copies = append(copies, pending{instr.Addr, load.X}) // an array, as a whole
					}
					p.noteOpen(instr)
					if key := p.location(instr.Addr); key != nil {
						p.stores[key] = append(p.stores[key], instr.Val)
					}
				case *ssa.MapUpdate:
					elems = append(elems, pending{instr.Map, instr.Value})
				case *ssa.Send:
					elems = append(elems, pending{instr.Chan, instr.X})
				case *ssa.Call:
					if b, ok := instr.Call.Value.(*ssa.Builtin); ok && b.Name() == "copy" {
						copies = append(copies, pending{instr.Call.Args[0], instr.Call.Args[1]})
					}
				}
			}
		}
	}
	for _, e := range elems {
		if !carriesFunc(e.val.Type()) {
			continue
		}
		for _, o := range p.trace(e.container) {
			key := elemKey{o.val}
			p.stores[key] = append(p.stores[key], e.val)
		}
	}
	for _, c := range copies {
		for _, from := range p.trace(c.val) {
			for _, to := range p.trace(c.container) {
				if from.val != to.val {
					p.addStores(elemKey{to.val}, p.stores[elemKey{from.val}])
				}
			}
		}
	}
	p.complete = true
}

// addStores adds those of values that are not there yet: arrays that are
// copied to and fro would double each time.
func (p *program) addStores(key any, values []ssa.Value) {
	for _, v := range values {
		if len(p.stores[key]) >= maxOrigins {
			return
		}
		if !slices.Contains(p.stores[key], v) {
			p.stores[key] = append(p.stores[key], v)
		}
	}
}

// noteOpen notes fields that other packages can store a function into: an
// exported field, or one that a parameter is stored into.
func (p *program) noteOpen(st *ssa.Store) {
	fa, ok := st.Addr.(*ssa.FieldAddr)
	if !ok {
		return
	}
	if _, ok := st.Val.Type().Underlying().(*types.Signature); !ok {
		return
	}
	for _, o := range p.trace(st.Val) {
		if _, ok := o.val.(*ssa.Parameter); ok {
			p.open[askField(fa.X.Type(), fa.Field)] = true
		}
	}
}

func isArray(t types.Type) bool {
	_, ok := t.Underlying().(*types.Array)
	return ok
}

// carriesFunc reports whether elements of type t are worth following.
func carriesFunc(t types.Type) bool {
	switch t.Underlying().(type) {
	case *types.Signature, *types.Chan, *types.Interface, *types.Map, *types.Slice, *types.Pointer, *types.Struct:
		return true
	}
	return false
}
