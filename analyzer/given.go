package analyzer

import (
	"cmp"
	"fmt"
	"go/token"
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/ssa"
)

// A function often gives a function on to something that it does not know:
// func walk(n Node, f func()) { n.Each(f) } calls a method of one parameter
// with another one as its argument. Whether f runs there is for who knows
// both to say: the caller of walk, or, where Each is an open question, the
// package with the answer. So a use, and a question, carries what is given.

// Bounds on what is told of a value that is given. Functions that are given
// to the functions given are not told of.
const (
	maxGiven   = 4 // origins of one argument
	maxMethods = 6 // methods of an interface whose values are told of
	maxFormals = 8 // arguments of a function that is told of
)

// arguments is what a function gives to a function or to a method.
type arguments struct {
	Params []paramArg  // parameters of its own
	Funcs  []valueFact // what it knows: functions, and methods of values

	id string // the key, once it is known
}

// A paramArg is a parameter that is given on.
type paramArg struct {
	Index int // as this argument, the receiver of a method being 0
	Param int // as in paramUse, likewise the following
	Outer bool

	slot *ssa.Parameter
	val  ssa.Value
}

func (a *arguments) none() bool { return len(a.Params)+len(a.Funcs) == 0 }

// key tells arguments apart: which parameters and operations they are, in
// whatever way these are reached.
func (a *arguments) key() string {
	if a.none() || a.id != "" {
		return a.id
	}
	var b strings.Builder
	for _, p := range a.Params {
		fmt.Fprint(&b, " ", p.Index, p.Param, p.Outer, slotPos(p.slot))
	}
	for _, v := range a.Funcs {
		fmt.Fprint(&b, " ", v.Index, v.Method)
		for i := range v.Effects {
			b.WriteString(v.Effects[i].op())
		}
		for i := range v.Asks {
			b.WriteString(v.Asks[i].op())
		}
		for _, u := range v.Uses {
			fmt.Fprint(&b, u, u.Outer, slotPos(u.slot))
		}
	}
	return b.String()
}

func (a *arguments) compare(b *arguments) int {
	if a.none() || b.none() {
		return cmp.Compare(len(a.Params)+len(a.Funcs), len(b.Params)+len(b.Funcs))
	}
	if c := cmp.Compare(a.key(), b.key()); c != 0 {
		return c
	}
	return slices.CompareFunc(a.Funcs, b.Funcs, func(v, w valueFact) int {
		effects := func(x, y effect) int { return x.compare(&y) }
		return cmp.Or(slices.CompareFunc(v.Effects, w.Effects, effects), slices.CompareFunc(v.Asks, w.Asks, effects),
			slices.CompareFunc(v.Uses, w.Uses, func(x, y paramUse) int { return comparePaths(x.Path, y.Path) }))
	})
}

// The following are values that stand nowhere in the program. They take the
// place of arguments where the arguments themselves are out of reach.
type (
	// A told is known by what it does.
	told struct {
		nowhere
		values []valueFact
	}
	// A formal is an argument of a function that is being described.
	formal struct {
		nowhere
		index int
	}
	// An either is one of several.
	either struct {
		nowhere
		typ     types.Type
		origins []origin
	}
	nowhere struct{}
)

func (x *either) Type() types.Type { return x.typ }

func (nowhere) Name() string                  { return "" }
func (nowhere) String() string                { return "" }
func (nowhere) Type() types.Type              { return types.Typ[types.Invalid] }
func (nowhere) Parent() *ssa.Function         { return nil }
func (nowhere) Referrers() *[]ssa.Instruction { return nil }
func (nowhere) Pos() token.Pos                { return token.NoPos }

// given describes the arguments of a call of something unknown that fn makes.
func (e *engine) given(fn *ssa.Function, args []ssa.Value, f fate, where site) arguments {
	var out arguments
	if f.mode != modeCall {
		return out
	}
	for i, v := range args {
		if v == nil {
			continue
		}
		known := 0
		var values valueSet
		for _, o := range e.functionsIn(v) {
			switch p := o.val.(type) {
			case *ssa.Parameter:
				if within(fn, p.Parent()) && givable(p.Type()) {
					out.addParam(paramArg{Index: i, slot: p})
				}
				continue
			case *formal:
				out.addParam(paramArg{Index: i, Param: p.index})
				continue
			}
			if e.describing == 0 && known < maxGiven {
				known++
				e.tell(fn, &values, i, v.Type(), o, where)
			}
		}
		out.Funcs = append(out.Funcs, values...)
	}
	out.id = out.key()
	return out
}

func (a *arguments) addParam(p paramArg) {
	if len(a.Params) < 2*maxGiven && !slices.Contains(a.Params, p) {
		a.Params = append(a.Params, p)
	}
}

// givable reports whether values of type t are functions or have methods that
// are worth telling of.
func givable(t types.Type) bool {
	if slice, ok := t.Underlying().(*types.Slice); ok {
		t = slice.Elem()
		return isFunc(t)
	}
	return isFunc(t) || len(methodsOf(t)) > 0
}

func isFunc(t types.Type) bool {
	_, ok := t.Underlying().(*types.Signature)
	return ok
}

// methodsOf returns the methods of an interface type by which a value can do
// something that blocks, unless they are many.
func methodsOf(t types.Type) []*types.Func {
	iface, ok := t.Underlying().(*types.Interface)
	if !ok || iface.NumMethods() > maxMethods || isContext(t) || types.Identical(t, types.Universe.Lookup("error").Type()) {
		return nil
	}
	return slices.Collect(iface.Methods())
}

// A valueSet collects what is known of the values of one argument, by method.
type valueSet []valueFact

func (vs *valueSet) add(v valueFact) {
	if len(v.Effects)+len(v.Asks)+len(v.Uses) > 0 {
		*vs = append(*vs, v)
	}
}

// tell adds what origin o does, of an argument of type t that fn gives.
func (e *engine) tell(fn *ssa.Function, values *valueSet, index int, t types.Type, o origin, where site) {
	e.gives = true
	if e.alone == nil {
		return
	}
	e.describing++
	defer func() { e.describing-- }()
	at := site{at: where.at}
	if v, ok := o.val.(*told); ok {
		for _, v := range v.values {
			s := new(summary)
			e.apply(fn, s, target{result: &v, conf: o.conf}, formals(), fate{mode: modeCall}, nil, at, 1)
			values.add(s.value(index, v.Method, v.Name))
		}
		return
	}
	if isFunc(t) || isFunc(o.val.Type()) {
		s := new(summary)
		target := e.targetOf(o)
		e.apply(fn, s, target, formals(), fate{mode: modeCall}, nil, at, 1)
		name := e.targetName(target)
		if target.fn != nil {
			name = globalName(e.prog, target.fn)
		} else if target.obj != nil {
			name = displayName(target.obj, nil)
		}
		values.add(s.value(index, "", name))
		return
	}
	if o.dyn == nil {
		return // of no known type
	}
	for _, m := range methodsOf(t) {
		s := new(summary)
		e.applyMethodOf(called{fn, s, fate{mode: modeCall}, nil, at, 1}, o, methodOf(m.Origin()), formals(), o.conf)
		name := m.Name()
		if obj, _, _ := types.LookupFieldOrMethod(o.dyn, true, e.pass.Pkg, m.Name()); obj != nil {
			if fn, ok := obj.(*types.Func); ok {
				name = displayName(fn.Origin(), nil)
			}
		}
		values.add(s.value(index, m.Name(), name))
	}
}

// formals returns arguments for a function that is being described.
func formals() []ssa.Value {
	out := make([]ssa.Value, maxFormals)
	for i := range out {
		out[i] = &formal{index: i}
	}
	return out
}

// value returns the summary of a function value.
func (s *summary) value(index int, method, name string) valueFact {
	s.uses = slices.DeleteFunc(s.uses, func(u paramUse) bool { return u.Mode != modeCall && u.Mode != modeTask })
	s.trim(maxTold)
	return valueFact{Index: index, Method: method, Name: name, Effects: s.effects,
		Asks: s.asks[:min(len(s.asks), maxTold)], Uses: s.uses[:min(len(s.uses), maxGiven)]}
}

// argument returns what stands for a parameter where t is called with args,
// as seen from fn, or nil.
func argument(fn *ssa.Function, t target, args []ssa.Value, p paramArg) ssa.Value {
	given := args
	switch {
	case p.val != nil:
		return p.val
	case p.slot != nil && p.slot.Parent() != t.fn, p.Outer:
		// A parameter of the function around a literal. When that function
		// returned the literal, its arguments are in that call.
		if t.env == nil {
			if p.slot != nil && within(fn, p.slot.Parent()) {
				return p.slot
			}
			return nil
		}
		given = t.env.Args
	}
	i := p.Param
	if p.slot != nil {
		i = paramIndex(p.slot)
	}
	if i >= len(given) {
		return nil
	}
	return given[i]
}

// handOn returns the arguments of a call that t makes, seen from fn, which
// calls t with args.
func (e *engine) handOn(fn *ssa.Function, t target, args []ssa.Value, a *arguments) []ssa.Value {
	var out []ssa.Value
	add := func(i int, typ types.Type, origins ...origin) {
		for len(out) <= i {
			out = append(out, nil)
		}
		if out[i] == nil {
			out[i] = &either{typ: typ}
		}
		x := out[i].(*either)
		x.origins = append(x.origins, origins...)
	}
	for _, p := range a.Params {
		if v := argument(fn, t, args, p); v != nil {
			add(p.Index, v.Type(), e.functionsIn(v)...)
		}
	}
	for _, v := range a.Funcs {
		v.Uses = bound(fn, t, args, v.Uses)
		add(v.Index, types.Typ[types.Invalid], origin{val: &told{values: []valueFact{v}}, conf: definite})
	}
	return out
}

// bound returns the uses of a function that t gives to another one, with what
// the parameters of t stand for.
func bound(fn *ssa.Function, t target, args []ssa.Value, uses []paramUse) []paramUse {
	var out []paramUse
	for _, u := range uses {
		if u.slot != nil || u.Outer {
			// In a fact the function around it is t itself.
			p := u.param()
			p.Outer = false
			if u.val = argument(fn, t, args, p); u.val == nil {
				continue
			}
			u.slot, u.Outer = nil, false
		}
		u.Given.Params = slices.Clone(u.Given.Params)
		for i := range u.Given.Params {
			if p := &u.Given.Params[i]; p.slot != nil || p.Outer {
				q := *p
				q.Outer = false
				p.val, p.slot, p.Outer = argument(fn, t, args, q), nil, false
				if p.val == nil {
					p.val = &either{typ: types.Typ[types.Invalid]}
				}
			}
		}
		out = append(out, u)
	}
	return out
}

// param returns the parameter that u speaks of.
func (u *paramUse) param() paramArg {
	return paramArg{Param: u.Param, Outer: u.Outer, slot: u.slot, val: u.val}
}

// detached returns a without what ties it to the package under analysis, for
// a fact about fn. outer says that fn is the function around the one that
// gives.
func (a *arguments) detached(fn *ssa.Function, outer bool) arguments {
	var out arguments
	for _, p := range a.Params {
		if p, ok := p.detached(fn, outer); ok {
			out.Params = append(out.Params, p)
		}
	}
	for _, v := range a.Funcs {
		out.Funcs = append(out.Funcs, v.detached(fn))
	}
	return out
}

func (p paramArg) detached(fn *ssa.Function, outer bool) (paramArg, bool) {
	if p.slot == nil {
		return p, p.val == nil
	}
	return paramArg{Index: p.Index, Param: paramIndex(p.slot), Outer: outer}, p.slot.Parent() == fn
}

// detached returns the fact about a value that fn returns or gives.
func (v *valueFact) detached(fn *ssa.Function) valueFact {
	out := valueFact{Index: v.Index, Method: v.Method, Name: v.Name}
	out.Effects, out.Asks = detachedEffects(v.Effects, nil), detachedEffects(v.Asks, nil)
	for _, u := range v.Uses {
		if p, ok := u.param().detached(fn, true); ok {
			out.Uses = append(out.Uses, u.detached(fn, p, true))
		}
	}
	return out
}
