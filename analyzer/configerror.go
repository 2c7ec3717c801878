package analyzer

import (
	"cmp"
	"fmt"
	"reflect"
	"regexp"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"
)

// A configError is a value that a configuration cannot have, by the key of
// its section and its own.
type configError struct{ section, key, text string }

// in returns the error for a reader: on one line, with the file and the
// line in it.
func (e *configError) in(file string, data []byte) error {
	return fmt.Errorf("%s:%d: %s: %s: %s", file, e.line(data), e.section, e.key, e.text)
}

// line finds the line of the key.
func (e *configError) line(data []byte) int {
	var doc yaml.Node
	if err := yaml.Unmarshal(data, &doc); err != nil || len(doc.Content) == 0 {
		return 1
	}
	_, section := entryOf(doc.Content[0], e.section)
	if section == nil {
		return 1
	}
	if key, _ := entryOf(section, e.key); key != nil {
		return key.Line
	}
	for _, item := range section.Content { // of a list
		if item.Value == e.key {
			return item.Line
		}
	}
	return section.Line
}

// entryOf finds an entry of a mapping.
func entryOf(n *yaml.Node, name string) (key, value *yaml.Node) {
	for i := 0; i+1 < len(n.Content); i += 2 {
		if n.Content[i].Value == name {
			return n.Content[i], n.Content[i+1]
		}
	}
	return nil, nil
}

var (
	yamlField = regexp.MustCompile(`line (\d+): field (\S+) not found`)
	yamlLine  = regexp.MustCompile(`line (\d+): (.*)`)
	yamlType  = regexp.MustCompile("^cannot unmarshal !!(\\w+)(?: (`.*`))? into (.*)$")
)

// kindNames says what the YAML library calls otherwise: its own types, and
// those of Go.
var kindNames = map[string]string{
	"seq": "a list", "map": "a mapping", "str": "a text", "int": "a number", "bool": "true or false",
	"analyzer.config": "a mapping of keys to values", "[]string": "a list of texts", "[]int": "a list of numbers", "string": "a text",
	"map[string]bool": "a mapping to true or false", "map[string]string": "a mapping to texts",
	"map[string][]int": "a mapping to lists of numbers", "map[analyzer.category]string": "a mapping of categories to texts",
}

// explainType says which kind of value stands where which other belongs, if
// that is what text is about.
func explainType(text string) string {
	m := yamlType.FindStringSubmatch(text)
	if m == nil || kindNames[m[3]] == "" {
		return text
	}
	found := m[2]
	if found == "" {
		found = cmp.Or(kindNames[m[1]], m[1])
	}
	return fmt.Sprintf("%s stands where %s belongs", found, kindNames[m[3]])
}

// explainYAML puts what the YAML library says about a file on one line. Of
// several mistakes it names the first.
func explainYAML(file string, data []byte, err error) error {
	if m := yamlField.FindStringSubmatch(err.Error()); m != nil {
		keys := ConfigKeys()
		return fmt.Errorf("%s:%s: unknown key %s: the keys are %s%s", file, m[1], m[2], strings.Join(keys, ", "), meant(m[2], keys))
	}
	if m := yamlLine.FindStringSubmatch(err.Error()); m != nil {
		n, _ := strconv.Atoi(m[1])
		if lines := strings.Split(string(data), "\n"); 0 < n && n <= len(lines) && strings.HasPrefix(strings.TrimLeft(lines[n-1], " "), "\t") {
			m[2] += ": indent with spaces, not tabs"
		}
		return fmt.Errorf("%s:%d: %s", file, n, explainType(m[2]))
	}
	text := strings.TrimPrefix(strings.Join(strings.Fields(err.Error()), " "), "yaml: ")
	return fmt.Errorf("%s:1: %s", file, text)
}

// ConfigKeys lists the keys of the configuration file.
func ConfigKeys() []string {
	var out []string
	for f := range reflect.TypeFor[config]().Fields() {
		if f.IsExported() {
			out = append(out, strings.ToLower(f.Name))
		}
	}
	return out
}

func profileNames() []string {
	var out []string
	for _, p := range profiles() {
		out = append(out, p.Name)
	}
	return out
}
