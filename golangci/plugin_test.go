package golangci_test

import (
	"strings"
	"testing"

	"github.com/golangci/plugin-module-register/register"

	"github.com/seed6bcf1587/coop/analyzer"
	_ "github.com/seed6bcf1587/coop/golangci"
)

func TestSettings(t *testing.T) {
	t.Cleanup(func() {
		_ = analyzer.Analyzer.Flags.Set("min", "probable")
		_ = analyzer.Configure("", "", nil)
	})
	newPlugin, err := register.GetPlugin("blocklint")
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		name     string
		settings any
		want     string // part of the error, or nothing
	}{
		{"none", nil, ""},
		{"empty", map[string]any{}, ""},
		{"all", map[string]any{
			"min": "possible", "profiles": map[string]any{"tview": false}, "severity": map[string]any{"file": "off"}, "roots": []any{"a/b.C"},
			"exclude": []any{"gen"}, "tests": false, "generated": false,
			"effects": []any{"a/b.D.E: net", "a/b.F: none"}, "escapes": []any{"a/b.P.Submit: [0]"},
		}, ""},
		{"unknown key", map[string]any{"efects": []any{}}, "efects"},
		{"a map of effects", map[string]any{"effects": map[string]any{"a": "net"}}, "lists of strings in quotes"},
		{"an entry without value", map[string]any{"effects": []any{"a/b.D"}}, "effects: a/b.D: write SYMBOL: VALUE"},
		{"unknown word", map[string]any{"effects": []any{"a/b.D: nap"}}, `unknown word "nap"`},
		{"unknown profile", map[string]any{"profiles": map[string]any{"bubble": true}}, "did you mean bubbletea?"},
		{"unknown level", map[string]any{"min": "maybe"}, "min maybe"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			p, err := newPlugin(tt.settings)
			if tt.want != "" {
				if err == nil || !strings.Contains(err.Error(), tt.want) {
					t.Errorf("error %v, want one with %q", err, tt.want)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			list, err := p.BuildAnalyzers()
			if err != nil || len(list) != 1 || list[0] != analyzer.Analyzer || p.GetLoadMode() != register.LoadModeTypesInfo {
				t.Errorf("analyzers %v, load mode %s, error %v", list, p.GetLoadMode(), err)
			}
		})
	}
	if got := analyzer.Analyzer.Flags.Lookup("min").Value.String(); got != "possible" {
		t.Errorf("-min is %s after setting it to possible", got)
	}
}
