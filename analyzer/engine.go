package analyzer

import (
	"go/token"
	"go/types"
	"maps"
	"slices"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ssa"
)

// An engine computes the summaries of one package.
//
// A summary is a function of the summaries of the callees. The engine
// recomputes them until none changes. Each effect is a shortest path to its
// operation, ties broken by text, and the bounds cut off the farthest
// operations; both are properties of the call graph alone, so the result
// does not depend on the order of the work. Where a recursion gives functions
// on there may be no such result, see maxChanges; the order, which is that of
// the source, decides then, and the answer is still the same each time.
type engine struct {
	pass   *analysis.Pass
	prog   *program
	config *config
	dirs   *directives

	sums     map[*ssa.Function]*summary
	alone    map[*ssa.Function]*summary               // what is told of functions that are given: see solve
	readers  map[*ssa.Function]map[*ssa.Function]bool // who used a summary
	current  *ssa.Function                            // being computed
	blocking map[ssa.Instruction]blocked              // instructions found to block
	parking  map[ssa.Instruction]string               // calls found to park the task, with the callee
	slow     map[any]slowLock                         // locks held over a blocking operation, with that
	held     map[*ssa.Function][]effect               // locks held over a cooperative call
	imported map[*types.Func]*funcFact                // nil for a function without a fact

	budget     int                     // what is left of maxBehind
	names      map[*types.Func]string  // of functions, for readers
	expanding  map[*ssa.Parameter]bool // parameters being traced to their arguments
	describing int                     // how deep in descriptions of functions that are given
	gives      bool                    // there is a function, or a value with methods, that is given and can be told of
	answers    *answerSet              // set while roots are collected

	roots  *rootSet        // set while roots are collected
	ways   map[string]bool // see rootSet
	isRoot map[*ssa.Function]bool
	fixed  map[token.Pos]bool // operations that have a suggested fix
}

func newEngine(pass *analysis.Pass, prog *program, conf *config) *engine {
	return &engine{
		config:    conf,
		pass:      pass,
		prog:      prog,
		dirs:      parseDirectives(pass, conf),
		sums:      make(map[*ssa.Function]*summary),
		readers:   make(map[*ssa.Function]map[*ssa.Function]bool),
		blocking:  make(map[ssa.Instruction]blocked),
		parking:   make(map[ssa.Instruction]string),
		slow:      make(map[any]slowLock),
		held:      make(map[*ssa.Function][]effect),
		imported:  make(map[*types.Func]*funcFact),
		names:     make(map[*types.Func]string),
		expanding: make(map[*ssa.Parameter]bool),
		isRoot:    make(map[*ssa.Function]bool),
		fixed:     make(map[token.Pos]bool),
	}
}

// solve computes all summaries, first without what is known of the functions
// that are given to others. What they do by themselves is told in the second
// pass.
func (e *engine) solve() {
	e.settleLocks()
	if e.gives {
		e.alone = maps.Clone(e.sums)
		e.settleLocks()
	}
}

// settleLocks computes all summaries. Which locks are slow depends on them,
// and they on that; the second round settles it.
func (e *engine) settleLocks() {
	e.fixpoint()
	slow := e.findSlowLocks()
	if e.findHeld() || slow {
		e.fixpoint()
	}
}

// maxChanges is how often a summary may change in the second pass and have
// others follow. In a recursion a question that is given something can be
// another one each time round, and evict others: then there is no fixed point.
const maxChanges = 8

func (e *engine) fixpoint() {
	work := e.bottomUp()
	queued := make(map[*ssa.Function]bool, len(work))
	changes := make(map[*ssa.Function]int)
	for _, fn := range work {
		queued[fn] = true
		if e.sums[fn] == nil {
			e.sums[fn] = new(summary)
		}
	}
	order := make(map[*ssa.Function]int, len(work))
	for i, fn := range work {
		order[fn] = i
	}
	// The bound is far beyond what any package needs; it is there so that a
	// mistake costs findings and not an endless build.
	for steps := 200*len(work) + 1000; len(work) > 0 && steps > 0; steps-- {
		fn := work[0]
		work = work[1:]
		queued[fn] = false
		s := e.compute(fn, maxEffects)
		if s.same(e.sums[fn]) {
			continue
		}
		e.sums[fn] = s
		changes[fn]++
		if e.alone != nil && changes[fn] >= maxChanges {
			continue
		}
		var again []*ssa.Function
		for r := range e.readers[fn] {
			if !queued[r] {
				queued[r] = true
				again = append(again, r)
			}
		}
		slices.SortFunc(again, func(a, b *ssa.Function) int { return order[a] - order[b] })
		work = append(work, again...)
	}
}

// bottomUp orders the functions so that callees tend to come before their
// callers.
func (e *engine) bottomUp() []*ssa.Function {
	var out []*ssa.Function
	seen := make(map[*ssa.Function]bool)
	var visit func(fn *ssa.Function)
	visit = func(fn *ssa.Function) {
		if seen[fn] {
			return
		}
		seen[fn] = true
		for _, b := range e.prog.reached[fn] {
			for _, instr := range b.Instrs {
				if call, ok := instr.(ssa.CallInstruction); ok {
					if callee := call.Common().StaticCallee(); callee != nil {
						if l := e.prog.local(callee); l != nil {
							visit(l)
						}
					}
				}
			}
		}
		for _, anon := range fn.AnonFuncs {
			visit(anon)
		}
		out = append(out, fn)
	}
	for _, fn := range e.prog.funcs {
		visit(fn)
	}
	return out
}

// compute derives the summary of fn from its body and from the summaries of
// what it calls, keeping the n nearest effects.
func (e *engine) compute(fn *ssa.Function, n int) *summary {
	s := new(summary)
	e.current = fn
	defer func() { e.current = nil }()

	obj := funcObject(fn)
	var dir *funcDirective
	if obj != nil && fn.Parent() == nil {
		dir = e.dirs.funcs[obj]
	}
	e.body(fn, s)
	e.spins(fn, s)
	for _, x := range e.held[fn] {
		s.addEffect(x)
	}
	if dir != nil {
		e.applyDirective(fn, dir, s)
	}
	s.trim(n)
	return s
}

// applyDirective lets what the author says override what the body shows.
func (e *engine) applyDirective(fn *ssa.Function, dir *funcDirective, s *summary) {
	if dir.cooperative {
		s.cooperative, s.parks = true, true
		s.effects, s.asks = nil, nil
		s.uses = slices.DeleteFunc(s.uses, func(u paramUse) bool { return u.Mode == modeWait })
		if p := contextParam(fn); p != nil {
			s.addUse(paramUse{slot: p, Mode: modeWait})
		}
	}
	if dir.blocking != "" {
		s.blocking = dir.blocking
		s.effects, s.asks = nil, nil
	}
	for _, u := range dir.params {
		if u.Param >= len(fn.Params) {
			continue
		}
		slot := fn.Params[u.Param]
		s.uses = slices.DeleteFunc(s.uses, func(v paramUse) bool { return v.slot == slot })
		u.slot = slot
		s.addUse(u)
	}
}

// body adds what the instructions of fn do.
func (e *engine) body(fn *ssa.Function, s *summary) {
	for _, b := range e.prog.reached[fn] {
		for _, instr := range b.Instrs {
			switch instr := instr.(type) {
			case *ssa.Call:
				e.call(fn, s, instr, modeCall)
			case *ssa.Defer:
				e.call(fn, s, instr, modeCall)
			case *ssa.Go:
				e.call(fn, s, instr, modeGo)
			case *ssa.MakeClosure:
				e.closureMade(fn, s, instr)
			case *ssa.Store:
				e.kept(fn, s, instr)
			case *ssa.ChangeType:
				e.convertedFunc(fn, s, instr)
			default:
				if cat, conf, name := e.channelOp(instr); cat != "" {
					e.operation(fn, s, instr, e.prog.span(instr.Pos()), cat, conf, name)
				}
			}
		}
	}
}

// operation adds a blocking operation that stands in fn itself.
func (e *engine) operation(fn *ssa.Function, s *summary, instr ssa.Instruction, at span, cat category, conf confidence, name string) {
	if !at.pos.IsValid() || e.dirs.ignored(e.pass.Fset, at.pos, cat) {
		return
	}
	if conf >= probable {
		e.blocks(instr, blocked{name: name, conf: conf})
	}
	s.addEffect(effect{Cat: cat, Conf: conf, Path: []hop{e.hop(fn, at, name)}})
}

// A blocked is an operation that an instruction reaches, by name.
type blocked struct {
	name string
	conf confidence
	at   string // of what a lock is held over: its position
}

// blocks notes what an instruction reaches: the surest operation, and of
// several the one whose name comes first.
func (e *engine) blocks(instr ssa.Instruction, b blocked) {
	if old := e.blocking[instr]; b.conf > old.conf || b.conf == old.conf && b.name < old.name {
		e.blocking[instr] = b
	}
}

func (e *engine) hop(fn *ssa.Function, at span, callee string) hop {
	return hop{Pos: e.prog.position(at.pos), Callee: callee, node: at, in: fn}
}

// closureMade lets the tasks that a function literal would start count for
// the function that makes it, whoever calls the literal and when.
func (e *engine) closureMade(fn *ssa.Function, s *summary, mc *ssa.MakeClosure) {
	lit, ok := mc.Fn.(*ssa.Function)
	if !ok || e.sums[lit] == nil {
		return
	}
	for _, u := range e.summaryOf(lit).uses {
		if (u.Mode == modeTask || u.Mode == modeKeep) && u.slot.Parent() != lit {
			s.addUse(u)
		}
	}
}

// summaryOf returns the summary of a local function as it stands, and notes
// that the function being computed depends on it.
func (e *engine) summaryOf(fn *ssa.Function) *summary {
	if e.describing > 0 {
		if s := e.alone[fn]; s != nil {
			return s
		}
		return new(summary)
	}
	if e.current != nil && e.current != fn {
		m := e.readers[fn]
		if m == nil {
			m = make(map[*ssa.Function]bool)
			e.readers[fn] = m
		}
		m[e.current] = true
	}
	if s := e.sums[fn]; s != nil {
		return s
	}
	return new(summary)
}

// within reports whether fn is outer or a literal nested in it.
func within(fn, outer *ssa.Function) bool {
	for ; fn != nil; fn = fn.Parent() {
		if fn == outer {
			return true
		}
	}
	return false
}
