package analyzer

import (
	"go/types"
	"slices"
	"strings"
)

// One call of somebody else's client usually reaches many operations: locks,
// channels, the connection. For who makes the call that is one defect, with
// one remedy, so that of all that lies behind a call out of the module one
// operation is reported. In the module itself each operation is a defect of
// its own.

// ours reports whether a package belongs to the module under analysis. When
// a driver does not tell which that is, only the package itself does.
func (e *engine) ours(path string) bool {
	if m := e.pass.Module; m != nil && m.Path != "" {
		return path == m.Path || strings.HasPrefix(path, m.Path+"/")
	}
	return path == sourcePath(e.pass.Pkg)
}

// fold keeps of the effects of a function of another module the best one of
// each category: a loop may accept some of them.
func (e *engine) fold(fn *types.Func, effects []effect) []effect {
	if len(effects) < 2 || fn.Pkg() == nil || e.ours(fn.Pkg().Path()) {
		return effects
	}
	var out []effect
	for _, x := range effects {
		i := slices.IndexFunc(out, func(y effect) bool { return y.Cat == x.Cat })
		switch {
		case i < 0:
			out = append(out, x)
		case x.Conf > out[i].Conf:
			out[i] = x
		}
	}
	return out
}

// leaves returns the position of the call by which a path leaves the module,
// or "" for one that stays.
func (e *engine) leaves(path []hop) string {
	for i, h := range path {
		file, _, _ := strings.Cut(h.Pos, ":")
		if j := strings.LastIndexByte(file, '/'); i > 0 && j >= 0 && !e.ours(file[:j]) {
			return path[i-1].Pos
		}
	}
	return ""
}

// foldFindings keeps, of the effects of one root that lie behind one call
// out of the module, the one that tells most.
func (e *engine) foldFindings(effects []effect) []effect {
	best := make(map[string]int) // index in out
	var out []effect
	for _, x := range effects {
		if readsAnswer(&x, effects) {
			continue
		}
		call := e.leaves(x.Path)
		i, ok := best[call]
		switch {
		case call == "" || !ok:
			best[call] = len(out)
			out = append(out, x)
		case x.tellsMore(&out[i]):
			out[i] = x
		}
	}
	return out
}

// readsAnswer reports whether x reads the body of an HTTP response in the
// function that one of the others has sent the request in: a second half of
// the same exchange.
func readsAnswer(x *effect, others []effect) bool {
	n := len(x.Path) - 1
	if !strings.HasPrefix(x.Path[n].Callee, "http.Response.Body.") {
		return false
	}
	return slices.ContainsFunc(others, func(y effect) bool {
		if y.Cat != catNet || y.Conf < x.Conf || len(y.Path) != n+1 {
			return false
		}
		callee := y.Path[n].Callee
		return (strings.HasPrefix(callee, "(*http.Client).") || strings.HasPrefix(callee, "http.")) && !strings.HasPrefix(callee, "http.Response.") &&
			slices.EqualFunc(x.Path[:n], y.Path[:n], func(a, b hop) bool { return a.Pos == b.Pos })
	})
}

// tellsMore orders what lies behind one call: the surest first; then what
// names the resource, before the means by which some library waits for it.
func (x *effect) tellsMore(y *effect) bool {
	if x.Conf != y.Conf {
		return x.Conf > y.Conf
	}
	if means := x.Cat.isMeans(); means != y.Cat.isMeans() {
		return !means
	}
	if (x.Cat == catLock) != (y.Cat == catLock) {
		return y.Cat == catLock
	}
	return x.compare(y) < 0
}

func (c category) isMeans() bool {
	return c == catChan || c == catSelect || c == catLock || c == catWait || c == catSyscall
}
