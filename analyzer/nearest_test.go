package analyzer

import "testing"

func TestDistance(t *testing.T) {
	for _, tt := range []struct {
		a, b string
		want int
	}{
		{"", "", 0}, {"", "abc", 3}, {"abc", "", 3}, {"abc", "abc", 0}, {"kitten", "sitting", 3}, {"ab", "ba", 2}, {"efects", "effects", 1},
	} {
		if got := distance(tt.a, tt.b); got != tt.want {
			t.Errorf("distance(%q, %q) = %d, want %d", tt.a, tt.b, got, tt.want)
		}
	}
}

func TestMeant(t *testing.T) {
	names := []string{"sleep", "chan", "bubbletea", "Store.Save"}
	for name, want := range map[string]string{
		"slep": "; did you mean sleep?", "bubble": "; did you mean bubbletea?", "store.save": "; did you mean Store.Save?", "xyz": "", "": "",
	} {
		if got := meant(name, names); got != want {
			t.Errorf("meant(%q) = %q, want %q", name, got, want)
		}
	}
}
