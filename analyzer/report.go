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
)

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
	e.reportNotes()
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
		x.Conf = e.config.level(x.Cat, x.Conf)
		kept = append(kept, x)
	}
	for _, x := range e.foldFindings(name, kept) {
		reported[e.rootID(r)+e.leaves(x.Path)] = true
		reported[e.rootID(r)+"lock "+x.Over] = true
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
