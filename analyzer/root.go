package analyzer

import (
	"cmp"
	"fmt"
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

// A rootSet collects roots.
type rootSet struct {
	all []root
	// ways holds by which calls functions are started: a function that a
	// caller hands to what starts it is no answer to the question which one
	// that is.
	ways map[string]bool
}

func (rs *rootSet) add(r root) { rs.all = append(rs.all, r) }

// started notes the path by which a function is started.
func (rs *rootSet) started(identity string, path []hop) {
	for i := range path {
		rs.ways[wayOf(identity, path[i:])] = true
	}
}

func wayOf(identity string, path []hop) string {
	var b strings.Builder
	b.WriteString(identity)
	for _, h := range path {
		b.WriteString(" " + h.Pos)
	}
	return b.String()
}

// findRoots returns the roots in source order, one for each function.
func (e *engine) findRoots() []root {
	e.roots = &rootSet{ways: make(map[string]bool)}
	e.answers = &answerSet{seen: make(map[string]bool)}
	e.conversions()
	for _, fn := range e.prog.funcs {
		e.compute(fn, maxEffects)
	}
	roots := e.roots.all
	e.ways, e.roots = e.roots.ways, nil

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
	roots = append(roots, e.literals()...)
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
		framework := slices.Contains(p.Packages, e.pass.Pkg.Path()) // which answers for its own code
		off[p.Name] = framework || said && !on || unwanted || p.off(e)
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
