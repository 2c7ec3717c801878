package analyzer

import (
	"cmp"
	"fmt"
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"
)

// TestTrimKeepsNearest checks that what a bounded summary keeps does not
// depend on the order in which effects were found.
func TestTrimKeepsNearest(t *testing.T) {
	var all []effect
	for i := range 3 * maxEffects {
		var path []hop
		for j := range i%7 + 1 {
			path = append(path, hop{Pos: fmt.Sprintf("p/f.go:%d:%d", i, j), Callee: "f"})
		}
		all = append(all, effect{Cat: categories[i%len(categories)], Conf: definite, Path: path})
	}
	want := ""
	for range 20 {
		rand.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
		s := new(summary)
		for _, e := range all {
			s.addEffect(e)
		}
		s.trim(maxEffects)
		if len(s.effects) != maxEffects {
			t.Fatalf("%d effects, want %d", len(s.effects), maxEffects)
		}
		if got := fmt.Sprint(s.effects); want == "" {
			want = got
		} else if got != want {
			t.Fatal("the order of addition shows in the summary")
		}
	}
}

func TestComparePositions(t *testing.T) {
	sorted := []string{"p/a.go:2:3", "p/a.go:2:11", "p/a.go:13:1", "p/a.go:1000:1", "p/a1.go:1:1", "p/b.go:1:1"}
	for i, a := range sorted {
		for j, b := range sorted {
			if got := comparePositions(a, b); got != cmp.Compare(i, j) {
				t.Errorf("comparePositions(%q, %q) = %d, want %d", a, b, got, cmp.Compare(i, j))
			}
		}
	}
}

// TestFactTravels checks that facts survive their encoding, without what
// belongs to one package's analysis, and that a damaged one is as good as
// none.
func TestFactTravels(t *testing.T) {
	path := []hop{{Pos: "p/f.go:1:2", Callee: "net.Dial"}, {Pos: "p/f.go:12:34", Callee: "net.Dial"}, {Pos: "p", Callee: ""}}
	f := &funcFact{
		Parks:    true,
		Blocking: catDB,
		Effects:  []effect{{Cat: catNet, Conf: probable, Path: path}, {Cat: catNet, Conf: possible, Path: path[1:]}},
		Asks:     []effect{{Ask: "field p.T.f", Not: []category{catChan, catNet}, Path: path[:1]}},
		Uses:     []paramUse{{Param: 1, Mode: modeTask, Loop: loop{Name: "the hub", Kind: "task", Fix: "f", Profile: "p", Hub: true, By: "hub.Go"}, Method: "Read", Path: path}},
		Results:  []valueFact{{Index: 1, Uses: []paramUse{{Param: 0, Outer: true, Mode: modeCall}}}},
	}
	code := encodeFunc(f)
	if got := code.decode(); !reflect.DeepEqual(got, f) {
		t.Errorf("got %+v, want %+v", got, f)
	}
	if want := "parks blocking:db net() net() asks(field p.T.f) task(1.Read) result1:calls(0)"; code.String() != want {
		t.Errorf("String() = %q, want %q", code, want)
	}
	p := &packageFact{
		Questions: []question{{Key: "method p.I.M", Root: "r", At: "p/f.go:7:1", Start: "p/f.go:9:1", By: "hub.Go", Loop: loop{Fix: "x"}, Path: path, Chain: 2}},
		Answers:   []answer{{Key: "method p.I.M", Name: "(p.T).M", Pos: "q/g.go:1:1", Conf: definite, Effects: f.Effects}},
	}
	all := encodePackage(p)
	if got := all.decode(); !reflect.DeepEqual(got, p) {
		t.Errorf("got %+v, want %+v", got, p)
	}
	for i := range *code {
		short := (*code)[:i]
		if got := short.decode(); !got.empty() {
			t.Fatalf("the first %d bytes of a fact give %+v", i, got)
		}
		bent := slices.Clone(*code)
		bent[i] ^= 0xff
		bent.decode()
	}
	for i := range *all {
		short := (*all)[:i]
		if got := short.decode(); len(got.Questions)+len(got.Answers) > 0 {
			t.Fatalf("the first %d bytes of a fact give %+v", i, got)
		}
	}
}
