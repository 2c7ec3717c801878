package main

import (
	"strings"
	"testing"
)

const want = `   0s  light turns red
  12s  red car arrives
  24s  blue car arrives
  30s  light turns green
  30s  red car passes
  30s  blue car passes
  36s  green car arrives
  36s  green car passes
  48s  white car arrives
  48s  white car passes
  50s  light turns red
  60s  black car arrives
  72s  taxi arrives
  80s  light turns green
  80s  black car passes
  80s  taxi passes
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
