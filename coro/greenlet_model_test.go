package coro_test

import (
	"errors"
	"io"
	"math/rand/v2"
	"runtime"
	"testing"

	"github.com/seed6bcf1587/coop/coro"
	"github.com/seed6bcf1587/coop/internal/worlds"
)

// A walk is a number of greenlets that do random things to one another. The reference beside it needs no coroutines: it computes, from
// who was told what, to whom control must come next and with what; each greenlet that gets control checks that it is meant.
type walk struct {
	t     *testing.T
	rng   source
	main  *party
	all   []*party // alive or dead
	steps int
	over  bool // all are to end

	// Who is to get control next, and what with it.
	want  *party
	value int
	err   error
}

type party struct {
	g             *green
	parent        *party
	started, dead bool
}

// tell notes in the reference that v or err goes to p.
func (w *walk) tell(p *party, v int, err error) {
	for p.dead || !p.started && err != nil {
		p.dead = true
		if errors.Is(err, coro.ErrExit) {
			err = nil
		}
		p = p.parent
	}
	p.started = true
	w.want, w.value, w.err = p, v, err
}

// got checks that p is who was to get control.
func (w *walk) got(p *party, v int, err error) {
	if w.want != p || w.value != v || !errors.Is(err, w.err) || (err == nil) != (w.err == nil) {
		w.t.Errorf("control comes to the wrong greenlet, or with %d, %v instead of %d, %v", v, err, w.value, w.err)
	}
	if coro.Current[int]() != p.g || p.g.Dead() {
		w.t.Error("the greenlet that has control is not the current one, or dead")
	}
}

func (w *walk) spawn(parent *party) {
	p := &party{parent: parent}
	p.g = coro.NewGreenlet(func(v int) int { return w.live(p, v) })
	p.g.SetParent(parent.g)
	w.all = append(w.all, p)
}

// live is the function of a greenlet.
func (w *walk) live(p *party, v int) int {
	w.got(p, v, nil)
	for {
		err := w.step(p)
		end := w.rng(12)
		switch {
		case err != nil && (end < 6 || w.over):
			p.dead = true
			w.tell(p.parent, 0, w.through(err))
			panic(err)
		case end == 6 || w.over:
			p.dead = true
			v := w.rng(1000)
			w.tell(p.parent, v, nil)
			return v
		case end == 7:
			p.dead = true
			w.tell(p.parent, 0, errOther)
			panic(errOther)
		case end == 8:
			p.dead = true
			w.tell(p.parent, 0, coro.ErrGoexit)
			runtime.Goexit()
		}
	}
}

// through is what a parent gets of an error that its child lets through.
func (w *walk) through(err error) error {
	for _, known := range []error{io.EOF, errOther, coro.ErrGoexit} {
		if errors.Is(err, known) {
			return known
		}
	}
	return nil // ErrExit
}

// step lets p, which has control, do something to another, and returns the error that control comes back with.
func (w *walk) step(p *party) (err error) {
	w.steps--
	q := w.all[w.rng(len(w.all))]
	v := 0
	switch act := w.rng(12); {
	case act < 2 && w.steps > 0:
		w.spawn(q)
		return nil
	case act == 2:
		child := w.all[w.rng(len(w.all))]
		refuse := child == w.main
		for a := q; a != nil; a = a.parent {
			refuse = refuse || a == child
		}
		func() {
			defer func() {
				if refused := recover() != nil; refused != refuse {
					w.t.Errorf("SetParent refused: %v, want %v", refused, refuse)
				}
			}()
			child.g.SetParent(q.g)
			child.parent = q
		}()
		return nil
	case act == 3:
		w.tell(q, 0, io.EOF)
		v, err = q.g.Throw(io.EOF)
	case act == 4 && q != w.main:
		w.tell(q, 0, coro.ErrExit)
		v, err = q.g.Throw(coro.ErrExit)
	default:
		n := w.rng(1000)
		w.tell(q, n, nil)
		v, err = q.g.SwitchErr(n)
	}
	w.got(p, v, err)
	return err
}

func randomWalk(t *testing.T, rng source) {
	w := &walk{t: t, rng: rng, steps: 100, main: &party{g: coro.Current[int](), started: true}}
	w.all = []*party{w.main}
	for range 4 {
		w.spawn(w.main)
	}
	for w.steps > 0 {
		_ = w.step(w.main)
	}
	for _, p := range w.all[1:] {
		if p.dead != p.g.Dead() {
			t.Errorf("dead: %v, want %v", p.g.Dead(), p.dead)
		}
	}
	w.over = true // those that are left hold one another, and would never be found
	for _, p := range w.all[1:] {
		for !p.dead {
			w.tell(p, 0, coro.ErrExit)
			v, err := p.g.Throw(coro.ErrExit)
			w.got(w.main, v, err)
		}
	}
}

func TestRandomSwitches(t *testing.T) {
	before := runtime.NumGoroutine()
	for seed := range uint64(worlds.Rounds(1000)) {
		randomWalk(t, rand.New(rand.NewPCG(seed, 4)).IntN)
		if t.Failed() {
			t.Fatalf("seed %d", seed)
		}
	}
	noMoreGoroutines(t, before)
}

func FuzzGreenlet(f *testing.F) {
	for seed := range uint64(20) {
		rng := rand.New(rand.NewPCG(seed, 5))
		data := make([]byte, 200)
		for i := range data {
			data[i] = byte(rng.IntN(256))
		}
		f.Add(data)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		randomWalk(t, func(n int) int {
			if len(data) == 0 {
				return 0
			}
			b := data[0]
			data = data[1:]
			return int(b) % n
		})
	})
}
