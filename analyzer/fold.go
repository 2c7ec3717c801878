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
// its own, except that a slow lock is one defect, in however many places it
// is taken.

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
		if pkg := packageAt(h.Pos); i > 0 && pkg != "" && !e.ours(pkg) {
			return path[i-1].Pos
		}
	}
	return ""
}

// foldFindings keeps, of the effects of the root of that name, those that
// tell most: one of what lies behind one call out of the module, one of the
// places where one slow lock is taken.
func (e *engine) foldFindings(name string, effects []effect) []effect {
	best := make(map[string]int) // index in out
	var out []effect
	for _, x := range effects {
		if readsAnswer(&x, effects) || holdsItself(name, &x, effects) || takenBefore(&x, effects) {
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

// slowLock names what makes the lock slow that x takes, the operation and its
// function, and the package of that. It is "" for anything else.
func (x *effect) slowLock() (over, pkg string) {
	last := x.Path[len(x.Path)-1]
	if _, over, ok := strings.Cut(last.Callee, " (held over "); ok && x.Over != "" {
		return strings.TrimSuffix(over, ")"), packageAt(x.Over)
	}
	return "", ""
}

// packageAt returns the import path in a position in the form of hop.Pos.
func packageAt(pos string) string {
	file, _, _ := strings.Cut(pos, ":")
	return file[:max(strings.LastIndexByte(file, '/'), 0)]
}

// takenBefore reports whether another of the effects waits for what x waits
// for, by a lock that is nearer or the same lock taken at another place.
func takenBefore(x *effect, effects []effect) bool {
	return x.Over != "" && slices.ContainsFunc(effects, func(y effect) bool {
		return y.Over == x.Over && (y.Conf > x.Conf || y.Conf == x.Conf && y.compare(x) < 0)
	})
}

// holdsItself reports whether the root gets to the operation that makes the
// lock of x slow, through the function that holds the lock: who mends that
// finding has mended both.
func holdsItself(name string, x *effect, effects []effect) bool {
	over, pkg := x.slowLock()
	return over != "" && slices.ContainsFunc(effects, func(y effect) bool {
		n := len(y.Path) - 1
		if y.Conf < x.Conf || y.Cat == catLock {
			return false
		}
		holder, ok := strings.CutPrefix(over, y.Path[n].Callee+" in ")
		if !ok {
			return false
		}
		if slices.ContainsFunc(y.Path, func(h hop) bool { return h.Pos == x.Over }) {
			return true
		}
		if strings.HasPrefix(holder, "func literal") {
			return false // one of several of that name
		}
		in := name // the function that a hop stands in
		for _, h := range y.Path {
			if in == holder && packageAt(h.Pos) == pkg {
				return true
			}
			in = h.Callee
		}
		return false
	})
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
