package analyzer

import (
	_ "embed"
	"strings"
	"sync"
)

//go:embed categories.md
var categoryText string

// A Category is what there is to know about the findings of one category.
type Category struct {
	Name    string
	Summary string // one sentence
	Harm    string // what goes wrong
	Wrong   string // code that is reported
	Right   string // and what to write in its place
}

var categoryDocs = sync.OnceValue(func() map[string]Category {
	out := make(map[string]Category)
	for section := range strings.SplitSeq("\n"+categoryText, "\n# ") {
		name, rest, ok := strings.Cut(section, "\n")
		if !ok || name == "" {
			continue
		}
		text, code, _ := strings.Cut(rest, "```go wrong\n")
		wrong, code, _ := strings.Cut(code, "```")
		_, code, _ = strings.Cut(code, "```go right\n")
		right, _, _ := strings.Cut(code, "```")
		summary, harm, _ := strings.Cut(text, "\n\n")
		out[name] = Category{name, strings.TrimSpace(summary), strings.TrimSpace(harm), wrong, right}
	}
	return out
})

// Categories returns what there is to know about each category, in the
// order in which the documentation names them.
func Categories() []Category {
	var out []Category
	for _, c := range categories {
		doc := categoryDocs()[string(c)]
		doc.Name = string(c)
		out = append(out, doc)
	}
	return out
}

// A Profile is an event loop that the analyzer knows without directives.
type Profile struct {
	Name     string
	Loop     string   // as findings name it
	Docs     string   // where its documentation forbids to block it
	Packages []string // import paths; the profile is active where one is imported
}

// Profiles returns the profiles that ship, sorted by name.
func Profiles() []Profile {
	var out []Profile
	for _, p := range profiles() {
		out = append(out, Profile{p.Name, p.Loop, p.Docs, p.Packages})
	}
	return out
}

// Suggest returns "; did you mean x?" if one of names is near to name, and
// nothing otherwise.
func Suggest(name string, names []string) string { return meant(name, names) }
