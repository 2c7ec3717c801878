// Package golangci makes blocklint a linter of golangci-lint v2, as a module
// plugin. A custom golangci-lint that imports it is made by
// "golangci-lint custom", from a .custom-gcl.yml:
//
//	version: v2.15.0
//	plugins:
//	  - module: github.com/seed6bcf1587/coop/golangci
//	    version: v0.1.0
//
// Settings stand in .golangci.yml and have the keys of .blocklint.yaml, and
// min besides. Where they are given, no .blocklint.yaml is read: golangci-lint
// keeps results by its own file and would not see another one change. It
// also takes keys of settings apart at dots and makes them lower case, so
// effects and escapes are lists of strings here:
//
//	linters:
//	  enable: [blocklint]
//	  settings:
//	    custom:
//	      blocklint:
//	        type: module
//	        settings:
//	          min: probable
//	          profiles: {tview: false}
//	          severity: {file: "off"}
//	          effects: ["example.com/client.Client.Get: net"]
//	          escapes: ["example.com/pool.Pool.Submit: [0]"]
package golangci

import (
	"errors"
	"fmt"
	"os"

	"github.com/golangci/plugin-module-register/register"
	"go.yaml.in/yaml/v3"
	"golang.org/x/tools/go/analysis"

	"github.com/seed6bcf1587/coop/analyzer"
)

func init() { register.Plugin("blocklint", New) }

// settings is what .golangci.yml may say. See [analyzer.Configure].
type settings struct {
	Min       string            `json:"min" yaml:"-"`
	Profiles  map[string]bool   `json:"profiles" yaml:"profiles,omitempty"`
	Severity  map[string]string `json:"severity" yaml:"severity,omitempty"`
	Roots     []string          `json:"roots" yaml:"roots,omitempty"`
	Exclude   []string          `json:"exclude" yaml:"exclude,omitempty"`
	Tests     *bool             `json:"tests" yaml:"tests,omitempty"`
	Generated *bool             `json:"generated" yaml:"generated,omitempty"`
	Effects   []string          `json:"effects" yaml:"-"`
	Escapes   []string          `json:"escapes" yaml:"-"`
}

type plugin struct{}

// New configures the analyzer. There is one in a process, and so there is
// one configuration.
func New(raw any) (register.LinterPlugin, error) {
	if raw == nil {
		return plugin{}, nil
	}
	s, err := register.DecodeSettings[settings](raw)
	if err != nil {
		return nil, fmt.Errorf("blocklint: %w (the keys are min and those of %s; effects and escapes are lists of strings in quotes)", err, analyzer.ConfigName)
	}
	if s.Min != "" {
		if err := analyzer.Analyzer.Flags.Set("min", s.Min); err != nil {
			return nil, fmt.Errorf("blocklint: min %s: %w", s.Min, err)
		}
	}
	text, err := s.yaml()
	if err != nil || text == nil {
		return plugin{}, err
	}
	dir, err := os.Getwd()
	if err != nil {
		return nil, fmt.Errorf("blocklint: %w", err)
	}
	if err := analyzer.Configure("settings of blocklint", dir, text); err != nil {
		return nil, fmt.Errorf("blocklint: %w", err)
	}
	return plugin{}, nil
}

// yaml writes the settings as a configuration file has them, or nothing if
// there are none.
func (s *settings) yaml() ([]byte, error) {
	text, err := yaml.Marshal(s)
	if err != nil {
		return nil, err
	}
	if string(text) == "{}\n" {
		text = nil
	}
	for _, section := range []struct {
		key     string
		entries []string
	}{{"effects", s.Effects}, {"escapes", s.Escapes}} {
		if len(section.entries) == 0 {
			continue
		}
		text = append(text, section.key+":\n"...)
		for _, entry := range section.entries {
			var one map[string]any
			if err := yaml.Unmarshal([]byte(entry), &one); err != nil || len(one) != 1 {
				return nil, errors.New("blocklint: " + section.key + ": " + entry + ": write SYMBOL: VALUE")
			}
			text = append(text, "  "+entry+"\n"...)
		}
	}
	return text, nil
}

func (plugin) BuildAnalyzers() ([]*analysis.Analyzer, error) {
	return []*analysis.Analyzer{analyzer.Analyzer}, nil
}

// GetLoadMode asks for types: the analyzer needs them, and what it learns of
// imported packages.
func (plugin) GetLoadMode() string { return register.LoadModeTypesInfo }
