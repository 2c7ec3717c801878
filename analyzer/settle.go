package analyzer

import (
	"cmp"
	"go/types"
	"slices"

	"golang.org/x/tools/go/analysis"
)

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
			if e.ways[wayOf(a.Func, slices.Concat([]hop{{Pos: q.Start}}, q.Path))] {
				// A root of its own here. It does not know what it is given.
				a.Blocking, a.Effects, a.Asks = "", nil, nil
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
			for _, x := range a.effects(&q) {
				x.Path = joined(q.pathTo(a), x.Path)
				x.Conf = min(x.Conf, probable)
				if len(byKey[q.Key]) > maxLikely || q.Chain > 1 || len(byKey[q.Key]) > 1 && !e.made(&a) {
					x.Conf = possible
				}
				if slices.Contains(q.Not, x.Cat) || e.config.level(x.Cat, x.Conf) < minimum.conf || q.Loop.accepts(x.Cat) || e.excludedOperation(x) || len(x.Path) > maxPath ||
					e.dirs.ignored(e.pass.Fset, at.pos, x.Cat) {
					continue
				}
				id := q.At + " " + q.Start + " "
				call := e.leaves(x.Path)
				lock := id + "lock " + x.Over
				if !reported[id+x.op()] && (call == "" || !reported[id+call]) && (x.Over == "" || !reported[lock]) {
					reported[id+x.op()], reported[id+call], reported[lock] = true, true, true
					x.Conf = e.config.level(x.Cat, x.Conf)
					diags = append(diags, e.answered(q, x, at))
				}
			}
			for _, x := range a.asks(&q) {
				if q.Chain < maxChain && len(q.Path)+len(x.Path) <= maxPath && x.Ask != q.Key {
					next := q
					next.Key, next.Path, next.Chain = x.Ask, joined(q.pathTo(a), x.Path), q.Chain+1
					next.Not, next.Given = union(q.Not, x.Not), x.Given
					questions = append(questions, next)
				}
			}
		}
	}
	e.passOn(questions, answers)
	return diags
}

// made reports whether the conversion or store behind an answer stands in
// the module under analysis. In a library it may stand in a constructor that
// this program never calls.
func (e *engine) made(a *answer) bool {
	pkg := packageAt(a.Pos)
	return pkg == "" || e.ours(pkg)
}

// pathTo is the path of the question with the answer put in at its end.
func (q *question) pathTo(a answer) []hop {
	path := q.Path
	if q.root != nil && q.Chain == 0 {
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
	fact *packageFact
}

// importedFacts returns the facts of the imported packages by import path.
func (e *engine) importedFacts() []importedFact {
	var out []importedFact
	for _, imp := range e.pass.Pkg.Imports() {
		c := new(packageCode)
		if !isStdPackage(imp) && e.pass.ImportPackageFact(imp, c) {
			out = append(out, importedFact{imp, c.decode()})
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
			q.Path, q.Given = detachedPath(q.Path), q.Given.detached(nil, false)
			q.own, q.root = effect{}, nil
			f.Questions = append(f.Questions, q)
		}
	}
	// What the package itself says comes first: a large program gives more
	// answers than it is sensible to hand on.
	answers = slices.Clone(answers)
	slices.SortStableFunc(answers, func(a, b answer) int {
		return boolToInt(!e.answers.seen[a.id()]) - boolToInt(!e.answers.seen[b.id()])
	})
	for _, a := range answers {
		if len(f.Answers) < maxAnswers {
			a.Effects, a.Asks = detachedEffects(a.Effects, nil), detachedEffects(a.Asks, nil)
			a.at = span{}
			f.Answers = append(f.Answers, a)
		}
	}
	f.Notes = e.reportSymbols()
	if len(f.Questions)+len(f.Answers)+len(f.Notes) > 0 {
		e.pass.ExportPackageFact(encodePackage(f))
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
