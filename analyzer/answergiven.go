package analyzer

import "slices"

// use notes that t, which gives the answer, calls what it is given, or a
// method of that which others can be asked about.
func (a *answer) use(u paramUse, t target) {
	if t.bound != nil {
		u.Param-- // the receiver is given already
	}
	if u.Mode == modeCall && u.Param >= 0 && len(u.Path) > 0 && (u.Method == "" || u.Ask != "") && len(a.Uses) < maxTold {
		u.Given = arguments{}
		a.Uses = append(a.Uses, u)
	}
}

// given is what a question gives to who answers it, with the way to its call
// there.
type given struct {
	value *valueFact
	path  []hop
}

// given returns what of the question the answer calls.
func (a *answer) given(q *question) []given {
	var out []given
	for _, u := range a.Uses {
		for i := range q.Given.Funcs {
			v := &q.Given.Funcs[i]
			if v.Index != u.Param || v.Method != u.Method {
				continue
			}
			path := detachedPath(u.Path)
			if v.Name != "" {
				last := &path[len(path)-1]
				last.Callee = v.Name + " as " + last.Callee
			}
			out = append(out, given{v, path})
		}
	}
	return out
}

// effects returns what the answer to q does, the call itself included.
func (a *answer) effects(q *question) []effect {
	out := slices.Clip(a.Effects)
	if a.Blocking != "" {
		out = []effect{{Cat: a.Blocking, Conf: min(a.Conf, probable)}}
	}
	for _, g := range a.given(q) {
		for _, x := range g.value.Effects {
			x.Path = joined(g.path, x.Path)
			out = append(out, x)
		}
	}
	return out
}

// asks returns what the answer to q asks in its turn.
func (a *answer) asks(q *question) []effect {
	out := slices.Clone(a.Asks)
	for i := range out {
		out[i].Given = out[i].Given.answered(q)
	}
	for _, g := range a.given(q) {
		for _, x := range g.value.Asks {
			x.Path, x.Given = joined(g.path, x.Path), arguments{}
			out = append(out, x)
		}
	}
	return out
}

// known returns what a root gives: what it knows, since nobody calls it who
// could know more.
func (a *arguments) known() arguments {
	var out arguments
	for _, v := range a.Funcs {
		if v.Uses = nil; len(v.Effects)+len(v.Asks) > 0 {
			out.Funcs = append(out.Funcs, v)
		}
	}
	return out
}

// answered returns what the answer to q gives on, of what it knows and of
// what q gives to it.
func (a *arguments) answered(q *question) arguments {
	out := a.known()
	for _, p := range a.Params {
		for _, v := range q.Given.Funcs {
			if v.Index == p.Param {
				v.Index = p.Index
				out.Funcs = append(out.Funcs, v)
			}
		}
	}
	return out
}
