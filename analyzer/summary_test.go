package analyzer

import (
	"bytes"
	"cmp"
	"encoding/gob"
	"fmt"
	"math/rand/v2"
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

// TestFactTravels checks that a fact survives the encoding that drivers use,
// without what belongs to one package's analysis.
func TestFactTravels(t *testing.T) {
	f := &funcFact{
		Effects: []effect{{Cat: catNet, Conf: probable, Path: []hop{{Pos: "p/f.go:1:2", Callee: "net.Dial"}}}},
		Uses:    []paramUse{{Param: 1, Mode: modeTask, Loop: loop{Name: "the hub", Kind: "task"}}},
		Results: []resultFact{{Result: 1, Uses: []paramUse{{Param: 0, Outer: true, Mode: modeCall}}}},
	}
	var buf bytes.Buffer
	if err := gob.NewEncoder(&buf).Encode(f); err != nil {
		t.Fatal(err)
	}
	var g funcFact
	if err := gob.NewDecoder(&buf).Decode(&g); err != nil {
		t.Fatal(err)
	}
	if fmt.Sprintf("%+v", g) != fmt.Sprintf("%+v", *f) {
		t.Errorf("got %+v, want %+v", g, *f)
	}
	if want := "net(net.Dial) task(1) result1:calls(0)"; f.String() != want {
		t.Errorf("String() = %q, want %q", f.String(), want)
	}
}
