package analyzer

import (
	"go/constant"
	"go/token"
	"go/types"

	"golang.org/x/tools/go/ssa"
)

// fired reports whether a value is a channel that something else fills at
// once: of a timer that has run out when it is made, or of a context that
// this function has cancelled.
func (e *engine) fired(ch ssa.Value, instr ssa.Instruction) bool {
	if load, ok := ch.(*ssa.UnOp); ok { // the field C of a timer
		fa, ok := load.X.(*ssa.FieldAddr)
		if !ok {
			return false
		}
		ch = fa.X
	}
	call, ok := ch.(*ssa.Call)
	if !ok {
		return false
	}
	if call.Call.IsInvoke() {
		return isContext(call.Call.Value.Type()) && call.Call.Method.Name() == "Done" &&
			(e.cancelled(call.Call.Value, instr) || expired(call.Call.Value))
	}
	if callee := call.Call.StaticCallee(); callee != nil && len(call.Call.Args) == 1 {
		if obj := funcObject(callee); obj != nil {
			switch symbolOf(obj) {
			case "time.After", "time.NewTimer":
				return neverPositive(call.Call.Args[0])
			}
		}
	}
	return false
}

// cancelled reports whether the cancel function that came with ctx always
// runs before instr.
func (e *engine) cancelled(ctx ssa.Value, instr ssa.Instruction) bool {
	made, ok := ctx.(*ssa.Extract)
	if !ok || made.Tuple.Referrers() == nil {
		return false
	}
	for _, ref := range *made.Tuple.Referrers() {
		cancel, ok := ref.(*ssa.Extract)
		if !ok || cancel.Index != 1 || cancel.Referrers() == nil {
			continue
		}
		for _, use := range *cancel.Referrers() {
			if call, ok := use.(*ssa.Call); ok && call.Call.Value == ssa.Value(cancel) && dominates(call, instr) {
				return true
			}
		}
	}
	return false
}

// filledBefore reports whether each way to instr leads by a send into the
// channel or by a close of it.
func (e *engine) filledBefore(mc *ssa.MakeChan, instr ssa.Instruction) bool {
	if instr == nil {
		return false
	}
	filled := make(map[*ssa.BasicBlock]bool)
	for _, b := range e.prog.reached[instr.Parent()] {
		for _, other := range b.Instrs {
			if other == instr {
				break // what follows comes too late, but for a loop
			}
			if e.fills(other, mc) {
				filled[b] = true
			}
		}
	}
	if filled[instr.Block()] {
		return true
	}
	seen := make(map[*ssa.BasicBlock]bool)
	var visit func(b *ssa.BasicBlock) bool
	visit = func(b *ssa.BasicBlock) bool {
		if len(b.Preds) == 0 || b == mc.Block() {
			return false
		}
		for _, p := range b.Preds {
			if filled[p] || seen[p] || !e.isReached(p.Parent(), p) {
				continue
			}
			seen[p] = true
			if !visit(p) {
				return false
			}
		}
		return true
	}
	return len(filled) > 0 && visit(instr.Block())
}

// fills reports whether instr sends into the channel or closes it.
func (e *engine) fills(instr ssa.Instruction, mc *ssa.MakeChan) bool {
	switch instr := instr.(type) {
	case *ssa.Send:
		return e.onlyOrigin(instr.Chan, mc)
	case *ssa.Call:
		b, ok := instr.Call.Value.(*ssa.Builtin)
		return ok && b.Name() == "close" && e.onlyOrigin(instr.Call.Args[0], mc)
	}
	return false
}

func (e *engine) onlyOrigin(v ssa.Value, mc *ssa.MakeChan) bool {
	origins := e.prog.trace(v)
	return len(origins) == 1 && origins[0].val == ssa.Value(mc)
}

// someCaseReady reports whether a select without default has a case that
// can always proceed.
func (e *engine) someCaseReady(sel *ssa.Select) bool {
	for _, st := range sel.States {
		origins := e.prog.trace(st.Chan)
		if len(origins) != 1 {
			continue
		}
		if st.Dir == types.RecvOnly && e.fired(origins[0].val, sel) {
			return true
		}
		mc, ok := origins[0].val.(*ssa.MakeChan)
		if !ok || mc.Parent() != sel.Parent() {
			continue
		}
		if st.Dir == types.RecvOnly && e.filledBefore(mc, sel) || st.Dir == types.SendOnly && e.onlyUse(mc, sel) {
			return true
		}
	}
	return false
}

// onlyUse reports whether a channel has a buffer that nothing but this
// select puts anything into.
func (e *engine) onlyUse(mc *ssa.MakeChan, sel *ssa.Select) bool {
	size, ok := constant.Int64Val(constantOf(mc.Size))
	if !ok || size < 1 || mc.Referrers() == nil || inLoopOf(sel.Block(), mc.Block()) {
		return false
	}
	for _, ref := range *mc.Referrers() {
		switch ref := ref.(type) {
		case *ssa.Select:
			if ref != sel {
				return false
			}
		case *ssa.DebugRef:
		default:
			return false
		}
	}
	return true
}

// inLoopOf reports whether b runs again and again after a block that runs
// once.
func inLoopOf(b, once *ssa.BasicBlock) bool {
	for head := b; head != nil && head != once; head = head.Idom() {
		if inLoop(head, b) {
			return true
		}
	}
	return false
}

// expired reports whether a context is made with a deadline that has
// passed.
func expired(ctx ssa.Value) bool {
	made := callOf(ctx)
	if made == nil || made.Call.StaticCallee() == nil || len(made.Call.Args) < 2 {
		return false
	}
	obj := funcObject(made.Call.StaticCallee())
	if obj == nil {
		return false
	}
	switch symbolOf(obj) {
	case "context.WithTimeout", "context.WithTimeoutCause":
		return neverPositive(made.Call.Args[1])
	case "context.WithDeadline", "context.WithDeadlineCause":
		return past(made.Call.Args[1])
	}
	return false
}

// past reports whether a time is zero, now or before that.
func past(v ssa.Value) bool {
	switch v := v.(type) {
	case *ssa.Const:
		return v.Value == nil
	case *ssa.Call:
		if callee := v.Call.StaticCallee(); callee != nil && funcObject(callee) != nil {
			switch symbolOf(funcObject(callee)) {
			case "time.Now":
				return true
			case "time.Time.Add":
				return past(v.Call.Args[0]) && neverPositive(v.Call.Args[1])
			}
		}
	}
	return false
}

// neverMade reports whether a channel is read from a field of this package
// that nothing is ever stored into, behind a test that it is not nil.
func (e *engine) neverMade(ch ssa.Value, instr ssa.Instruction) bool {
	load, ok := ch.(*ssa.UnOp)
	if !ok || load.Op != token.MUL {
		return false
	}
	fa, ok := load.X.(*ssa.FieldAddr)
	if !ok {
		return false
	}
	key := fieldKey(fa.X.Type(), fa.Field)
	field, ok := key.(*types.Var)
	if !ok || field.Exported() || field.Pkg() != e.pass.Pkg || len(e.prog.stores[key]) > 0 || e.prog.pointed[field] {
		return false
	}
	return guarded(instr, func(branch ssa.Value, taken bool) bool {
		cond, ok := branch.(*ssa.BinOp)
		if !ok {
			return false
		}
		c, ok := cond.Y.(*ssa.Const)
		return ok && c.IsNil() && cond.Op == map[bool]token.Token{true: token.NEQ, false: token.EQL}[taken] && e.sameMemory(cond.X, ch)
	})
}

// counted reports whether a receive stands behind a test that there is
// something in the channel. Somebody else may still be faster.
func (e *engine) counted(ch ssa.Value, instr ssa.Instruction) bool {
	return guarded(instr, func(branch ssa.Value, taken bool) bool {
		cond, ok := branch.(*ssa.BinOp)
		if !ok {
			return false
		}
		call, ok := cond.X.(*ssa.Call)
		if !ok || !taken || cond.Op != token.GTR && cond.Op != token.NEQ && cond.Op != token.GEQ {
			return false
		}
		b, ok := call.Call.Value.(*ssa.Builtin)
		return ok && b.Name() == "len" && e.sameMemory(call.Call.Args[0], ch)
	})
}

// stopped reports whether a receive takes the value of a timer that it was
// too late to stop.
func (e *engine) stopped(ch ssa.Value, instr ssa.Instruction) bool {
	load, ok := ch.(*ssa.UnOp)
	if !ok {
		return false
	}
	field, ok := load.X.(*ssa.FieldAddr)
	if !ok {
		return false
	}
	return guarded(instr, func(cond ssa.Value, taken bool) bool {
		call, ok := cond.(*ssa.Call)
		if !ok || taken || call.Call.StaticCallee() == nil {
			return false
		}
		obj := funcObject(call.Call.StaticCallee())
		return obj != nil && symbolOf(obj) == "time.Timer.Stop" && e.sameMemory(call.Call.Args[0], field.X)
	})
}

// isPermit reports whether a receive gives back a permit of a semaphore made
// of a channel: nobody wants what is received, and the buffer, into which the
// permit was put, has room for several.
func (e *engine) isPermit(recv *ssa.UnOp) bool {
	ch, ok := recv.X.Type().Underlying().(*types.Chan)
	if !ok || recv.CommaOk {
		return false
	}
	if st, ok := ch.Elem().Underlying().(*types.Struct); !ok || st.NumFields() > 0 {
		return false
	}
	origins := e.prog.trace(recv.X)
	for _, o := range origins {
		mc, ok := o.val.(*ssa.MakeChan)
		if !ok {
			return false
		}
		if size, ok := constant.Int64Val(constantOf(mc.Size)); ok && size < 2 {
			return false
		}
	}
	return len(origins) > 0
}

// guarded reports whether instr runs only where a condition for which is
// reports true has turned out as it is told.
func guarded(instr ssa.Instruction, is func(cond ssa.Value, taken bool) bool) bool {
	for b := instr.Block(); b != nil; b = b.Idom() {
		above := b.Idom()
		if above == nil || len(b.Preds) != 1 || b.Preds[0] != above {
			continue
		}
		branch, ok := above.Instrs[len(above.Instrs)-1].(*ssa.If)
		if !ok {
			continue
		}
		cond, taken := branch.Cond, above.Succs[0] == b
		if not, ok := cond.(*ssa.UnOp); ok && not.Op == token.NOT {
			cond, taken = not.X, !taken
		}
		if is(cond, taken) {
			return true
		}
	}
	return false
}

// sameMemory reports whether two values are one, or were read from one
// variable or field.
func (e *engine) sameMemory(a, b ssa.Value) bool {
	if a == b {
		return true
	}
	x, ok := a.(*ssa.UnOp)
	if !ok || x.Op != token.MUL {
		return false
	}
	y, ok := b.(*ssa.UnOp)
	if !ok || y.Op != token.MUL {
		return false
	}
	key := e.prog.location(x.X)
	return key != nil && key == e.prog.location(y.X)
}
