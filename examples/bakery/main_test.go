package main

import (
	"strings"
	"testing"
)

const want = `  2 min  baker shelves loaf 1
  2 min  Ada takes loaf 1
  4 min  baker shelves loaf 2
  4 min  Bob takes loaf 2
  6 min  baker shelves loaf 3
  8 min  baker shelves loaf 4
 13 min  Ada takes loaf 3
 13 min  baker shelves loaf 5 after 3m0s at the full shelf
 15 min  Bob takes loaf 4
 15 min  baker shelves loaf 6
 15 min  baker takes a break
 24 min  Ada takes loaf 5
 26 min  Bob takes loaf 6
 52 min  Bob leaves: no bread for 15m0s
 77 min  baker shelves loaf 7
 77 min  Ada takes loaf 7
 79 min  baker shelves loaf 8
 88 min  Ada takes loaf 8
189 min  Ada leaves: no bread for 1h30m0s
`

func TestSimulate(t *testing.T) {
	var out strings.Builder
	if err := simulate(t.Context(), &out); err != nil {
		t.Error(err)
	}
	if out.String() != want {
		t.Errorf("got\n%swant\n%s", &out, want)
	}
}
