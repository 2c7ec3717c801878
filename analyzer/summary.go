package analyzer

import (
	"cmp"
	"fmt"
	"go/token"
	"slices"
	"strings"

	"golang.org/x/tools/go/ssa"
)

// Bounds on what one function's summary may hold. Effects and uses beyond
// them are the farthest ones, so that what remains does not depend on the
// order in which functions are visited.
const (
	maxEffects = 12 // effects of one function
	maxAsks    = 8  // open questions of one function
	maxUses    = 24 // parametric effects of one function
	maxPath    = 24 // hops of one path
)

// A hop is one step of a witness path: at Pos, something named Callee is
// called, or, in the last hop, the blocking operation itself stands.
type hop struct {
	Pos    string // import/path/file.go:line:col, the same on every machine
	Callee string

	// The following describe a hop in the package under analysis and do
	// not travel.
	node span
	in   *ssa.Function
}

// A span is a piece of the source of the package under analysis.
type span struct{ pos, end token.Pos }

// An effect is one blocking operation that a function reaches, or, when Ask
// is set, the call of something that only an importer can know.
type effect struct {
	Cat  category
	Conf confidence
	Path []hop

	Over string // for a lock: where what it is held over stands

	Ask   string     // see askMethod and askField
	Not   []category // for an Ask: what an ignore directive on the way accepts
	Given arguments  // for an Ask: what it is called with
}

// op identifies the blocking operation, whatever the way to it.
func (e *effect) op() string {
	if e.Ask != "" {
		return "? " + e.Ask + e.Given.key()
	}
	last := e.Path[len(e.Path)-1]
	sure := " "
	if e.Conf < probable {
		sure = "? " // a longer way that is surer is a finding of its own
	}
	return string(e.Cat) + sure + last.Pos + " " + last.Callee
}

// compare orders effects: the shortest path first, then the surer one, and
// then by text, so that the order is total.
func (e *effect) compare(f *effect) int {
	if c := cmp.Compare(len(e.Path), len(f.Path)); c != 0 {
		return c
	}
	if c := cmp.Compare(f.Conf, e.Conf); c != 0 {
		return c
	}
	if c := cmp.Or(cmp.Compare(e.Cat, f.Cat), cmp.Compare(e.Ask, f.Ask), cmp.Compare(e.Over, f.Over)); c != 0 {
		return c
	}
	return cmp.Or(comparePaths(e.Path, f.Path), slices.Compare(e.Not, f.Not), e.Given.compare(&f.Given))
}

func comparePaths(a, b []hop) int {
	if c := cmp.Compare(len(a), len(b)); c != 0 {
		return c
	}
	return slices.CompareFunc(a, b, func(x, y hop) int {
		return cmp.Or(comparePositions(x.Pos, y.Pos), cmp.Compare(x.Callee, y.Callee))
	})
}

// comparePositions compares by file, line and column: as text, but numbers by
// their value.
func comparePositions(a, b string) int {
	for i := 0; i < len(a) && i < len(b); i++ {
		if a[i] == b[i] {
			continue
		}
		if m, n := digits(a[i:]), digits(b[i:]); m != n && (m > 0 && n > 0 || i > 0 && digits(a[i-1:]) > 0) {
			return cmp.Compare(m, n)
		}
		return cmp.Compare(a[i], b[i])
	}
	return cmp.Compare(len(a), len(b))
}

// digits returns the length of the number that s starts with.
func digits(s string) int {
	n := 0
	for n < len(s) && '0' <= s[n] && s[n] <= '9' {
		n++
	}
	return n
}

// A mode says what happens to a function value.
type mode int8

const (
	modeCall mode = iota + 1 // called before the function returns, on its goroutine
	modeGo                   // runs elsewhere: a goroutine, a pool
	modeTask                 // runs as a task on an event loop: it becomes a root
	modeWait                 // a ctx that a cooperative call waits under
	modeKeep                 // stored in a field, for whoever calls that
)

// through composes modes: a function running in mode m hands its own
// argument on in mode n.
func (m mode) through(n mode) mode {
	if n == modeWait && m == modeGo {
		return modeGo
	}
	if n == modeTask || n == modeKeep || n == modeWait {
		return n
	}
	if m == modeGo || n == modeGo {
		return modeGo
	}
	return m
}

// A loop describes the event loop that a root runs on.
type loop struct {
	Name string // as in "blocks the hub"
	Kind string // what a root on it is called: "task", "method", "function"
	Fix  string // what to do about a finding
	// Profile names the profile that knows the loop, if one does.
	Profile string
	Hub     bool   // it is that of package hub, of which fixes know how to wait
	By      string // what says that a function runs on it, if not the call that starts it
}

// A paramUse is a parametric effect: what a function does with a function
// that it is given.
type paramUse struct {
	Param int  // index among the parameters, the receiver of a method being 0
	Outer bool // in a valueFact: a parameter of the function that returned or gave the closure
	Mode  mode
	Loop  loop // for modeTask
	Path  []hop

	Method string // it is this method of the parameter that is called
	Ask    string // for Method and modeKeep: see askMethod and askField

	Given arguments // what it is called with

	// slot is what Param stands for while its own package is analysed. It
	// may belong to a function that lexically encloses the one with the use.
	slot *ssa.Parameter
	val  ssa.Value // what it stands for in a function that is given, once that is known
}

// A valueFact says what calling a function value does that a function
// returns, or gives to something that it does not know.
type valueFact struct {
	Index   int    // among the results or the arguments
	Method  string // of a value that is given, if it is no function
	Name    string // for a reader
	Effects []effect
	Asks    []effect
	Uses    []paramUse
}

// A funcFact is the summary of one function. It is self-contained: a path
// is spelled out to its end, because the facts of packages that are
// imported only indirectly are not at hand where it is read.
type funcFact struct {
	Cooperative bool
	Nonblocking bool // of an interface method: what implements it is a root
	Root        bool // a profile made it a root in its own package
	Parks       bool
	Blocking    category // the author says so, whatever Effects would be
	Effects     []effect
	Asks        []effect
	Uses        []paramUse
	Results     []valueFact
}

func (f *funcFact) String() string {
	var parts []string
	if f.Cooperative {
		parts = append(parts, "cooperative")
	}
	if f.Nonblocking {
		parts = append(parts, "nonblocking")
	}
	if f.Root {
		parts = append(parts, "root")
	}
	if f.Parks && !f.Cooperative {
		parts = append(parts, "parks")
	}
	if f.Blocking != "" {
		parts = append(parts, "blocking:"+string(f.Blocking))
	}
	for _, e := range f.Effects {
		parts = append(parts, fmt.Sprintf("%s(%s)", e.Cat, e.Path[len(e.Path)-1].Callee))
	}
	for _, e := range f.Asks {
		parts = append(parts, "asks("+e.Ask+")")
	}
	for _, u := range f.Uses {
		parts = append(parts, u.String())
	}
	for _, r := range f.Results {
		for _, e := range r.Effects {
			parts = append(parts, fmt.Sprintf("result%d:%s(%s)", r.Index, e.Cat, e.Path[len(e.Path)-1].Callee))
		}
		for _, u := range r.Uses {
			parts = append(parts, fmt.Sprintf("result%d:%s", r.Index, u))
		}
	}
	return strings.Join(parts, " ")
}

func (u paramUse) String() string {
	of := ""
	if u.Method != "" {
		of = "." + u.Method
	}
	return fmt.Sprintf("%s(%d%s)", [...]string{"", "calls", "escapes", "task", "waits", "keeps"}[u.Mode], u.Param, of)
}

func (f *funcFact) empty() bool {
	return !f.Cooperative && !f.Nonblocking && !f.Root && !f.Parks && f.Blocking == "" && len(f.Effects) == 0 && len(f.Asks) == 0 && len(f.Uses) == 0 && len(f.Results) == 0
}

// A summary is a funcFact being computed.
type summary struct {
	cooperative bool
	parks       bool // makes a cooperative call, or something that it calls does
	blocking    category
	effects     []effect
	asks        []effect
	uses        []paramUse
}

// addEffect records e, unless a better way to the same operation is known.
func (s *summary) addEffect(e effect) {
	if len(e.Path) > maxPath {
		return
	}
	list := &s.effects
	if e.Ask != "" {
		list = &s.asks
	}
	op := e.op()
	for i := range *list {
		if old := &(*list)[i]; old.op() == op {
			if e.compare(old) < 0 {
				*old = e
			}
			return
		}
	}
	*list = append(*list, e)
}

// addUse records u, unless a shorter one of the same kind is known.
func (s *summary) addUse(u paramUse) {
	if len(u.Path) > maxPath {
		return
	}
	for i := range s.uses {
		v := &s.uses[i]
		if v.slot == u.slot && v.Param == u.Param && v.Mode == u.Mode && v.Method == u.Method && v.Ask == u.Ask && v.wait() == u.wait() && v.Given.key() == u.Given.key() {
			if cmp.Or(comparePaths(u.Path, v.Path), u.Given.compare(&v.Given)) < 0 {
				*v = u
			}
			return
		}
	}
	s.uses = append(s.uses, u)
}

// wait returns where a use waits, so that each wait under one context is a
// use of its own, and "" for other uses.
func (u *paramUse) wait() string {
	if n := len(u.Path); u.Mode == modeWait && n > 0 {
		return u.Path[n-1].Pos
	}
	return ""
}

// trim sorts the summary and cuts it to at most n effects.
func (s *summary) trim(n int) {
	// What is only possible must not crowd out what is likely.
	slices.SortFunc(s.effects, func(a, b effect) int {
		if sure := a.Conf >= probable; sure != (b.Conf >= probable) {
			if sure {
				return -1
			}
			return 1
		}
		return a.compare(&b)
	})
	sure := slices.IndexFunc(s.effects, func(x effect) bool { return x.Conf < probable })
	if sure < 0 {
		sure = len(s.effects)
	}
	s.effects = slices.Concat(s.effects[:min(sure, n)], s.effects[sure:min(len(s.effects), sure+n/3)])
	slices.SortFunc(s.asks, func(a, b effect) int { return a.compare(&b) })
	if m := max(maxAsks, n-maxEffects); len(s.asks) > m { // a root keeps more
		s.asks = s.asks[:m:m]
	}
	slices.SortFunc(s.uses, func(a, b paramUse) int {
		return cmp.Or(comparePaths(a.Path, b.Path), cmp.Compare(a.Mode, b.Mode), cmp.Compare(a.Param, b.Param),
			cmp.Compare(a.Method, b.Method), cmp.Compare(a.Ask, b.Ask), cmp.Compare(slotPos(a.slot), slotPos(b.slot)), a.Given.compare(&b.Given))
	})
	if len(s.uses) > maxUses {
		s.uses = s.uses[:maxUses:maxUses]
	}
}

func slotPos(p *ssa.Parameter) token.Pos {
	if p == nil {
		return token.NoPos
	}
	return p.Pos()
}

// same reports whether two trimmed summaries are equal.
func (s *summary) same(t *summary) bool {
	equal := func(a, b effect) bool { return a.compare(&b) == 0 }
	return s.cooperative == t.cooperative && s.parks == t.parks && s.blocking == t.blocking &&
		slices.EqualFunc(s.effects, t.effects, equal) &&
		slices.EqualFunc(s.asks, t.asks, equal) &&
		slices.EqualFunc(s.uses, t.uses, func(a, b paramUse) bool {
			return a.slot == b.slot && a.Param == b.Param && a.Mode == b.Mode && a.Loop == b.Loop &&
				a.Method == b.Method && a.Ask == b.Ask && comparePaths(a.Path, b.Path) == 0 && a.Given.compare(&b.Given) == 0
		})
}
