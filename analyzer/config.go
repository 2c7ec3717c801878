package analyzer

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
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

	name   string // of the file
	text   []byte // in it
	dir    string
	known  effectTable
	levels map[category]confidence
}

var noConfig = new(config)

var configs sync.Map // of func() (*config, error), by file name

// configFor returns the configuration of the packages in dir.
func configFor(dir string) (*config, error) {
	if inline != nil {
		return inline, nil
	}
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
		if _, err := os.Lstat(file); err == nil { // a link to nowhere is a mistake to report
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
// dir, on one line that begins with the file.
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

// Configure makes text the configuration of every package, in place of any
// file. Its form is that of the file; paths in it are relative to dir. It is
// for drivers that keep settings elsewhere, and to be called before the
// analyzer runs.
func Configure(name, dir string, text []byte) error {
	c, err := parseConfig(name, dir, text)
	inline = c
	return err
}

var inline *config // set by Configure

func readConfig(file string) (*config, error) {
	data, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	return parseConfig(file, filepath.Dir(file), data)
}

func parseConfig(name, dir string, data []byte) (*config, error) {
	c := &config{name: name, text: data, dir: dir}
	dec := yaml.NewDecoder(bytes.NewReader(data))
	dec.KnownFields(true)
	if err := dec.Decode(c); err != nil && !errors.Is(err, io.EOF) {
		return nil, explainYAML(name, data, err)
	}
	if dec.Decode(new(yaml.Node)) == nil {
		return nil, fmt.Errorf("%s:1: there is a second document: write one, without --- in between", name)
	}
	if err := c.compile(); err != nil {
		return nil, err.in(name, data)
	}
	return c, nil
}

// compile checks the values and brings them into the form that is used.
func (c *config) compile() *configError {
	for _, name := range slices.Sorted(maps.Keys(c.Profiles)) {
		if !slices.ContainsFunc(profiles(), func(p *profile) bool { return p.Name == name }) {
			return &configError{"profiles", name, "there is no such profile" + meant(name, profileNames())}
		}
	}
	c.known = make(effectTable)
	for _, symbol := range slices.Sorted(maps.Keys(c.Effects)) {
		words := c.Effects[symbol]
		if words == "" {
			return &configError{"effects", symbol, "nothing: write a category, or none"}
		}
		if words == "none" {
			c.known[symbol] = &known{returns: -1, wraps: -1}
			continue
		}
		t, err := parseTable(symbol + " " + words)
		if err != nil {
			return &configError{"effects", symbol, strings.TrimPrefix(err.Error(), symbol+": ")}
		}
		c.known[symbol] = t[symbol]
	}
	for _, symbol := range c.Roots {
		if !strings.Contains(symbol, ".") {
			return &configError{"roots", symbol, "not a function: write import/path.Func or import/path.Type.Method"}
		}
	}
	for _, pattern := range c.Exclude {
		if _, err := filepath.Match(pattern, ""); err != nil {
			return &configError{"exclude", pattern, "not a pattern: its brackets do not match"}
		}
	}
	for _, symbol := range slices.Sorted(maps.Keys(c.Escapes)) {
		params := c.Escapes[symbol]
		k := c.known[symbol]
		if k == nil {
			k = &known{returns: -1, wraps: -1}
			c.known[symbol] = k
		}
		for _, p := range params {
			if p < 0 {
				return &configError{"escapes", symbol, fmt.Sprintf("%d: parameters count from 0", p)}
			}
			k.uses = append(k.uses, paramUse{Param: p + boolToInt(isMethodSymbol(symbol)), Mode: modeGo})
		}
	}
	c.levels = make(map[category]confidence)
	for _, cat := range slices.Sorted(maps.Keys(c.Severity)) {
		word := c.Severity[cat]
		level, ok := map[string]confidence{"off": 0, "possible": possible, "probable": probable, "definite": definite}[word]
		if !validCategory(string(cat)) {
			return &configError{"severity", string(cat), fmt.Sprintf("there is no such category: they are %s%s", categoryList(), meant(string(cat), categoryNames()))}
		}
		if !ok {
			return &configError{"severity", string(cat), fmt.Sprintf("%s: write off, possible, probable or definite%s", word, meant(word, []string{"off", "possible", "probable", "definite"}))}
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
