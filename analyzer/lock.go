package analyzer

import (
	"go/types"

	"golang.org/x/tools/go/ssa"
)

// pointee is the location behind a pointer that is kept at key.
type pointee struct{ key any }

// lockKey names the lock that v points to, or returns nil.
func (e *engine) lockKey(v ssa.Value) any {
	if v == nil {
		return nil
	}
	if key := e.prog.location(v); key != nil {
		return key
	}
	if load, ok := v.(*ssa.UnOp); ok {
		if key := e.prog.location(load.X); key != nil {
			return pointee{key}
		}
	}
	return nil
}

// A slowLock says over what a lock is held, by anybody and by those who do
// not share it.
type slowLock struct{ any, alone blocked }

// over returns what a call of the method of the lock waits for. Readers do
// not wait for a reader, unless a writer came in between, which is a guess.
func (l slowLock) over(method string) blocked {
	if method != "RLock" {
		return l.any
	}
	if l.alone.conf == 0 {
		return blocked{l.any.name, min(l.any.conf, possible), l.any.at}
	}
	return l.alone
}

// findSlowLocks finds the locks that are held over a blocking operation:
// whoever takes one of them waits for that operation too. It reports whether
// there are any.
func (e *engine) findSlowLocks() bool {
	for _, fn := range e.prog.funcs {
		for _, b := range e.prog.reached[fn] {
			for i, instr := range b.Instrs {
				call, ok := instr.(*ssa.Call)
				if !ok || !isLock(call.Common()) {
					continue
				}
				key := e.lockKey(call.Call.Args[0])
				if key == nil {
					continue
				}
				lock := e.slow[key]
				known := &lock.any
				if alone := syncMethod(call.Common()) == "Lock"; alone {
					known = &lock.alone
				}
				for conf := definite; conf > known.conf && conf > possible; conf-- {
					if over := e.heldOver(key, b, i+1, func(instr ssa.Instruction) bool { return e.blocking[instr].conf >= conf }); over != nil {
						*known = blocked{e.blocking[over].name + " in " + e.prog.localName(fn), conf, e.prog.position(e.siteOf(over).pos)}
						if known.conf > lock.any.conf {
							lock.any = *known
						}
						e.slow[key] = lock
					}
				}
			}
		}
	}
	return len(e.slow) > 0
}

// siteOf returns the source of an instruction.
func (e *engine) siteOf(instr ssa.Instruction) span {
	if call, ok := instr.(ssa.CallInstruction); ok {
		return e.callSpan(call)
	}
	return e.prog.span(instr.Pos())
}

// findHeld finds the locks that are held over a cooperative call: the task
// parks, another task of the hub takes the lock, and the hub stops, with the
// task that would release it on board. It reports whether there are any.
func (e *engine) findHeld() bool {
	if len(e.parking) == 0 {
		return false
	}
	found := false
	for _, fn := range e.prog.funcs {
		seen := make(map[ssa.Instruction]bool)
		for _, b := range e.prog.reached[fn] {
			for i, instr := range b.Instrs {
				call, ok := instr.(*ssa.Call)
				if !ok {
					continue
				}
				from, next := b, i+1
				if taken := lockTaken(call); taken != nil {
					from, next = taken, 0
				} else if !isLock(call.Common()) {
					continue
				}
				key := e.lockKey(call.Call.Args[0])
				if key == nil {
					continue
				}
				over := e.heldOver(key, from, next, func(instr ssa.Instruction) bool { return e.parking[instr] != "" })
				if over == nil || seen[over] {
					continue
				}
				seen[over] = true
				at := e.callSpan(over.(ssa.CallInstruction))
				if e.dirs.ignored(e.pass.Fset, at.pos, catHeld) {
					continue
				}
				name := e.parking[over] + " with a " + lockName(call.Common()) + " held"
				e.held[fn] = append(e.held[fn], effect{Cat: catHeld, Conf: definite, Path: []hop{e.hop(fn, at, name)}})
				found = true
			}
		}
	}
	return found
}

// lockTaken returns the block that follows where a TryLock has succeeded, or
// nil.
func lockTaken(call *ssa.Call) *ssa.BasicBlock {
	if name := syncMethod(call.Common()); name != "TryLock" && name != "TryRLock" {
		return nil
	}
	b := call.Block()
	branch, ok := b.Instrs[len(b.Instrs)-1].(*ssa.If)
	if !ok || branch.Cond != ssa.Value(call) {
		return nil
	}
	return b.Succs[0]
}

func lockName(c *ssa.CallCommon) string {
	recv := funcObject(c.StaticCallee()).Signature().Recv().Type()
	return types.TypeString(deref(recv), (*types.Package).Name)
}

// heldOver returns the first instruction for which is reports true that
// follows, from instruction i of block b on, before the lock is released, or
// nil. A deferred release comes at the end of the function.
func (e *engine) heldOver(key any, b *ssa.BasicBlock, i int, is func(ssa.Instruction) bool) ssa.Instruction {
	seen := make(map[*ssa.BasicBlock]bool)
	var visit func(b *ssa.BasicBlock, i int) ssa.Instruction
	visit = func(b *ssa.BasicBlock, i int) ssa.Instruction {
		for _, instr := range b.Instrs[i:] {
			if call, ok := instr.(*ssa.Call); ok {
				if name := syncMethod(call.Common()); name == "Unlock" || name == "RUnlock" {
					if e.lockKey(call.Call.Args[0]) == key {
						return nil
					}
				}
				if name := syncMethod(call.Common()); name == "Wait" {
					continue // sync.Cond.Wait gives the lock up meanwhile
				}
				if e.mayUnlock(call.Common(), key) {
					return nil
				}
			}
			if _, deferred := instr.(*ssa.Defer); !deferred && is(instr) {
				return instr
			}
		}
		for _, s := range b.Succs {
			if !seen[s] {
				seen[s] = true
				if found := visit(s, 0); found != nil {
					return found
				}
			}
		}
		return nil
	}
	return visit(b, i)
}

// mayUnlock reports whether a call may release the lock: it is given the lock
// itself, or is of a function that releases it.
func (e *engine) mayUnlock(c *ssa.CallCommon, key any) bool {
	for _, arg := range c.Args {
		if mi, ok := arg.(*ssa.MakeInterface); ok { // a sync.Locker
			arg = mi.X
		}
		if e.lockKey(arg) == key {
			return true
		}
	}
	callee := c.StaticCallee()
	if callee == nil {
		return false
	}
	fn := e.prog.local(callee)
	if fn == nil {
		return false
	}
	for _, b := range e.prog.reached[fn] {
		for _, instr := range b.Instrs {
			if call, ok := instr.(ssa.CallInstruction); ok {
				if name := syncMethod(call.Common()); (name == "Unlock" || name == "RUnlock") && e.lockKey(call.Common().Args[0]) == key {
					return true
				}
			}
		}
	}
	return false
}

func isLock(c *ssa.CallCommon) bool {
	if len(c.Args) == 0 {
		return false
	}
	callee := c.StaticCallee()
	if callee == nil {
		return false
	}
	obj := funcObject(callee)
	if obj == nil {
		return false
	}
	k := stdTable().lookup(obj)
	return k != nil && k.mutex
}

// syncMethod returns the name of the method of a lock or condition variable
// of package sync that c calls, or "".
func syncMethod(c *ssa.CallCommon) string {
	callee := c.StaticCallee()
	if callee == nil {
		return ""
	}
	obj := funcObject(callee)
	if obj == nil || obj.Pkg() == nil || obj.Pkg().Path() != "sync" || obj.Signature().Recv() == nil {
		return ""
	}
	recv := obj.Signature().Recv().Type()
	if ptr, ok := recv.(*types.Pointer); ok {
		recv = ptr.Elem()
	}
	if named, ok := recv.(*types.Named); ok && named.Obj().Name() == "WaitGroup" {
		return "" // waits, and holds whatever it holds
	}
	return obj.Name()
}
