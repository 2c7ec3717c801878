package analyzer

import (
	"strings"
	"testing"
)

// TestProfiles parses what ships: a broken file must not wait for a user.
func TestProfiles(t *testing.T) {
	for _, p := range profiles() {
		if !strings.HasPrefix(p.Docs, "https://") {
			t.Errorf("%s: docs %q is no link to what forbids blocking", p.Name, p.Docs)
		}
		for _, r := range p.Roots {
			forms := 0
			for _, set := range []bool{
				r.Implements != "" && len(r.Methods) > 0, r.Func != "", r.Field != "", r.Takes != "",
				r.Param != "" && len(r.Params) > 0,
			} {
				forms += boolToInt(set)
			}
			if forms != 1 {
				t.Errorf("%s: root %+v has %d forms, want 1", p.Name, r, forms)
			}
		}
	}
}

func TestParseProfileErrors(t *testing.T) {
	const head = "name: x\ndocs: https://x\nloop: the loop\npackages: [x]\n"
	for _, tt := range []struct{ text, want string }{
		{"name: x\n", "required"},
		{head + "rots: []\n", "field rots not found"},
		{head + "blocking: {F: nap}\n", `unknown category "nap"`},
	} {
		if _, err := parseProfile([]byte(tt.text)); err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("parseProfile(%q) = %v, want an error with %q", tt.text, err, tt.want)
		}
	}
}
