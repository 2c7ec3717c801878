package analyzer

import (
	"go/constant"
	"go/token"
	"slices"

	"golang.org/x/tools/go/ssa"
)

// channelOp says how an instruction on channels blocks, with an empty
// category for one that does not.
func (e *engine) channelOp(instr ssa.Instruction) (category, confidence, string) {
	switch instr := instr.(type) {
	case *ssa.UnOp:
		if instr.Op == token.ARROW && !e.receiveReady(instr) && !e.neverMade(instr.X, instr) {
			if e.counted(instr.X, instr) || e.stopped(instr.X, instr) || e.isPermit(instr) {
				return catChan, possible, e.receiveName(instr)
			}
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
	known, missing := 0, 0
	if e.neverMade(send.Chan, send) {
		return 0
	}
	for _, o := range origins {
		if c, ok := o.val.(*ssa.Const); ok && c.IsNil() {
			missing++ // nobody ever receives from no channel
			continue
		}
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
	if known == 0 && missing == 0 {
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
		if !ok || !e.filledBefore(mc, e.within(recv, mc.Parent())) {
			return false
		}
	}
	return true
}

// within returns instr or, when it stands in a literal, the place in fn where
// that is made, and nil if there is none or more than one.
func (e *engine) within(instr ssa.Instruction, fn *ssa.Function) ssa.Instruction {
	for instr.Parent() != fn {
		made := e.prog.closures[instr.Parent()]
		if len(made) != 1 {
			return nil
		}
		instr = made[0]
	}
	return instr
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
