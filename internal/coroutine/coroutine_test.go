package coroutine_test

import (
	"math/rand/v2"
	"runtime"
	"testing"

	"github.com/seed6bcf1587/coop/internal/coroutine"
)

// A party of the random walk: it notes each time that control comes to it.
type party struct {
	co     *coroutine.Coroutine
	visits int
}

// walk is the plain reference beside the thing itself: a list of who is to have control when. The reference needs no
// coroutines at all: control is wherever the last step of the script says.
type walk struct {
	t      *testing.T
	set    coroutine.Set
	rng    *rand.Rand
	owner  *party
	all    []*party // unfinished, owner first
	steps  int
	want   *party // whom the script gave control to last
	goexit bool
}

func (w *walk) pick() *party { return w.all[w.rng.IntN(len(w.all))] }

func (w *walk) arrived(p *party) {
	if w.want != p {
		w.t.Fatalf("control came to the wrong coroutine")
	}
	p.visits++
}

func (w *walk) transfer(from, to *party) {
	w.want = to
	if from == to {
		p := from
		p.visits++
		return
	}
	w.set.Transfer(from.co, to.co)
	w.arrived(from)
}

// spawn adds a coroutine that walks on, and ends now and then: by return or by Goexit.
func (w *walk) spawn() {
	p := &party{}
	p.co = w.set.New(func() {
		defer func() {
			for i, q := range w.all {
				if q == p {
					w.all = append(w.all[:i], w.all[i+1:]...)
					break
				}
			}
			w.want = w.pick()
			w.set.Exit(w.want.co)
		}()
		w.arrived(p)
		for {
			w.step(p)
			switch {
			case w.steps > 0 && w.rng.IntN(20) != 0:
			case w.goexit && w.rng.IntN(2) == 0:
				runtime.Goexit()
			default:
				return
			}
		}
	})
	w.all = append(w.all, p)
}

func (w *walk) step(p *party) {
	w.steps--
	if w.steps > 0 && w.rng.IntN(10) == 0 {
		w.spawn()
	}
	w.transfer(p, w.pick())
}

// TestRandomTransfers lets coroutines come, go and switch in random order, and checks at each switch that control came
// to the one it was meant for, and at the end that no goroutine is left.
func TestRandomTransfers(t *testing.T) {
	for _, goexit := range []bool{false, true} {
		for seed := range uint64(200) {
			before := runtime.NumGoroutine()
			w := &walk{t: t, rng: rand.New(rand.NewPCG(seed, 1)), steps: 2000, goexit: goexit}
			w.owner = &party{co: new(coroutine.Coroutine)}
			w.all = []*party{w.owner}
			w.want = w.owner
			for range 5 {
				w.spawn()
			}
			for w.steps > 0 || len(w.all) > 1 {
				w.step(w.owner)
			}
			if n := runtime.NumGoroutine(); n > before {
				t.Fatalf("seed %d: %d goroutines before, %d after", seed, before, n)
			}
		}
	}
}

// TestTransferAllocates pins that a switch allocates nothing.
func TestTransferAllocates(t *testing.T) {
	var set coroutine.Set
	var owner coroutine.Coroutine
	var a *coroutine.Coroutine
	done := false
	a = set.New(func() {
		for !done {
			set.Transfer(a, &owner)
		}
		set.Exit(&owner)
	})
	if n := testing.AllocsPerRun(100, func() { set.Transfer(&owner, a) }); n != 0 {
		t.Errorf("a switch there and back allocates %v times", n)
	}
	done = true
	set.Transfer(&owner, a)
}
