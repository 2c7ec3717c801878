package analyzer

import (
	"fmt"
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"
)

// Bounds on what a package passes on about open questions.
const (
	maxQuestions = 300
	maxAnswers   = 1500
	maxTold      = 3 // effects of one answer, and questions that it asks
	maxChain     = 4 // answers that ask in their turn; what more than two lead to is only possible
	maxLikely    = 6 // answers to one question; when more block, each is only possible
)

// A question is an open question that a root reaches.
type question struct {
	Key   string
	Root  string // its name
	At    string // where it is declared, in the form of hop.Pos
	Start string // where it became a root, likewise
	By    string
	Loop  loop
	Path  []hop // ends with the call that is asked about
	Not   []category
	Given arguments // what it is called with
	own   effect    // in the package that has the root: with its nodes
	root  *root
	Chain int // answers on the way that asked in their turn
}

func (q *question) id() string {
	return q.Key + " " + q.Start + " " + q.At + " " + q.Path[0].Pos + q.Given.key()
}

// An answer is a function that a conversion or a store puts behind a key.
type answer struct {
	Key      string
	Func     string // the function: its symbol, or where it stands
	Name     string // its name
	Pos      string // of the conversion
	Blocking category
	Conf     confidence // of Blocking
	Effects  []effect
	Asks     []effect
	Uses     []paramUse // calls of what it is given
	at       span
}

func (a *answer) id() string { return a.Key + " " + a.Func }

// A packageFact carries what is open in a package and in those that it
// imports. Drivers hand on the package facts of direct imports only, so each
// package repeats what it got.
type packageFact struct {
	Questions []question
	Answers   []answer
	Notes     []string // what is wrong with the configuration of the package
}

func (f *packageFact) String() string {
	return fmt.Sprintf("%d questions, %d answers", len(f.Questions), len(f.Answers))
}

// An answerSet collects the answers that the package itself gives.
type answerSet struct {
	list []answer
	seen map[string]bool
}

// kept records that a function stores a parameter of its own in a field or a
// package variable, for others to call.
func (e *engine) kept(fn *ssa.Function, s *summary, st *ssa.Store) {
	if _, ok := st.Val.Type().Underlying().(*types.Signature); !ok {
		return
	}
	key := addressOf(st.Addr)
	if key == "" {
		return
	}
	where := site{instr: st, at: e.prog.span(st.Pos())}
	e.budget = maxBehind
	if l := fieldLoop(key); l != nil {
		for _, o := range e.prog.trace(st.Val) {
			e.apply(fn, s, e.targetOf(o), nil, fate{mode: modeTask, loop: *l}, nil, where, 0)
		}
		return
	}
	for _, o := range e.prog.trace(st.Val) {
		if p, ok := o.val.(*ssa.Parameter); ok {
			if within(fn, p.Parent()) {
				s.addUse(paramUse{slot: p, Mode: modeKeep, Ask: key})
			}
			continue
		}
		e.answerWith(key, e.targetOf(o), where)
	}
}

// answerWith records that t stands behind key.
func (e *engine) answerWith(key string, t target, where site) {
	if e.answers == nil || e.testFile(where.at.pos) {
		return
	}
	a := answer{Key: key, at: where.at, Name: e.targetName(t), Func: e.prog.identity(&t)}
	if a.at.pos.IsValid() {
		a.Pos = e.prog.position(a.at.pos)
	}
	switch {
	case t.fn != nil:
		s := e.summaryOf(t.fn)
		a.Blocking, a.Conf, a.Effects, a.Asks = s.blocking, definite, s.effects, s.asks
		for _, u := range s.uses {
			if p, ok := u.param().detached(t.fn, false); ok {
				a.use(u.detached(t.fn, p, false), t)
			}
		}
		a.Name = globalName(e.prog, t.fn)
	case t.obj != nil:
		a.Name = displayName(t.obj, nil)
		if k := e.knownOf(t.obj); k != nil {
			a.Blocking, a.Conf = k.cat, k.conf
		} else if f := e.factOf(t.obj); f != nil {
			a.Blocking, a.Conf, a.Effects, a.Asks = f.Blocking, definite, f.Effects, f.Asks
			for _, u := range f.Uses {
				a.use(u, t)
			}
		}
	case t.result != nil:
		a.Name = t.resultName(nil)
		a.Func = a.Name + " " + a.Pos
		a.Effects, a.Asks = t.result.Effects, t.result.Asks
		for _, u := range t.result.Uses {
			if u.slot == nil && u.val == nil && !u.Outer {
				a.use(u, t)
			}
		}
	}
	if a.Blocking == "" && len(a.Effects)+len(a.Asks)+len(a.Uses) == 0 || e.answers.seen[a.id()] {
		return
	}
	a.Effects = a.Effects[:min(len(a.Effects), maxTold):min(len(a.Effects), maxTold)]
	a.Asks = slices.Clone(a.Asks[:min(len(a.Asks), maxTold)])
	for i := range a.Asks {
		a.Asks[i].Given = a.Asks[i].Given.detached(t.fn, false)
	}
	e.answers.seen[a.id()] = true
	e.answers.list = append(e.answers.list, a)
}

// identity tells a function from all others: names repeat, as those of the
// literals in one function do. It is the same in every package.
func (p *program) identity(t *target) string {
	obj := t.obj
	if t.fn != nil {
		obj = funcObject(t.fn)
	}
	switch {
	case obj != nil && !madeInside(obj):
		return symbolOf(obj)
	case t.fn != nil:
		return p.position(t.fn.Pos())
	}
	return ""
}

// madeInside reports whether a method belongs to a type that is declared in a
// function.
func madeInside(m *types.Func) bool {
	recv := m.Signature().Recv()
	if recv == nil {
		return false
	}
	named, ok := types.Unalias(deref(recv.Type())).(*types.Named)
	return ok && named.Obj().Pkg() != nil && named.Obj().Parent() != named.Obj().Pkg().Scope()
}

// globalName names a function for a reader of any package.
func globalName(p *program, fn *ssa.Function) string {
	if obj := funcObject(fn); obj != nil {
		return displayName(obj, nil)
	}
	return p.localName(fn)
}

// conversions collects the methods behind every conversion of a concrete
// type to an interface.
func (e *engine) conversions() {
	done := make(map[[2]types.Type]bool)
	for _, fn := range e.prog.funcs {
		if e.inTest(fn) {
			continue // mocks
		}
		for _, b := range e.prog.reached[fn] {
			for _, instr := range b.Instrs {
				mi, ok := instr.(*ssa.MakeInterface)
				if !ok {
					continue
				}
				iface := mi.Type().Underlying().(*types.Interface)
				pair := [2]types.Type{mi.Type(), mi.X.Type()}
				if iface.NumMethods() == 0 || done[pair] {
					continue
				}
				done[pair] = true
				e.converted(mi, iface)
			}
		}
	}
}

func (e *engine) converted(mi *ssa.MakeInterface, iface *types.Interface) {
	at := mi.Pos()
	if !at.IsValid() {
		at = positionNear(mi)
	}
	where := site{instr: mi, at: e.prog.span(at)}
	e.handlers(mi, where)
	for i := range iface.NumMethods() {
		m := iface.Method(i)
		if e.nonblockingMethod(m.Origin()) {
			e.implements(mi, m, where)
		}
		key := askMethod(m.Origin())
		if key == "" {
			continue
		}
		obj, _, _ := types.LookupFieldOrMethod(mi.X.Type(), true, m.Pkg(), m.Name())
		fn, ok := obj.(*types.Func)
		if !ok || types.IsInterface(fn.Signature().Recv().Type()) {
			continue
		}
		fn = fn.Origin()
		t := target{obj: fn, conf: probable}
		if l := e.prog.declared[fn]; l != nil {
			t = target{fn: l, conf: probable}
		}
		e.answerWith(key, t, where)
	}
}

// positionNear returns a position for an instruction without one: that of a
// user of it, or of its function.
func positionNear(v ssa.Value) (pos token.Pos) {
	if refs := v.Referrers(); refs != nil {
		for _, r := range *refs {
			if r.Pos().IsValid() {
				return r.Pos()
			}
		}
	}
	if v.Parent() != nil {
		return v.Parent().Pos()
	}
	return 0
}

// rootAsks returns what a root asks: its own open questions, and the
// methods that it calls of its parameters or of those of a function around
// it, which no caller will tell it.
func (e *engine) rootAsks(fn *ssa.Function) []effect {
	s := e.compute(fn, maxFindings)
	asks := slices.Clone(s.asks)
	for _, u := range s.uses {
		if u.Mode == modeCall && u.Ask != "" && len(u.Path) > 0 {
			asks = append(asks, effect{Ask: u.Ask, Conf: probable, Path: u.Path, Given: u.Given})
		}
	}
	return asks
}

// questionsOf returns the open questions of the roots.
func (e *engine) questionsOf(roots []root) []question {
	var out []question
	for i := range roots {
		r := &roots[i]
		asks, name := r.asks, r.name
		at := r.at
		if r.fn != nil {
			asks = e.rootAsks(r.fn)
			name = globalName(e.prog, r.fn)
			at = span{r.fn.Pos(), r.fn.Pos()}
		}
		for _, x := range asks {
			if len(x.Path) == 0 || e.throughRoot(*r, x) {
				continue
			}
			q := question{Key: x.Ask, Root: name, By: r.by, Loop: r.loop, Path: detachedPath(x.Path), Not: x.Not, Given: x.Given.known(), own: x, root: r}
			if at.pos.IsValid() {
				q.At = e.prog.position(at.pos)
			}
			if r.at.pos.IsValid() {
				q.Start = e.prog.position(r.at.pos)
			}
			out = append(out, q)
		}
	}
	return out
}
