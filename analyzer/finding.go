package analyzer

import (
	"encoding/json"
	"go/token"
	"strconv"
	"strings"

	"golang.org/x/tools/go/analysis"
)

// A Finding is a diagnostic in full, for drivers that show more than its one
// line. With the flag -detail each diagnostic has one attached: see
// [FindingOf].
type Finding struct {
	// Kind is "block" for an operation that blocks a root, "directive" for a
	// directive that is wrong or unused, "config" for a configuration that is
	// wrong, "note" for one of another module, "root" for a root and "why" for
	// a function that the flag -why names. The latter three are no defects.
	Kind       string `json:"kind"`
	Package    string `json:"package"` // import path of the package under analysis
	Module     string `json:"module,omitempty"`
	Message    string `json:"message"`    // the whole on one line
	At         Place  `json:"reportedAt"` // where that line stands under go vet
	Category   string `json:"category,omitempty"`
	Confidence string `json:"confidence,omitempty"`
	Operation  string `json:"operation,omitempty"` // what blocks
	Loop       string `json:"loop,omitempty"`      // what it blocks
	Root       *Root  `json:"root,omitempty"`
	Path       []Step `json:"path,omitempty"` // from the root to the operation, which is the last
	Fix        string `json:"fix,omitempty"`  // what to do about it
}

// A Root is a function that must not block.
type Root struct {
	Name    string `json:"name"`
	At      Place  `json:"at"`
	How     string `json:"how"`               // how it became one; the verb %s stands for Start
	Start   Place  `json:"start"`             // where it became one
	Profile string `json:"profile,omitempty"` // which profile says so
}

// A Step is one call of a path, or the operation at its end.
type Step struct {
	Name string `json:"name"` // what is called
	At   Place  `json:"at"`   // where
}

// A Place is a position in a source file.
type Place struct {
	File   string `json:"file"` // absolute, or the import path of its package and its base name
	Line   int    `json:"line"`
	Column int    `json:"column"` // in bytes, from 1
	// EndLine is the last line of the function, for the place of a root.
	EndLine int `json:"endLine,omitempty"`
}

// FindingOf decodes what the flag -detail attaches to a diagnostic: the
// message of its first related information. It reports whether that is one.
func FindingOf(message string) (Finding, bool) {
	var f Finding
	err := json.Unmarshal([]byte(message), &f)
	return f, err == nil && f.Kind != ""
}

// attach attaches f to d, which has its message already.
func (e *engine) attach(d *analysis.Diagnostic, f Finding) {
	if !detail {
		return
	}
	attach(e.pass, d, f)
}

func attach(pass *analysis.Pass, d *analysis.Diagnostic, f Finding) {
	f.Package = sourcePath(pass.Pkg)
	if pass.Module != nil {
		f.Module = pass.Module.Path
	}
	f.Message = d.Message
	f.At = placeAt(pass.Fset, d.Pos)
	text, err := json.Marshal(f)
	if err != nil {
		panic("analyzer: " + err.Error()) // there is nothing in it that cannot be encoded
	}
	d.Related = []analysis.RelatedInformation{{Pos: d.Pos, Message: string(text)}}
}

// complain reports what is wrong with a directive.
func complain(pass *analysis.Pass, pos, end token.Pos, message string) {
	d := analysis.Diagnostic{Pos: pos, End: end, Message: message}
	if detail {
		attach(pass, &d, Finding{Kind: "directive"})
	}
	pass.Report(d)
}

func placeAt(fset *token.FileSet, pos token.Pos) Place {
	p := fset.Position(pos)
	return Place{File: p.Filename, Line: p.Line, Column: p.Column}
}

// placeOf returns the place of a hop.
func (e *engine) placeOf(h hop) Place {
	if h.node.pos.IsValid() {
		return placeAt(e.pass.Fset, h.node.pos)
	}
	return parsePlace(h.Pos)
}

// parsePlace reads a position in the form of hop.Pos.
func parsePlace(s string) Place {
	var p Place
	p.File, p.Column = cutNumber(s)
	p.File, p.Line = cutNumber(p.File)
	return p
}

// cutNumber cuts the number behind the last colon off.
func cutNumber(s string) (string, int) {
	i := strings.LastIndexByte(s, ':')
	if i < 0 {
		return s, 0
	}
	n, _ := strconv.Atoi(s[i+1:])
	return s[:i], n
}
