package analyzer

import (
	"go/constant"
	"go/token"
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/ssa"
)

// knownOf returns what a profile or the table says about fn, or nil.
func (e *engine) knownOf(fn *types.Func) *known {
	if k := e.config.known.lookup(fn); k != nil {
		return k
	}
	if k := profileKnown(fn); k != nil {
		return k
	}
	if k := besideKnown(e.pass.Pkg, fn); k != nil {
		return k
	}
	if fn.Pkg() == e.pass.Pkg {
		return stdTable().lookup(fn) // what a client does itself is inferred
	}
	return tableOf(fn)
}

// knownOn returns what the table says about a method of that variable or of
// the type that embeds the receiver, or nil.
func knownOn(fn *types.Func, args []ssa.Value) *known {
	if fn.Signature().Recv() == nil || len(args) == 0 || args[0] == nil || !isStdPackage(fn.Pkg()) {
		return nil
	}
	symbol := variableSymbol(args[0])
	if addr, ok := args[0].(*ssa.FieldAddr); ok {
		if named, ok := types.Unalias(deref(addr.X.Type())).(*types.Named); ok && named.Obj().Pkg() == fn.Pkg() {
			symbol = fn.Pkg().Path() + "." + named.Obj().Name()
		}
	}
	return stdTable()[symbol+"."+fn.Name()]
}

// applyKnown adds what a function does that a table describes. The path
// ends with the call of it.
func (e *engine) applyKnown(fn *ssa.Function, s *summary, t target, k *known, args []ssa.Value, f fate, path []hop, where site, depth int) {
	cat, conf := k.cat, min(k.conf, t.conf)
	at := "" // what a lock is held over
	if k.mutex && t.obj != nil && len(args) > 0 && len(path) > 0 {
		if over := e.slow[e.lockKey(args[0])].over(t.obj.Name()); over.conf > 0 {
			// Whether anybody holds it just then is a guess.
			cat, conf, at = catLock, min(max(over.conf-1, possible), t.conf), over.at
			path = slices.Clone(path)
			path[len(path)-1].Callee += " (held over " + over.name + ")"
		}
	}
	if cat == catSleep && len(args) == 1 && neverPositive(args[0]) || t.obj != nil && refusesToWait(t.obj, args) {
		cat = ""
	}
	if t.obj != nil && e.ownTransport(t.obj) {
		conf = possible
	}
	if len(path) == 0 {
		// fn only returns it: whoever calls that stands nowhere in fn.
		if t.obj == nil {
			return
		}
		path = []hop{{Pos: e.prog.position(fn.Pos()), Callee: e.nameOf(t.obj), in: fn}}
	}
	if cat != "" {
		// The table speaks of the call itself, so the path to it is the way.
		last := len(path) - 1
		e.addEffects(fn, s, []effect{{Cat: cat, Conf: conf, Over: at, Path: path[last:]}}, conf, f, path[:last:last], where)
	}
	e.addParking(s, k.parks, f, path, where)
	e.applyUses(fn, s, t, args, k.uses, f, path, where, depth)
}

// neverPositive reports whether v is a constant that is zero or less.
func neverPositive(v ssa.Value) bool {
	c, ok := v.(*ssa.Const)
	return ok && c.Value != nil && constant.Sign(c.Value) <= 0
}

// refusesToWait reports whether a call of fn has the flag by which the kernel
// returns an error where it would wait.
func refusesToWait(fn *types.Func, args []ssa.Value) bool {
	switch symbolOf(fn) {
	case "syscall.Flock", "golang.org/x/sys/unix.Flock":
	default:
		return false
	}
	const lockNB = 4 // on every system that has it
	if len(args) != 2 {
		return false
	}
	var has func(how ssa.Value) bool
	has = func(how ssa.Value) bool {
		if or, ok := how.(*ssa.BinOp); ok && or.Op == token.OR {
			return has(or.X) || has(or.Y)
		}
		n, ok := constant.Int64Val(constantOf(how))
		return ok && n&lockNB != 0
	}
	return has(args[1])
}

// ownTransport reports whether fn is a method of an HTTP client, and the
// clients that this package makes have transports of its own: they may ask a
// server or, as in tests, nobody.
func (e *engine) ownTransport(fn *types.Func) bool {
	recv := fn.Signature().Recv()
	if recv == nil || fn.Pkg() == nil || fn.Pkg().Path() != "net/http" {
		return false
	}
	named, ok := types.Unalias(deref(recv.Type())).(*types.Named)
	if !ok || named.Obj().Name() != "Client" {
		return false
	}
	field, _, _ := types.LookupFieldOrMethod(named, true, fn.Pkg(), "Transport")
	for _, v := range e.prog.stores[field] {
		for _, o := range e.prog.trace(v) {
			if o.dyn != nil && strings.HasPrefix(types.TypeString(deref(o.dyn), nil), e.pass.Pkg.Path()+".") {
				return true
			}
		}
	}
	return false
}
