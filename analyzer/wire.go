package analyzer

import (
	"encoding/binary"
	"strconv"
	"strings"
)

// Facts travel as bytes that are taken apart only where they are used: a
// driver encodes and decodes the facts of everything that a package
// imports, and most of them are never looked at.
type (
	funcCode    []byte // of a funcFact
	packageCode []byte // of a packageFact
)

func (*funcCode) AFact()    {}
func (*packageCode) AFact() {}

func (c *funcCode) String() string    { return c.decode().String() }
func (c *packageCode) String() string { return c.decode().String() }

func encodeFunc(f *funcFact) *funcCode {
	var w wire
	w.funcFact(f)
	return (*funcCode)(&w.buf)
}

func (c *funcCode) decode() *funcFact {
	f := new(funcFact)
	if w := (wire{buf: *c, reading: true}); w.funcFact(f) && !w.bad {
		return f
	}
	return new(funcFact) // of another version of the tool: as good as none
}

func encodePackage(f *packageFact) *packageCode {
	var w wire
	w.packageFact(f)
	return (*packageCode)(&w.buf)
}

func (c *packageCode) decode() *packageFact {
	f := new(packageFact)
	if w := (wire{buf: *c, reading: true}); w.packageFact(f) && !w.bad {
		return f
	}
	return new(packageFact)
}

// A wire writes values to buf or, when reading, takes them from there, so
// that one description of a type serves both ways. A string is spelled out
// once; later it is the number that it had then.
type wire struct {
	buf     []byte
	reading bool
	bad     bool // the buffer does not hold what is asked for

	strings []string
	numbers map[string]int
}

func (w *wire) int(n *int) {
	if !w.reading {
		w.buf = binary.AppendUvarint(w.buf, uint64(*n))
		return
	}
	v, size := binary.Uvarint(w.buf)
	if size <= 0 || v > 1<<31 {
		w.bad, w.buf = true, nil
		*n = 0
		return
	}
	w.buf = w.buf[size:]
	*n = int(v)
}

func (w *wire) bools(bs ...*bool) {
	n := 0
	for i, b := range bs {
		n |= boolToInt(*b) << i
	}
	w.int(&n)
	for i, b := range bs {
		*b = n&(1<<i) != 0
	}
}

// str writes 0 for a new string and its number, from 1, for one that came
// before.
func (w *wire) str(s *string) {
	n := w.numbers[*s]
	w.int(&n)
	if w.reading && n > 0 {
		if n > len(w.strings) {
			w.bad = true
			return
		}
		*s = w.strings[n-1]
		return
	}
	if n > 0 {
		return
	}
	size := len(*s)
	w.int(&size)
	if !w.reading {
		w.buf = append(w.buf, *s...)
		if w.numbers == nil {
			w.numbers = make(map[string]int)
		}
		w.numbers[*s] = len(w.numbers) + 1
		return
	}
	if size > len(w.buf) {
		w.bad = true
		return
	}
	*s = string(w.buf[:size])
	w.buf = w.buf[size:]
	w.strings = append(w.strings, *s)
}

// pos writes a position, of which only the file is worth a string.
func (w *wire) pos(s *string) {
	file, line, column := *s, 0, 0
	if i := strings.IndexByte(file, ':'); i >= 0 && !w.reading {
		l, c, _ := strings.Cut(file[i+1:], ":")
		line, _ = strconv.Atoi(l)
		column, _ = strconv.Atoi(c)
		file = file[:i]
	}
	w.str(&file)
	w.int(&line)
	w.int(&column)
	if w.reading {
		*s = file
		if line > 0 {
			*s += ":" + strconv.Itoa(line) + ":" + strconv.Itoa(column)
		}
	}
}

// list writes the length of a list and then each of its elements.
func list[T any](w *wire, elems *[]T, each func(*T)) {
	n := len(*elems)
	w.int(&n)
	if w.reading {
		if n > len(w.buf) { // an element takes at least a byte
			w.bad = true
			return
		}
		if n > 0 {
			*elems = make([]T, n)
		}
	}
	for i := range *elems {
		each(&(*elems)[i])
	}
}

func (w *wire) category(c *category) { w.str((*string)(c)) }

func (w *wire) confidence(c *confidence) {
	n := int(*c)
	w.int(&n)
	*c = confidence(n)
}

func (w *wire) path(p *[]hop) {
	list(w, p, func(h *hop) {
		w.pos(&h.Pos)
		w.str(&h.Callee)
	})
}

func (w *wire) effects(l *[]effect) {
	list(w, l, func(x *effect) {
		w.category(&x.Cat)
		w.confidence(&x.Conf)
		w.path(&x.Path)
		over, ask := x.Over != "", x.Ask != ""
		w.bools(&over, &ask)
		if over {
			w.pos(&x.Over)
		}
		if ask {
			w.str(&x.Ask)
			list(w, &x.Not, w.category)
			w.arguments(&x.Given)
		}
	})
}

func (w *wire) loop(l *loop) {
	for _, s := range []*string{&l.Name, &l.Kind, &l.Fix, &l.Profile, &l.By} {
		w.str(s)
	}
	w.bools(&l.Hub)
}

func (w *wire) uses(l *[]paramUse) {
	list(w, l, func(u *paramUse) {
		m := int(u.Mode)
		w.int(&u.Param)
		w.bools(&u.Outer)
		w.int(&m)
		u.Mode = mode(m)
		w.loop(&u.Loop)
		w.path(&u.Path)
		w.str(&u.Method)
		w.str(&u.Ask)
		w.arguments(&u.Given)
	})
}

func (w *wire) arguments(a *arguments) {
	some := !a.none()
	if w.bools(&some); !some {
		return
	}
	list(w, &a.Params, func(p *paramArg) {
		w.int(&p.Index)
		w.int(&p.Param)
		w.bools(&p.Outer)
	})
	w.values(&a.Funcs)
}

func (w *wire) values(l *[]valueFact) {
	list(w, l, func(v *valueFact) {
		w.int(&v.Index)
		w.str(&v.Method)
		w.str(&v.Name)
		w.effects(&v.Effects)
		w.effects(&v.Asks)
		w.uses(&v.Uses)
	})
}

func (w *wire) funcFact(f *funcFact) bool {
	w.bools(&f.Cooperative, &f.Nonblocking, &f.Parks, &f.Root)
	w.category(&f.Blocking)
	w.effects(&f.Effects)
	w.effects(&f.Asks)
	w.uses(&f.Uses)
	w.values(&f.Results)
	return !w.bad
}

func (w *wire) packageFact(f *packageFact) bool {
	list(w, &f.Questions, func(q *question) {
		for _, s := range []*string{&q.Key, &q.Root, &q.By} {
			w.str(s)
		}
		w.pos(&q.At)
		w.pos(&q.Start)
		w.loop(&q.Loop)
		w.path(&q.Path)
		list(w, &q.Not, w.category)
		w.arguments(&q.Given)
		w.int(&q.Chain)
	})
	list(w, &f.Answers, func(a *answer) {
		w.str(&a.Key)
		w.str(&a.Func)
		w.str(&a.Name)
		w.pos(&a.Pos)
		w.category(&a.Blocking)
		w.confidence(&a.Conf)
		w.effects(&a.Effects)
		w.effects(&a.Asks)
		w.uses(&a.Uses)
	})
	list(w, &f.Notes, w.str)
	return !w.bad
}
