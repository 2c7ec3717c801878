package analyzer

import (
	"go/ast"
	"go/token"

	"golang.org/x/tools/go/ssa"
)

// spins adds the loops of fn that nothing leaves and in which nothing waits:
// the loop that runs fn never gets its turn again.
func (e *engine) spins(fn *ssa.Function, s *summary) {
	for _, b := range e.prog.reached[fn] {
		for _, succ := range b.Succs {
			if !succ.Dominates(b) {
				continue
			}
			body := loopBody(succ, b)
			if !e.endless(fn, body) {
				continue
			}
			at := e.prog.span(loopPos(succ, body))
			if at.pos.IsValid() && !e.dirs.ignored(e.pass.Fset, at.pos, catSpin) {
				s.addEffect(effect{Cat: catSpin, Conf: definite, Path: []hop{e.hop(fn, at, "loop without end")}})
			}
		}
	}
}

// loopBody returns the blocks of the loop with that head and back edge.
func loopBody(head, back *ssa.BasicBlock) map[*ssa.BasicBlock]bool {
	body := map[*ssa.BasicBlock]bool{head: true}
	work := []*ssa.BasicBlock{back}
	for len(work) > 0 {
		b := work[len(work)-1]
		work = work[:len(work)-1]
		if !body[b] {
			body[b] = true
			work = append(work, b.Preds...)
		}
	}
	return body
}

// endless reports whether nothing leaves the loop, and nothing in it waits
// or could. A call of something unknown might do either.
func (e *engine) endless(fn *ssa.Function, body map[*ssa.BasicBlock]bool) bool {
	for b := range body {
		for _, s := range b.Succs {
			if !body[s] && e.isReached(fn, s) {
				return false
			}
		}
		for _, instr := range b.Instrs {
			switch instr := instr.(type) {
			case *ssa.Return, *ssa.Panic, *ssa.Send, *ssa.Go, *ssa.Defer, *ssa.TypeAssert:
				return false
			case *ssa.UnOp:
				if e.blocking[instr].conf > 0 {
					return false
				}
			case *ssa.Select:
				if instr.Blocking {
					return false
				}
			case *ssa.Call:
				if !e.harmless(instr) {
					return false
				}
			}
		}
	}
	return true
}

func (e *engine) isReached(fn *ssa.Function, b *ssa.BasicBlock) bool {
	for _, r := range e.prog.reached[fn] {
		if r == b {
			return true
		}
	}
	return false
}

// harmless reports whether a call surely neither waits nor leaves the
// program, so that a loop of such calls never ends.
func (e *engine) harmless(call *ssa.Call) bool {
	if _, ok := call.Call.Value.(*ssa.Builtin); ok {
		return true
	}
	callee := call.Call.StaticCallee()
	if callee == nil || e.blocking[call].conf > 0 || e.parking[call] != "" {
		return false
	}
	if obj := funcObject(callee); obj != nil && isStdPackage(obj.Pkg()) {
		switch obj.Pkg().Path() {
		case "sync/atomic", "runtime", "time", "strings", "strconv", "fmt", "math", "sync":
			return stdTable().lookup(obj) == nil || obj.Name() == "Lock" || obj.Name() == "RLock"
		}
		return false
	}
	fn := e.prog.local(callee)
	if fn == nil {
		return false
	}
	s := e.summaryOf(fn)
	return !s.parks && s.blocking == "" && len(s.effects)+len(s.asks)+len(s.uses) == 0 && e.straight(fn)
}

// straight reports whether fn calls nothing but harmless functions of the
// standard library and always returns.
func (e *engine) straight(fn *ssa.Function) bool {
	for _, b := range e.prog.reached[fn] {
		for _, instr := range b.Instrs {
			switch instr := instr.(type) {
			case *ssa.Panic, *ssa.Go, *ssa.Defer, *ssa.Send, *ssa.Select:
				return false
			case *ssa.Call:
				if _, ok := instr.Call.Value.(*ssa.Builtin); ok {
					continue
				}
				callee := instr.Call.StaticCallee()
				if callee == nil {
					return false
				}
				if obj := funcObject(callee); obj == nil || !isStdPackage(obj.Pkg()) || stdTable().noReturn(obj) {
					return false
				}
			}
		}
	}
	return true
}

// loopPos returns the position of the for statement that the loop is, or of
// its first instruction when it is made with goto.
func loopPos(head *ssa.BasicBlock, body map[*ssa.BasicBlock]bool) token.Pos {
	var first, last token.Pos
	for _, b := range head.Parent().Blocks {
		if !body[b] {
			continue
		}
		for _, instr := range b.Instrs {
			if _, ok := instr.(*ssa.Phi); ok {
				continue // stands where the variable is declared
			}
			if p := instr.Pos(); p.IsValid() {
				last = max(last, p)
				if first == 0 || p < first {
					first = p
				}
			}
		}
	}
	pos := first
	ast.Inspect(syntaxOf(head.Parent()), func(n ast.Node) bool {
		loop, ok := n.(*ast.ForStmt)
		if !ok {
			return true
		}
		if loop.Pos() <= first && last < loop.End() || first == 0 && len(loop.Body.List) == 0 {
			pos = loop.Pos()
		}
		return true
	})
	if pos == 0 {
		pos = head.Parent().Pos()
	}
	return pos
}

// syntaxOf returns the source of fn, which may be empty.
func syntaxOf(fn *ssa.Function) ast.Node {
	if n := fn.Syntax(); n != nil {
		return n
	}
	return new(ast.BlockStmt)
}
