package analyzer

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"

	"go.yaml.in/yaml/v3"
)

// ConfigName is the name of the configuration file. The one in the
// directory of a package, or in the nearest directory above it, applies.
const ConfigName = ".blocklint.yaml"

// A config is what a configuration file says. Its zero value changes
// nothing.
type config struct {
	Profiles  map[string]bool     // profiles by name: false turns one off
	Effects   map[string]string   // what functions do, by symbol, in the words of std.txt, or none
	Roots     []string            // functions that run on a loop, by symbol
	Escapes   map[string][]int    // parameters that run elsewhere, by symbol
	Severity  map[category]string // off, possible, probable or definite at most
	Exclude   []string            // paths without findings, relative to the file
	Tests     *bool               // false: without roots in test files
	Generated *bool               // false: without findings in generated files

	dir    string
	known  effectTable
	levels map[category]confidence
}

var noConfig = new(config)

var configs sync.Map // of func() (*config, error), by file name

// configFor returns the configuration of the packages in dir.
func configFor(dir string) (*config, error) {
	file := findConfig(dir)
	if file == "" {
		return noConfig, nil
	}
	load, _ := configs.LoadOrStore(file, sync.OnceValues(func() (*config, error) { return readConfig(file) }))
	return load.(func() (*config, error))()
}

func findConfig(dir string) string {
	for {
		file := filepath.Join(dir, ConfigName)
		if _, err := os.Stat(file); err == nil {
			return file
		}
		parent := filepath.Dir(dir)
		if parent == dir {
			return ""
		}
		dir = parent
	}
}

// CheckConfig reports what is wrong with the configuration that applies in
// dir, on one line that names the file.
func CheckConfig(dir string) error {
	_, err := configFor(dir)
	return err
}

// ConfigContent returns the content of every configuration file that may
// apply to packages in and below dir, for keys of caches.
func ConfigContent(dir string) []byte {
	var out []byte
	add := func(file string) {
		if data, err := os.ReadFile(file); err == nil {
			out = append(append(append(out, file...), 0), data...)
		}
	}
	if file := findConfig(dir); file != "" {
		add(file)
	}
	_ = filepath.WalkDir(dir, func(path string, d os.DirEntry, err error) error {
		if err != nil {
			return nil
		}
		if name := d.Name(); d.IsDir() && path != dir && (strings.HasPrefix(name, ".") || name == "node_modules") {
			return filepath.SkipDir
		} else if name == ConfigName {
			add(path)
		}
		return nil
	})
	return out
}

var yamlField = regexp.MustCompile(`line (\d+): field (\S+) not found`)

func readConfig(file string) (*config, error) {
	data, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	c := &config{dir: filepath.Dir(file)}
	dec := yaml.NewDecoder(bytes.NewReader(data))
	dec.KnownFields(true)
	if err := dec.Decode(c); err != nil && !errors.Is(err, io.EOF) {
		if m := yamlField.FindStringSubmatch(err.Error()); m != nil {
			return nil, fmt.Errorf("%s:%s: unknown key %s: the keys are profiles, effects, roots, escapes, severity, exclude, tests and generated", file, m[1], m[2])
		}
		return nil, fmt.Errorf("%s: %s", file, strings.Join(strings.Fields(err.Error()), " "))
	}
	if err := c.compile(); err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	return c, nil
}

// compile checks the values and brings them into the form that is used.
func (c *config) compile() error {
	for name := range c.Profiles {
		if !slices.ContainsFunc(profiles(), func(p *profile) bool { return p.Name == name }) {
			return fmt.Errorf("profiles: there is no profile %s", name)
		}
	}
	c.known = make(effectTable)
	for symbol, words := range c.Effects {
		if words == "none" {
			c.known[symbol] = &known{returns: -1, wraps: -1}
			continue
		}
		t, err := parseTable(symbol + " " + words)
		if err != nil {
			return fmt.Errorf("effects: %w", err)
		}
		c.known[symbol] = t[symbol]
	}
	for symbol, params := range c.Escapes {
		k := c.known[symbol]
		if k == nil {
			k = &known{returns: -1, wraps: -1}
			c.known[symbol] = k
		}
		for _, p := range params {
			k.uses = append(k.uses, paramUse{Param: p + boolToInt(isMethodSymbol(symbol)), Mode: modeGo})
		}
	}
	c.levels = make(map[category]confidence)
	for cat, word := range c.Severity {
		level, ok := map[string]confidence{"off": 0, "possible": possible, "probable": probable, "definite": definite}[word]
		if !ok || !validCategory(string(cat)) {
			return fmt.Errorf("severity: %s: %s: write CATEGORY: off, possible, probable or definite", cat, word)
		}
		c.levels[cat] = level
	}
	return nil
}

func boolToInt(b bool) int {
	if b {
		return 1
	}
	return 0
}

// level lowers a confidence to what the configuration has for the category.
// The result is 0 for a category that is off.
func (c *config) level(cat category, conf confidence) confidence {
	if most, ok := c.levels[cat]; ok {
		return min(conf, most)
	}
	return conf
}

// excluded reports whether a file is to be left out.
func (c *config) excluded(file string) bool {
	rel, err := filepath.Rel(c.dir, file)
	if err != nil || c.dir == "" {
		return false
	}
	rel = filepath.ToSlash(rel)
	return slices.ContainsFunc(c.Exclude, func(pattern string) bool {
		pattern = strings.TrimSuffix(strings.TrimSuffix(pattern, "..."), "/")
		if rel == pattern || strings.HasPrefix(rel, pattern+"/") {
			return true
		}
		ok, _ := filepath.Match(pattern, rel)
		return ok
	})
}
