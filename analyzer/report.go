package analyzer

import (
	"cmp"
	"fmt"
	"go/ast"
	"go/token"
	"path/filepath"
	"slices"
	"strings"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ssa"
)

// A root is a function that runs on an event loop.
type root struct {
	fn      *ssa.Function // in this package; nil for one of another package
	effects []effect      // what that one does
	asks    []effect      // and calls without knowing what
	name    string        // its name

	at   span          // where it becomes a root
	in   *ssa.Function // the function that makes it one
	by   string        // the function that starts it, or the interface it implements
	loop loop

	pos, start string // of a root of another package: where it is declared, and became one
}

// A rootSet collects roots, each function once.
type rootSet struct {
	all []root
}

func (rs *rootSet) add(r root) { rs.all = append(rs.all, r) }

// report finds the roots of the package and reports what blocks in them.
func (e *engine) report() {
	roots := e.findRoots()
	for _, r := range roots {
		if r.fn != nil {
			e.isRoot[r.fn] = true
		}
	}
	var diags []analysis.Diagnostic
	reported := make(map[string]bool)
	for _, r := range roots {
		diags = append(diags, e.findings(r, reported)...)
	}
	diags = append(diags, e.settle(roots, reported)...)
	slices.SortStableFunc(diags, func(a, b analysis.Diagnostic) int { return cmp.Compare(a.Pos, b.Pos) })
	for _, d := range diags {
		if !e.config.leftOut(e.pass, d.Pos) {
			e.pass.Report(d)
		}
	}
	e.dirs.reportUnused(e.pass)
	if detail {
		e.reportRoots(roots)
	}
}

// leftOut reports whether the configuration leaves out findings at pos.
func (c *config) leftOut(pass *analysis.Pass, pos token.Pos) bool {
	if c == noConfig {
		return false
	}
	if c.excluded(pass.Fset.Position(pos).Filename) {
		return true
	}
	if c.Generated == nil || *c.Generated {
		return false
	}
	for _, f := range pass.Files {
		if f.FileStart <= pos && pos < f.FileEnd {
			return ast.IsGenerated(f)
		}
	}
	return false
}

// excludedOperation reports whether the configuration leaves out findings
// where x blocks, which may be in another package of the module.
func (e *engine) excludedOperation(x effect) bool {
	if len(e.config.Exclude) == 0 {
		return false
	}
	h := x.Path[len(x.Path)-1]
	if h.node.pos.IsValid() {
		return e.config.excluded(e.pass.Fset.Position(h.node.pos).Filename)
	}
	if e.pass.Module == nil || e.pass.Module.Path == "" {
		return false
	}
	own, ok := strings.CutPrefix(sourcePath(e.pass.Pkg), e.pass.Module.Path)
	there, sibling := strings.CutPrefix(parsePlace(h.Pos).File, e.pass.Module.Path+"/")
	if !ok || !sibling {
		return false
	}
	root, ok := strings.CutSuffix(filepath.ToSlash(packageDir(e.pass)), own)
	return ok && e.config.excluded(filepath.FromSlash(root+"/"+there))
}

// findRoots returns the roots in source order, one for each function.
func (e *engine) findRoots() []root {
	e.roots = new(rootSet)
	e.answers = &answerSet{seen: make(map[string]bool)}
	e.conversions()
	for _, fn := range e.prog.funcs {
		e.compute(fn, maxEffects)
	}
	roots := e.roots.all
	e.roots = nil

	for _, fn := range e.prog.funcs {
		if obj := funcObject(fn); obj != nil && fn.Parent() == nil {
			if d := e.dirs.funcs[obj]; d != nil && d.nonblocking {
				roots = append(roots, root{fn: fn, at: span{fn.Pos(), fn.Pos()}, by: "a directive",
					loop: loop{Name: "a loop", Kind: "function"}})
			}
		}
	}
	for _, fn := range e.prog.funcs {
		if obj := funcObject(fn); obj != nil && fn.Parent() == nil && slices.Contains(e.config.Roots, symbolOf(obj)) {
			roots = append(roots, root{fn: fn, at: span{fn.Pos(), fn.Pos()}, by: ConfigName,
				loop: loop{Name: "a loop", Kind: "function"}})
		}
	}
	for _, pr := range profileRoots(e.pass.Pkg) {
		if fn := e.prog.declared[pr.fn]; fn != nil {
			kind := "method"
			if strings.HasPrefix(pr.why, "its ") {
				kind = "function"
			}
			roots = append(roots, root{fn: fn, at: span{fn.Pos(), fn.Pos()}, by: pr.why,
				loop: loop{Name: pr.profile.Loop, Kind: kind, Fix: pr.profile.Fix, Profile: pr.profile.Name}})
		}
	}
	slices.SortStableFunc(roots, func(a, b root) int { return cmp.Compare(a.at.pos, b.at.pos) })
	type key struct {
		fn   *ssa.Function
		name string
	}
	seen := make(map[key]bool)
	off := make(map[string]bool)
	for _, p := range profiles() {
		on, said := e.config.Profiles[p.Name]
		unwanted := only != "" && !slices.Contains(strings.Split(only, ","), p.Name)
		off[p.Name] = said && !on || unwanted || p.off(e)
	}
	return slices.DeleteFunc(roots, func(r root) bool {
		if r.loop.Profile != "" && off[r.loop.Profile] {
			return true
		}
		if (!tests || e.config.Tests != nil && !*e.config.Tests) && e.testFile(r.at.pos) {
			return true
		}
		k := key{r.fn, r.name}
		dup := seen[k]
		seen[k] = true
		return dup
	})
}

// maxFindings bounds the findings of one root.
const maxFindings = 100

// findings describes each operation that blocks in r.
func (e *engine) findings(r root, reported map[string]bool) []analysis.Diagnostic {
	var out []analysis.Diagnostic
	effects := r.effects
	name := r.name
	if r.fn != nil {
		s := e.compute(r.fn, maxFindings)
		effects = append(s.effects, e.outerContexts(r.fn, s)...)
		name = e.prog.localName(r.fn)
	}
	place := func(x effect) span {
		if len(x.Path) > 0 && x.Path[0].node.pos.IsValid() {
			return x.Path[0].node
		}
		return r.at
	}
	var kept []effect
	for _, x := range effects {
		if e.config.level(x.Cat, x.Conf) < minimum.conf || r.loop.accepts(x.Cat) || e.excludedOperation(x) || e.throughRoot(r, x) || e.surer(effects, x) {
			continue
		}
		if r.fn == nil && e.dirs.ignored(e.pass.Fset, r.at.pos, x.Cat) {
			continue
		}
		reported[e.rootID(r)+x.op()] = true
		kept = append(kept, x)
	}
	for _, x := range e.foldFindings(name, kept) {
		reported[e.rootID(r)+e.leaves(x.Path)] = true
		over, pkg := x.slowLock()
		reported[e.rootID(r)+pkg+" "+over] = true
		out = append(out, e.diagnostic(r, name, x, place(x)))
	}
	return out
}

// surer reports whether the operation of x, which is only possible, has a
// surer way as well.
func (e *engine) surer(effects []effect, x effect) bool {
	if x.Conf >= probable {
		return false
	}
	op := x.Path[len(x.Path)-1]
	return slices.ContainsFunc(effects, func(y effect) bool {
		last := y.Path[len(y.Path)-1]
		return y.Conf >= probable && y.Cat == x.Cat && last.Pos == op.Pos && last.Callee == op.Callee
	})
}

// rootID identifies r in the way that question.id does.
func (e *engine) rootID(r root) string {
	at, start := r.at, ""
	if r.fn != nil {
		at = span{r.fn.Pos(), r.fn.Pos()}
	}
	id := ""
	if at.pos.IsValid() {
		id = e.prog.position(at.pos)
	}
	if r.at.pos.IsValid() {
		start = e.prog.position(r.at.pos)
	}
	return id + " " + start + " "
}

// throughRoot reports whether the way to x leads through another root of
// this package: it is that one's finding.
func (e *engine) throughRoot(r root, x effect) bool {
	for _, h := range x.Path {
		if h.in != nil && h.in != r.fn && e.isRoot[h.in] {
			return true
		}
	}
	return false
}

// diagnostic describes one finding on one line.
func (e *engine) diagnostic(r root, name string, x effect, at span) analysis.Diagnostic {
	op := x.Path[len(x.Path)-1]
	var b strings.Builder
	fmt.Fprintf(&b, "%s blocks %s [%s, %s]: ", op.Callee, r.loop.Name, x.Cat, x.Conf)
	b.WriteString(describeRoot(r, name))
	for _, h := range x.Path {
		fmt.Fprintf(&b, " → %s %s", shortPosition(h.Pos), h.Callee)
	}
	d := analysis.Diagnostic{Pos: at.pos, Category: string(x.Cat), Message: b.String()}
	if at.end != at.pos {
		d.End = at.end
	}
	d.SuggestedFixes = e.suggestedFixes(r, x)
	if detail {
		f := Finding{
			Kind: "block", Category: string(x.Cat), Confidence: x.Conf.String(), Operation: op.Callee, Loop: r.loop.Name,
			Root: e.describe(r, name), Fix: fixFor(r.loop, x.Cat),
		}
		for _, h := range x.Path {
			f.Path = append(f.Path, Step{h.Callee, e.placeOf(h)})
		}
		e.attach(&d, f)
	}
	return d
}

// describe returns r as drivers get it.
func (e *engine) describe(r root, name string) *Root {
	out := &Root{Name: name, How: describeStart(r), Profile: r.loop.Profile}
	if r.pos != "" {
		out.At, out.Start = parsePlace(r.pos), parsePlace(r.start)
		return out
	}
	out.Start = placeAt(e.pass.Fset, r.at.pos)
	out.At = out.Start
	if r.fn != nil && r.fn.Pos().IsValid() {
		out.At = placeAt(e.pass.Fset, r.fn.Pos())
		if n := r.fn.Syntax(); n != nil {
			out.At.EndLine = e.pass.Fset.Position(n.End()).Line
		}
	}
	return out
}

// reportRoots tells drivers what was taken for a root.
func (e *engine) reportRoots(roots []root) {
	for _, r := range roots {
		name := r.name
		if r.fn != nil {
			name = e.prog.localName(r.fn)
		}
		pos := r.at.pos
		if r.fn != nil && r.fn.Pos().IsValid() {
			pos = r.fn.Pos()
		}
		d := analysis.Diagnostic{Pos: pos, Message: "root: " + describeRoot(r, name)}
		e.attach(&d, Finding{Kind: "root", Loop: r.loop.Name, Root: e.describe(r, name)})
		e.pass.Report(d)
	}
}

func describeRoot(r root, name string) string {
	switch r.loop.Kind {
	case "task":
		return fmt.Sprintf("%s, a task started by %s", name, r.by)
	case "method":
		return fmt.Sprintf("%s of a %s", name, r.by)
	default:
		return fmt.Sprintf("%s, nonblocking by %s", name, r.by)
	}
}

// describeStart says how a root became one. A driver puts the position in
// for the verb %s.
func describeStart(r root) string {
	switch r.loop.Kind {
	case "task":
		return "task started at %s by " + r.by
	case "method":
		return "method of a " + r.by
	default:
		return "nonblocking by " + r.by
	}
}

// fixFor says what to do about an operation of category c on loop l.
func fixFor(l loop, c category) string {
	switch c {
	case catCtx:
		return "wait under the context that the task was given"
	case catHeld:
		return "unlock before it waits, or use a lock whose Lock takes a context"
	case catSpin:
		return "let the loop end, or wait in it"
	case catLoop:
		return "start it outside the loop, or on a goroutine of its own"
	}
	if l.Fix != "" {
		return l.Fix
	}
	if l.Hub {
		if c == catSleep {
			return "sleep with hub.Sleep"
		}
		return "run it with hub.Offload"
	}
	return "run it on another goroutine"
}
