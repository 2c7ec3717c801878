package main_test

import (
	"testing"

	main "github.com/seed6bcf1587/coop/cmd/blocklint"
)

func TestUnqualified(t *testing.T) {
	for _, test := range []struct{ name, pkg, bare string }{
		{"save", "", "save"},
		{"store.Retry", "store", "Retry"},
		{"store.Retry as f", "store", "Retry as f"},
		{"store.Retry as (store.Saver).Save", "store", "Retry as (store.Saver).Save"},
		{"(*store.Store).Save", "store", "(*Store).Save"},
		{"(store.Store).Save", "store", "(Store).Save"},
		{"(*Store).Save", "", "(*Store).Save"},
		{"(interface).Save", "", "(interface).Save"},
		{"func literal", "", "func literal"},
		{"func literal in main", "", "func literal in main"},
		{"func literal in (*Store).Save", "", "func literal in (*Store).Save"},
		{"func returned by store.New", "store", "func returned by New"},
		{"", "", ""},
	} {
		if pkg, bare := main.Unqualified(test.name); pkg != test.pkg || bare != test.bare {
			t.Errorf("%q: %q, %q, want %q, %q", test.name, pkg, bare, test.pkg, test.bare)
		}
	}
}
