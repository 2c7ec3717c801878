package analyzer

import (
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"
)

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
				case *ssa.FieldAddr:
					p.notePointed(instr)
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

// notePointed notes a channel field whose address is kept, so that it can be
// stored into where nobody sees it.
func (p *program) notePointed(fa *ssa.FieldAddr) {
	field, ok := fieldKey(fa.X.Type(), fa.Field).(*types.Var)
	if _, isChan := deref(fa.Type()).Underlying().(*types.Chan); !ok || !isChan {
		return
	}
	for _, ref := range *fa.Referrers() {
		switch ref := ref.(type) {
		case *ssa.UnOp, *ssa.DebugRef:
		case *ssa.Store:
			if ref.Addr != ssa.Value(fa) {
				p.pointed[field] = true
			}
		default:
			p.pointed[field] = true
		}
	}
}

// noteOpen notes fields and variables that other packages can store a
// function into, because a parameter is stored there.
func (p *program) noteOpen(st *ssa.Store) {
	key := addressOf(st.Addr)
	if key == "" {
		return
	}
	if _, ok := st.Val.Type().Underlying().(*types.Signature); !ok {
		return
	}
	for _, o := range p.trace(st.Val) {
		if _, ok := o.val.(*ssa.Parameter); ok {
			p.open[key] = true
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
