package analyzer

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/analysis"
)

const directivePrefix = "//blocklint:"

// A funcDirective is what the directives above one declaration say.
type funcDirective struct {
	nonblocking bool
	cooperative bool
	params      []paramUse // from task and offload
	blocking    category
	reason      string
}

// An ignore accepts findings on one line.
type ignore struct {
	pos  token.Pos
	cat  category // empty: any, as //nolint has it
	file string
	line int // the line that it speaks of
	last int // or the last of them, for a function
	used bool
}

// directives holds what the comments of a package tell the analyzer.
type directives struct {
	funcs   map[*types.Func]*funcDirective
	types   map[*types.TypeName]bool // func types that must not block
	ignores []*ignore
	config  *config // what it leaves out has no findings about directives, either
}

// parseDirectives reads the directives of the package. A malformed one is
// reported and otherwise has no effect.
func parseDirectives(pass *analysis.Pass, conf *config) *directives {
	d := &directives{config: conf, funcs: make(map[*types.Func]*funcDirective), types: make(map[*types.TypeName]bool)}
	for _, file := range pass.Files {
		code := codeLines(pass.Fset, file)
		decls := declarations(pass.Fset, file)
		ends := functionEnds(pass.Fset, file)
		for _, group := range file.Comments {
			for _, c := range group.List {
				d.parseComment(pass, c, code, decls, ends)
			}
		}
	}
	return d
}

// declarations returns what directives can speak of, functions, interface
// methods and func types, by the line above it and those of its comment.
func declarations(fset *token.FileSet, file *ast.File) map[int]*ast.Ident {
	decls := make(map[int]*ast.Ident)
	add := func(name *ast.Ident, at token.Pos, doc *ast.CommentGroup) {
		last := fset.Position(at).Line - 1
		first := last
		if doc != nil {
			first = fset.Position(doc.Pos()).Line
		}
		for line := first; line <= last; line++ {
			decls[line] = name
		}
	}
	ast.Inspect(file, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncDecl:
			add(n.Name, n.Pos(), n.Doc)
		case *ast.GenDecl:
			for _, spec := range n.Specs {
				if ts, ok := spec.(*ast.TypeSpec); ok && isFuncType(ts.Type) {
					if n.Lparen.IsValid() {
						add(ts.Name, ts.Pos(), ts.Doc)
					} else {
						add(ts.Name, n.Pos(), n.Doc)
					}
				}
			}
		case *ast.InterfaceType:
			for _, m := range n.Methods.List {
				if len(m.Names) == 1 {
					add(m.Names[0], m.Pos(), m.Doc)
				}
			}
		}
		return true
	})
	return decls
}

// functionEnds returns the last line of each function by its first.
func functionEnds(fset *token.FileSet, file *ast.File) map[int]int {
	ends := make(map[int]int)
	for _, decl := range file.Decls {
		if fd, ok := decl.(*ast.FuncDecl); ok {
			ends[fset.Position(fd.Pos()).Line] = fset.Position(fd.End()).Line
		}
	}
	return ends
}

func isFuncType(t ast.Expr) bool {
	_, ok := t.(*ast.FuncType)
	return ok
}

// codeLines returns the lines of file that hold something but comments.
func codeLines(fset *token.FileSet, file *ast.File) map[int]bool {
	lines := make(map[int]bool)
	ast.Inspect(file, func(n ast.Node) bool {
		switch n.(type) {
		case nil, *ast.Comment, *ast.CommentGroup:
			return false
		}
		lines[fset.Position(n.Pos()).Line] = true
		lines[fset.Position(n.End()-1).Line] = true
		return true
	})
	return lines
}

func (d *directives) parseComment(pass *analysis.Pass, c *ast.Comment, code map[int]bool, decls map[int]*ast.Ident, ends map[int]int) {
	at := pass.Fset.Position(c.Pos())
	target := at.Line
	if !code[target] {
		// On a line of its own it speaks of the next line with code on it.
		target++
		for range 8 {
			if code[target] {
				break
			}
			target++
		}
	}
	if foreignIgnore(c.Text) {
		d.ignores = append(d.ignores, &ignore{pos: c.Pos(), file: at.Filename, line: target, last: max(target, ends[target]), used: true})
		return
	}
	text, ok := strings.CutPrefix(c.Text, directivePrefix)
	if !ok {
		return
	}
	// A test fixture may state what it expects behind a directive.
	text, _, _ = strings.Cut(text, "// want")
	bad := func(format string, args ...any) {
		if !d.config.leftOut(pass, c.Pos()) {
			complain(pass, c.Pos(), c.End(), fmt.Sprintf(format, args...))
		}
	}
	verb, rest, _ := strings.Cut(text, " ")
	verb = strings.TrimSpace(verb)
	args := strings.Fields(rest)

	if verb == "ignore" {
		if len(args) < 2 || !validCategory(args[0]) {
			bad("malformed directive: write %signore CATEGORY REASON, the category being one of %s", directivePrefix, categoryList())
			return
		}
		d.ignores = append(d.ignores, &ignore{pos: c.Pos(), cat: category(args[0]), file: at.Filename, line: target, last: max(target, ends[target])})
		return
	}
	if !slices.Contains([]string{"nonblocking", "cooperative", "task", "offload", "blocking"}, verb) {
		bad("unknown directive %s%s: the directives are nonblocking, task, offload, cooperative, blocking and ignore", directivePrefix, verb)
		return
	}
	decl := decls[at.Line]
	if decl == nil {
		bad("misplaced directive: %s%s belongs directly above a function, an interface method or a func type", directivePrefix, verb)
		return
	}
	if tn, ok := pass.TypesInfo.Defs[decl].(*types.TypeName); ok {
		if verb != "nonblocking" || len(args) > 0 {
			bad("malformed directive: %snonblocking, without an argument, is what a func type can have", directivePrefix)
			return
		}
		d.types[tn] = true
		return
	}
	obj, ok := pass.TypesInfo.Defs[decl].(*types.Func)
	if !ok {
		return
	}
	fd := d.funcs[obj]
	if fd == nil {
		fd = new(funcDirective)
		d.funcs[obj] = fd
	}
	switch verb {
	case "nonblocking", "cooperative":
		if len(args) > 0 {
			bad("malformed directive: %s%s takes no argument", directivePrefix, verb)
			return
		}
		fd.nonblocking = fd.nonblocking || verb == "nonblocking"
		fd.cooperative = fd.cooperative || verb == "cooperative"
	case "task", "offload":
		if len(args) != 1 {
			bad("malformed directive: write %s%s PARAMETER, naming the function parameter that it speaks of", directivePrefix, verb)
			return
		}
		i, ok := funcParam(obj, args[0])
		if !ok {
			bad("malformed directive: %s has no parameter %s of function type", obj.Name(), args[0])
			return
		}
		use := paramUse{Param: i, Mode: modeGo}
		if verb == "task" {
			use.Mode = modeTask
			use.Loop = directiveLoop(pass.Pkg)
		}
		fd.params = append(fd.params, use)
	case "blocking":
		if len(args) < 2 || !validCategory(args[0]) {
			bad("malformed directive: write %sblocking CATEGORY REASON, the category being one of %s", directivePrefix, categoryList())
			return
		}
		fd.blocking, fd.reason = category(args[0]), strings.Join(args[1:], " ")
	}
}

// directiveLoop describes the loop whose package declares it by directives.
func directiveLoop(pkg *types.Package) loop {
	l := loop{Name: "the " + pkg.Name() + " loop", Kind: "task"}
	if pkg.Path() == hubPath {
		l.Name, l.Hub = "the hub", true
	}
	return l
}

// funcParam returns the index of the parameter of fn with that name and a
// function type, the receiver being 0.
func funcParam(fn *types.Func, name string) (int, bool) {
	sig := fn.Signature()
	shift := 0
	if sig.Recv() != nil {
		shift = 1
	}
	for i := range sig.Params().Len() {
		p := sig.Params().At(i)
		if p.Name() != name {
			continue
		}
		t := p.Type()
		if s, ok := t.Underlying().(*types.Slice); ok { // variadic
			t = s.Elem()
		}
		_, ok := t.Underlying().(*types.Signature)
		return i + shift, ok
	}
	return 0, false
}

// foreignIgnore recognizes the suppressions of other tools that name
// blocklint. They accept every category.
func foreignIgnore(text string) bool {
	if rest, ok := strings.CutPrefix(text, "//nolint:"); ok {
		names, _, _ := strings.Cut(rest, " ")
		return slices.Contains(strings.Split(names, ","), "blocklint")
	}
	if rest, ok := strings.CutPrefix(text, "//lint:ignore "); ok {
		names, reason, _ := strings.Cut(strings.TrimSpace(rest), " ")
		return slices.Contains(strings.Split(names, ","), "blocklint") && strings.TrimSpace(reason) != ""
	}
	return false
}

func categoryList() string { return strings.Join(categoryNames(), ", ") }

func categoryNames() []string {
	var names []string
	for _, c := range categories {
		names = append(names, string(c))
	}
	return names
}

// ignored reports whether a directive accepts operations of category c at
// pos, and marks it as used.
func (d *directives) ignored(fset *token.FileSet, pos token.Pos, c category) bool {
	if len(d.ignores) == 0 {
		return false
	}
	at := fset.Position(pos)
	hit := false
	for _, ig := range d.ignores {
		if ig.covers(at) && (ig.cat == "" || ig.cat == c) {
			ig.used = true
			hit = true
		}
	}
	return hit
}

func (ig *ignore) covers(at token.Position) bool {
	return ig.line <= at.Line && at.Line <= ig.last && ig.file == at.Filename
}

// accepted returns the categories that directives accept at pos, sorted as
// categories are, and whether they accept all. It marks them as used: what
// is asked here is answered elsewhere, or never. Which of them, nobody can tell:
// the answer may be in a program that uses this module, and an ignore that is
// called unused here would be missed there.
func (d *directives) accepted(fset *token.FileSet, pos token.Pos) (cats []category, all bool) {
	if len(d.ignores) == 0 {
		return nil, false
	}
	at := fset.Position(pos)
	for _, ig := range d.ignores {
		if ig.covers(at) {
			ig.used = true
			if ig.cat == "" {
				return nil, true
			}
			cats = append(cats, ig.cat)
		}
	}
	return union(nil, cats), false
}

// reportUnused reports every ignore that accepted nothing.
func (d *directives) reportUnused(pass *analysis.Pass) {
	for _, ig := range d.ignores {
		if !ig.used && !d.config.leftOut(pass, ig.pos) {
			complain(pass, ig.pos, ig.pos, fmt.Sprintf("unused directive: nothing here blocks in category %s", ig.cat))
		}
	}
}
