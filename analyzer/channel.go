package analyzer

import (
	"go/constant"
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"
)

// channelOp says how an instruction on channels blocks, with an empty
// category for one that does not.
func (e *engine) channelOp(instr ssa.Instruction) (category, confidence, string) {
	switch instr := instr.(type) {
	case *ssa.UnOp:
		if instr.Op == token.ARROW && !e.receiveReady(instr) {
			return catChan, definite, e.receiveName(instr)
		}
	case *ssa.Send:
		if conf := e.sendBlocks(instr); conf != 0 {
			return catChan, conf, "channel send"
		}
	case *ssa.Select:
		if instr.Blocking && !e.someCaseReady(instr) {
			return catSelect, definite, "select"
		}
	}
	return "", 0, ""
}

func (e *engine) receiveName(recv *ssa.UnOp) string {
	if call, ok := recv.X.(*ssa.Call); ok {
		if callee := call.Call.StaticCallee(); callee != nil {
			if obj := funcObject(callee); obj != nil && symbolOf(obj) == "time.After" {
				return "receive from time.After"
			}
		}
	}
	return "channel receive"
}

// sendBlocks says how sure it is that a send waits; 0 is not at all.
//
// A channel without a buffer makes a sender wait. With a buffer it depends
// on how full that is, which is plain only for a channel made in this very
// function: it has room for as many sends as it was made for. A channel of
// unknown origin may have any buffer: that it waits is only possible.
func (e *engine) sendBlocks(send *ssa.Send) confidence {
	origins := e.prog.trace(send.Chan)
	conf := definite
	known := 0
	for _, o := range origins {
		mc, ok := o.val.(*ssa.MakeChan)
		if !ok {
			return possible
		}
		size, ok := constant.Int64Val(constantOf(mc.Size))
		if !ok {
			return possible
		}
		if size > 0 && !e.overflows(mc, send, size) {
			if mc.Parent() == send.Parent() {
				return 0
			}
			return possible
		}
		conf = min(conf, o.conf)
		known++
	}
	if known == 0 {
		return 0
	}
	return conf
}

// constantOf returns the value of a constant operand, or an unknown value.
func constantOf(v ssa.Value) constant.Value {
	if c, ok := v.(*ssa.Const); ok && c.Value != nil && c.Value.Kind() == constant.Int {
		return c.Value
	}
	return constant.MakeUnknown()
}

// overflows reports whether more than size sends have surely been made into
// a channel made in this function when send runs, with nobody else at the
// channel in between.
func (e *engine) overflows(mc *ssa.MakeChan, send *ssa.Send, size int64) bool {
	if mc.Parent() != send.Parent() {
		return false
	}
	before := e.times(send, mc)
	refs := mc.Referrers()
	if refs == nil {
		return false
	}
	for _, ref := range *refs {
		switch ref := ref.(type) {
		case *ssa.Send:
			if ref != send && ref.Chan == ssa.Value(mc) && dominates(ref, send) {
				before++
			}
		case *ssa.DebugRef:
		default:
			return false // received from, captured, stored or passed on
		}
	}
	return before > size
}

// receiveReady reports whether something was surely put into the channel,
// or it was closed, by the function that receives from it.
func (e *engine) receiveReady(recv *ssa.UnOp) bool {
	for _, o := range e.prog.trace(recv.X) {
		if e.fired(o.val, recv) {
			continue
		}
		mc, ok := o.val.(*ssa.MakeChan)
		if !ok || mc.Parent() != recv.Parent() || !e.filledBefore(mc, recv) {
			return false
		}
	}
	return true
}

// times returns how often a send runs at least, once it runs at all, in a
// loop with constant bounds that the channel is made outside of.
func (e *engine) times(send *ssa.Send, mc *ssa.MakeChan) int64 {
	b := send.Block()
	for head := b; head != nil && head != mc.Block(); head = head.Idom() {
		if !inLoop(head, b) || !everyTurn(head, b) {
			continue
		}
		if !slices.Contains(head.Preds, head) {
			if n, ok := turns(head, head, 1); ok {
				return n
			}
		}
		for _, latch := range head.Preds { // the test at the end, as in a range over an integer
			if head.Dominates(latch) {
				if n, ok := turns(head, latch, 0); ok {
					return n
				}
			}
		}
	}
	return 1
}

// turns returns how often a loop runs whose test stands in block test. shift
// is what a counter that is incremented before the test counts too much.
func turns(head, test *ssa.BasicBlock, shift int64) (int64, bool) {
	branch, ok := test.Instrs[len(test.Instrs)-1].(*ssa.If)
	if !ok {
		return 0, false
	}
	cond, ok := branch.Cond.(*ssa.BinOp)
	if !ok || cond.Op != token.LSS {
		return 0, false
	}
	limit, ok := constant.Int64Val(constantOf(cond.Y))
	if !ok {
		return 0, false
	}
	counter := cond.X
	if add, ok := counter.(*ssa.BinOp); ok && add.Op == token.ADD {
		counter = add.X
	} else {
		shift = 0
	}
	phi, ok := counter.(*ssa.Phi)
	if !ok || phi.Block() != head {
		return 0, false
	}
	for _, edge := range phi.Edges {
		if start, ok := constant.Int64Val(constantOf(edge)); ok {
			return max(1, limit-start-shift), true
		}
	}
	return 0, false
}

// inLoop reports whether b lies on a way from head back to head.
func inLoop(head, b *ssa.BasicBlock) bool {
	for _, p := range head.Preds {
		if head.Dominates(p) && loopBody(head, p)[b] {
			return true
		}
	}
	return false
}

// everyTurn reports whether b runs in each turn of the loop with that head.
func everyTurn(head, b *ssa.BasicBlock) bool {
	for _, p := range head.Preds {
		if head.Dominates(p) && !b.Dominates(p) {
			return false
		}
	}
	return true
}

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
		return isContext(call.Call.Value.Type()) && call.Call.Method.Name() == "Done" && e.cancelled(call.Call.Value, instr)
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

// filledBefore reports whether a send into or a close of the channel always
// runs before instr.
func (e *engine) filledBefore(mc *ssa.MakeChan, instr ssa.Instruction) bool {
	for _, b := range e.prog.reached[instr.Parent()] {
		for _, other := range b.Instrs {
			switch other := other.(type) {
			case *ssa.Send:
				if e.onlyOrigin(other.Chan, mc) && dominates(other, instr) {
					return true
				}
			case *ssa.Call:
				b, ok := other.Call.Value.(*ssa.Builtin)
				if ok && b.Name() == "close" && e.onlyOrigin(other.Call.Args[0], mc) && dominates(other, instr) {
					return true
				}
			}
		}
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
		mc, ok := origins[0].val.(*ssa.MakeChan)
		if !ok || mc.Parent() != sel.Parent() {
			continue
		}
		if st.Dir == types.RecvOnly && e.filledBefore(mc, sel) {
			return true
		}
	}
	return false
}

// dominates reports whether a runs before b on every way to b.
func dominates(a, b ssa.Instruction) bool {
	if a.Block() != b.Block() {
		return a.Block().Dominates(b.Block())
	}
	for _, instr := range a.Block().Instrs {
		switch instr {
		case a:
			return true
		case b:
			return false
		}
	}
	return false
}

// neverPositive reports whether v is a constant that is zero or less.
func neverPositive(v ssa.Value) bool {
	c, ok := v.(*ssa.Const)
	return ok && c.Value != nil && constant.Sign(c.Value) <= 0
}
