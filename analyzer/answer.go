package analyzer

import (
	"cmp"
	"fmt"
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ssa"
)

// Bounds on what a package passes on about open questions.
const (
	maxQuestions = 300
	maxAnswers   = 400
	maxChain     = 4 // answers that ask in their turn
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
	own   effect // in the package that has the root: with its nodes
	root  *root
	chain int
}

func (q *question) id() string { return q.Key + " " + q.Start + " " + q.At + " " + q.Path[0].Pos }

// An answer is a function that a conversion or a store puts behind a key.
type answer struct {
	Key      string
	Name     string // the function
	Pos      string // of the conversion
	Blocking category
	Conf     confidence // of Blocking
	Effects  []effect
	Asks     []effect
	at       span
}

func (a *answer) id() string { return a.Key + " " + a.Name }

// A packageFact carries what is open in a package and in those that it
// imports. Drivers hand on the package facts of direct imports only, so each
// package repeats what it got.
type packageFact struct {
	Questions []question
	Answers   []answer
}

func (*packageFact) AFact() {}

func (f *packageFact) String() string {
	return fmt.Sprintf("%d questions, %d answers", len(f.Questions), len(f.Answers))
}

// An answerSet collects the answers that the package itself gives.
type answerSet struct {
	list []answer
	seen map[string]bool
}

// kept records that a function stores a parameter of its own in a field, for
// others to call.
func (e *engine) kept(fn *ssa.Function, s *summary, st *ssa.Store) {
	if _, ok := st.Val.Type().Underlying().(*types.Signature); !ok {
		return
	}
	fa, ok := st.Addr.(*ssa.FieldAddr)
	if !ok {
		return
	}
	key := askField(fa.X.Type(), fa.Field)
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
	a := answer{Key: key, at: where.at, Name: e.targetName(t)}
	if a.at.pos.IsValid() {
		a.Pos = e.prog.position(a.at.pos)
	}
	switch {
	case t.fn != nil:
		s := e.summaryOf(t.fn)
		a.Blocking, a.Conf, a.Effects, a.Asks = s.blocking, definite, s.effects, s.asks
		a.Name = globalName(e.prog, t.fn)
	case t.obj != nil:
		a.Name = displayName(t.obj, nil)
		if k := e.knownOf(t.obj); k != nil {
			a.Blocking, a.Conf = k.cat, k.conf
		} else if f := e.factOf(t.obj); f != nil {
			a.Blocking, a.Conf, a.Effects, a.Asks = f.Blocking, definite, f.Effects, f.Asks
		}
	case t.result != nil:
		a.Name = "func returned by " + displayName(t.owner, nil)
		a.Effects, a.Asks = t.result.Effects, t.result.Asks
	}
	if a.Blocking == "" && len(a.Effects)+len(a.Asks) == 0 || e.answers.seen[a.id()] {
		return
	}
	e.answers.seen[a.id()] = true
	e.answers.list = append(e.answers.list, a)
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

// questionsOf returns the open questions of the roots.
func (e *engine) questionsOf(roots []root) []question {
	var out []question
	for i := range roots {
		r := &roots[i]
		asks, name := r.asks, r.name
		at := r.at
		if r.fn != nil {
			asks = e.compute(r.fn, maxFindings).asks
			name = globalName(e.prog, r.fn)
			at = span{r.fn.Pos(), r.fn.Pos()}
		}
		for _, x := range asks {
			if len(x.Path) == 0 || e.throughRoot(*r, x) {
				continue
			}
			q := question{Key: x.Ask, Root: name, By: r.by, Loop: r.loop, Path: detachedPath(x.Path), Not: x.Not, own: x, root: r}
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

// settle brings questions and answers together, its own and those of the
// packages that it imports, reports what comes of it, and passes both on.
// Pairs that an import had at hand have been settled there.
func (e *engine) settle(roots []root, reported map[string]bool) []analysis.Diagnostic {
	facts := e.importedFacts()
	questions := e.questionsOf(roots)
	answers := slices.Clone(e.answers.list)
	knowsQ, knowsA := make(map[string][]int), make(map[string][]int)
	from := make(map[string]*types.Package)
	seen := make(map[string]bool)
	for i, f := range facts {
		for _, q := range f.fact.Questions {
			if knowsQ[q.id()] == nil {
				questions = append(questions, q)
			}
			knowsQ[q.id()] = append(knowsQ[q.id()], i)
		}
		for _, a := range f.fact.Answers {
			if knowsA[a.id()] == nil && !e.answers.seen[a.id()] {
				answers = append(answers, a)
				from[a.id()] = f.pkg
			}
			knowsA[a.id()] = append(knowsA[a.id()], i)
		}
	}
	slices.SortStableFunc(questions, func(a, b question) int { return cmp.Or(cmp.Compare(a.Key, b.Key), cmp.Compare(a.id(), b.id())) })
	slices.SortStableFunc(answers, func(a, b answer) int { return cmp.Compare(a.id(), b.id()) })
	byKey := make(map[string][]answer)
	for _, a := range answers {
		byKey[a.Key] = append(byKey[a.Key], a)
	}

	var diags []analysis.Diagnostic
	for i := 0; i < len(questions) && i < 4*maxQuestions; i++ {
		q := questions[i]
		if seen[q.id()] {
			continue
		}
		seen[q.id()] = true
		for _, a := range byKey[q.Key] {
			if shared(knowsQ[q.id()], knowsA[a.id()]) {
				continue
			}
			at := a.at
			switch {
			case q.root != nil && q.own.Path[0].node.pos.IsValid():
				at = q.own.Path[0].node
			case q.root != nil:
				at = q.root.at
			case !at.pos.IsValid():
				at = e.importOf(from[a.id()])
			}
			for _, x := range a.effects() {
				x.Path = joined(q.pathTo(a), x.Path)
				if slices.Contains(q.Not, x.Cat) || e.config.level(x.Cat, x.Conf) < minimum.conf || q.Loop.accepts(x.Cat) || len(x.Path) > maxPath ||
					e.dirs.ignored(e.pass.Fset, at.pos, x.Cat) {
					continue
				}
				if id := q.At + " " + q.Start + " " + x.op(); !reported[id] {
					reported[id] = true
					x.Conf = min(x.Conf, probable)
					diags = append(diags, e.answered(q, x, at))
				}
			}
			for _, x := range a.Asks {
				if q.chain < maxChain && len(q.Path)+len(x.Path) <= maxPath && x.Ask != q.Key {
					next := q
					next.Key, next.Path, next.chain = x.Ask, joined(q.pathTo(a), x.Path), q.chain+1
					next.Not = union(q.Not, x.Not)
					questions = append(questions, next)
				}
			}
		}
	}
	e.passOn(questions, answers)
	return diags
}

// effects returns what the answer does, the call itself included.
func (a *answer) effects() []effect {
	if a.Blocking != "" {
		return []effect{{Cat: a.Blocking, Conf: min(a.Conf, probable)}}
	}
	return a.Effects
}

// pathTo is the path of the question with the answer put in at its end.
func (q *question) pathTo(a answer) []hop {
	path := q.Path
	if q.root != nil && q.chain == 0 {
		path = q.own.Path
	}
	path = slices.Clone(path)
	last := &path[len(path)-1]
	if a.Name != "" {
		last.Callee = a.Name + " as " + last.Callee
	}
	return path
}

func shared(a, b []int) bool {
	return slices.ContainsFunc(a, func(i int) bool { return slices.Contains(b, i) })
}

type importedFact struct {
	pkg  *types.Package
	fact packageFact
}

// importedFacts returns the facts of the imported packages by import path.
func (e *engine) importedFacts() []importedFact {
	var out []importedFact
	for _, imp := range e.pass.Pkg.Imports() {
		f := importedFact{pkg: imp}
		if !isStdPackage(imp) && e.pass.ImportPackageFact(imp, &f.fact) {
			out = append(out, f)
		}
	}
	slices.SortFunc(out, func(a, b importedFact) int { return cmp.Compare(a.pkg.Path(), b.pkg.Path()) })
	return out
}

// passOn exports the open questions and the answers, without what ties them
// to this package.
func (e *engine) passOn(questions []question, answers []answer) {
	f := new(packageFact)
	seen := make(map[string]bool)
	for _, q := range questions {
		if !seen[q.id()] && len(f.Questions) < maxQuestions {
			seen[q.id()] = true
			q.Path = detachedPath(q.Path)
			q.own, q.root, q.chain = effect{}, nil, 0
			f.Questions = append(f.Questions, q)
		}
	}
	for _, a := range answers {
		if len(f.Answers) < maxAnswers {
			a.Effects, a.Asks = detachedEffects(a.Effects), detachedEffects(a.Asks)
			a.at = span{}
			f.Answers = append(f.Answers, a)
		}
	}
	if len(f.Questions)+len(f.Answers) > 0 {
		e.pass.ExportPackageFact(f)
	}
}

// importOf returns the import declaration of pkg, or the package clause.
func (e *engine) importOf(pkg *types.Package) span {
	for _, file := range e.pass.Files {
		if e.testFile(file.Package) {
			continue
		}
		for _, spec := range file.Imports {
			if pkg != nil && spec.Path.Value == `"`+pkg.Path()+`"` {
				return span{spec.Pos(), spec.End()}
			}
		}
	}
	return span{e.pass.Files[0].Package, e.pass.Files[0].Name.End()}
}

// answered describes a finding that an answer settled.
func (e *engine) answered(q question, x effect, at span) analysis.Diagnostic {
	if q.root != nil {
		name := q.root.name
		if q.root.fn != nil {
			name = e.prog.localName(q.root.fn)
		}
		return e.diagnostic(*q.root, name, x, at)
	}
	r := root{by: q.By, loop: q.Loop, pos: q.At, start: q.Start}
	return e.diagnostic(r, q.Root, x, at)
}
