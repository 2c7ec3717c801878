package analyzer

import (
	"go/ast"
	"go/token"
	"go/types"
	"regexp"
	"strconv"
	"strings"

	"golang.org/x/tools/go/analysis"
)

// text returns the source of n.
func (f *fixer) text(n ast.Node) string {
	fset := f.e.pass.Fset
	data, err := f.e.pass.ReadFile(fset.Position(f.file.FileStart).Filename)
	from, to := fset.PositionFor(n.Pos(), false).Offset, fset.PositionFor(n.End(), false).Offset
	if err != nil || to > len(data) {
		f.failed = true
		return ""
	}
	return string(data[from:to])
}

// replace puts text in the place of n. Its lines are indented as the line of
// n is; drivers format what they write, but not what they show.
func (f *fixer) replace(n ast.Node, text string) []analysis.TextEdit {
	if hasComment(f.file, n) {
		return nil // it would be lost, or end up where it means something else
	}
	tabs := 0
	for _, p := range f.path {
		switch p.(type) {
		case *ast.BlockStmt, *ast.CaseClause, *ast.CommClause:
			tabs++
		}
	}
	lines := strings.Split(text, "\n")
	for i, line := range lines {
		if strings.HasPrefix(line, "}") {
			tabs--
		}
		if i > 0 {
			lines[i] = strings.Repeat("\t", max(tabs, 0)) + line
		}
		if strings.HasSuffix(line, "{") {
			tabs++
		}
	}
	return []analysis.TextEdit{{Pos: n.Pos(), End: n.End(), NewText: []byte(strings.Join(lines, "\n"))}}
}

func hasComment(file *ast.File, n ast.Node) bool {
	for _, group := range file.Comments {
		if n.Pos() <= group.Pos() && group.End() <= n.End() {
			return true
		}
	}
	return false
}

// pkg returns the name by which the file knows the package path, and adds
// the import if it has none.
func (f *fixer) pkg(path, name string) string {
	for _, spec := range f.file.Imports {
		if spec.Path.Value != strconv.Quote(path) {
			continue
		}
		known := name
		if spec.Name != nil {
			known = spec.Name.Name
		}
		if pn, ok := f.visible(known).(*types.PkgName); ok && pn.Imported().Path() == path {
			return known
		}
		f.failed = true // imported for its effects, as a dot import, or hidden
		return name
	}
	if f.visible(name) != nil {
		f.failed = true
		return name
	}
	at, text := f.importPlace(strconv.Quote(path))
	edit := analysis.TextEdit{Pos: at, End: at, NewText: []byte(text)}
	for _, old := range f.imports {
		if old.Pos == edit.Pos && string(old.NewText) == text {
			return name
		}
	}
	f.imports = append(f.imports, edit)
	return name
}

// importPlace says where an import goes, and what to write there.
func (f *fixer) importPlace(quoted string) (token.Pos, string) {
	if gen, ok := f.file.Decls[0].(*ast.GenDecl); ok && gen.Tok == token.IMPORT {
		if gen.Lparen.IsValid() && len(gen.Specs) > 0 {
			return gen.Specs[len(gen.Specs)-1].End(), "\n\t" + quoted
		}
		return gen.End(), "\nimport " + quoted
	}
	return f.file.Name.End(), "\n\nimport " + quoted
}

// foreign matches a name that another package does not export.
var foreign = regexp.MustCompile(`\w\.[^A-Z]`)

// typeName writes a type with the names of the file.
func (f *fixer) typeName(t types.Type) string {
	name := types.TypeString(t, func(p *types.Package) string {
		if p == f.e.pass.Pkg {
			return ""
		}
		for _, spec := range f.file.Imports {
			if spec.Path.Value == strconv.Quote(p.Path()) {
				return f.pkg(p.Path(), p.Name())
			}
		}
		f.failed = true // the file does not name the package; perhaps it may not
		return p.Name()
	})
	f.failed = f.failed || foreign.MatchString(name)
	return name
}
