package analyzer

import (
	"cmp"
	"go/ast"
	"go/token"
	"go/types"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ssa"
)

// A program is the package under analysis in SSA form, with what the
// engine needs to find its way around in it.
type program struct {
	pass *analysis.Pass
	pkg  *ssa.Package

	funcs    []*ssa.Function                         // every function with a body, in source order
	declared map[*types.Func]*ssa.Function           // the declared ones among them
	closures map[*ssa.Function][]*ssa.MakeClosure    // where a function literal is made
	reached  map[*ssa.Function][]*ssa.BasicBlock     // blocks that are not dead code
	nodes    map[token.Pos]span                      // operations by the position SSA gives them
	callers  map[*ssa.Function][]ssa.CallInstruction // static calls in the package, by callee
	traced   map[ssa.Value][]origin                  // results of trace
	fields   map[ssa.Value][]string                  // and the fields on the way
	open     map[string]bool                         // fields that parameters are stored into
	pointed  map[*types.Var]bool                     // fields whose address goes elsewhere than into a load or a store
	complete bool                                    // all stores are known, so that traces can be kept
	stores   map[any][]ssa.Value                     // values stored in a variable, a field, a container
}

// buildProgram builds SSA for the package alone. Imported packages are
// created, without bodies, so that calls of their functions resolve.
func buildProgram(pass *analysis.Pass) *program {
	p := &program{
		pass:     pass,
		declared: make(map[*types.Func]*ssa.Function),
		closures: make(map[*ssa.Function][]*ssa.MakeClosure),
		reached:  make(map[*ssa.Function][]*ssa.BasicBlock),
		nodes:    make(map[token.Pos]span),
		callers:  make(map[*ssa.Function][]ssa.CallInstruction),
		traced:   make(map[ssa.Value][]origin),
		fields:   make(map[ssa.Value][]string),
		open:     make(map[string]bool),
		pointed:  make(map[*types.Var]bool),
		stores:   make(map[any][]ssa.Value),
	}
	prog := ssa.NewProgram(pass.Fset, ssa.BuilderMode(0))
	prog.SetNoReturn(func(fn *types.Func) bool { return stdTable().noReturn(fn) })
	for _, imp := range pass.Pkg.Imports() {
		prog.CreatePackage(imp, nil, nil, true)
	}
	p.pkg = prog.CreatePackage(pass.Pkg, pass.Files, pass.TypesInfo, false)
	p.pkg.Build()

	p.collectFunctions()
	for _, f := range pass.Files {
		p.collectNodes(f)
	}
	for _, fn := range p.funcs {
		p.reached[fn] = reachable(fn)
	}
	p.collectStores()
	return p
}

func (p *program) collectFunctions() {
	var add func(fn *ssa.Function)
	add = func(fn *ssa.Function) {
		p.funcs = append(p.funcs, fn)
		for _, anon := range fn.AnonFuncs {
			add(anon)
		}
	}
	for _, file := range p.pass.Files {
		for _, decl := range file.Decls {
			decl, ok := decl.(*ast.FuncDecl)
			if !ok {
				continue
			}
			obj, ok := p.pass.TypesInfo.Defs[decl.Name].(*types.Func)
			if !ok {
				continue
			}
			if fn := p.pkg.Prog.FuncValue(obj); fn != nil && len(fn.Blocks) > 0 {
				p.declared[obj] = fn
				add(fn)
			}
		}
	}
	// Literals in the initializers of package variables belong to init.
	if init := p.pkg.Func("init"); init != nil {
		add(init)
	}
}

// collectNodes records where the operations stand that SSA knows only by
// the position of their operator.
func (p *program) collectNodes(file *ast.File) {
	ast.Inspect(file, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.CallExpr:
			s := span{n.Pos(), n.End()}
			// In a chain of calls over several lines, the line of the method
			// is the telling one.
			if sel, ok := ast.Unparen(n.Fun).(*ast.SelectorExpr); ok && p.line(sel.Sel.Pos()) != p.line(n.Pos()) {
				s.pos = sel.Sel.Pos()
			}
			p.nodes[n.Lparen] = s
		case *ast.SendStmt:
			p.nodes[n.Arrow] = span{n.Pos(), n.End()}
		case *ast.UnaryExpr:
			if n.Op == token.ARROW {
				p.nodes[n.OpPos] = span{n.Pos(), n.End()}
			}
		case *ast.SelectStmt:
			p.nodes[n.Select] = span{n.Pos(), n.Select + token.Pos(len("select"))}
		case *ast.RangeStmt:
			p.nodes[n.For] = span{n.Pos(), n.X.End()}
		}
		return true
	})
}

// reachable returns the blocks of fn that run under some input, in index
// order: a branch on a constant is taken one way only.
func reachable(fn *ssa.Function) []*ssa.BasicBlock {
	seen := make(map[*ssa.BasicBlock]bool)
	var visit func(b *ssa.BasicBlock)
	visit = func(b *ssa.BasicBlock) {
		if seen[b] {
			return
		}
		seen[b] = true
		succs := b.Succs
		if n := len(b.Instrs); n > 0 && len(succs) == 2 {
			if branch, ok := b.Instrs[n-1].(*ssa.If); ok {
				if taken, known := constBool(branch.Cond); known {
					if taken {
						succs = succs[:1]
					} else {
						succs = succs[1:]
					}
				}
			}
		}
		for _, s := range succs {
			visit(s)
		}
	}
	if len(fn.Blocks) > 0 {
		visit(fn.Blocks[0])
	}
	if fn.Recover != nil {
		visit(fn.Recover)
	}
	blocks := make([]*ssa.BasicBlock, 0, len(seen))
	for b := range seen {
		blocks = append(blocks, b)
	}
	slices.SortFunc(blocks, func(a, b *ssa.BasicBlock) int { return cmp.Compare(a.Index, b.Index) })
	return blocks
}

// constBool returns the value of a condition that is constant.
func constBool(v ssa.Value) (value, known bool) {
	switch v := v.(type) {
	case *ssa.Const:
		if v.Value != nil {
			return v.Value.String() == "true", true
		}
	case *ssa.UnOp:
		if v.Op == token.NOT {
			value, known = constBool(v.X)
			return !value, known
		}
	}
	return false, false
}

// funcObject returns the declared function that fn stands for, or nil for a
// literal. An instance stands for its generic function, a method value or
// method expression for its method.
func funcObject(fn *ssa.Function) *types.Func {
	if o := fn.Origin(); o != nil {
		fn = o
	}
	obj, _ := fn.Object().(*types.Func)
	if obj == nil {
		return nil
	}
	return obj.Origin()
}

// local returns the function with a body in this package that fn stands
// for, or nil.
func (p *program) local(fn *ssa.Function) *ssa.Function {
	if obj := funcObject(fn); obj != nil {
		return p.declared[obj]
	}
	if _, ok := p.reached[fn]; ok {
		return fn
	}
	return nil
}

// span returns the source of the instruction or call at pos.
func (p *program) span(pos token.Pos) span {
	if s, ok := p.nodes[pos]; ok {
		return s
	}
	return span{pos, pos}
}

func (p *program) line(pos token.Pos) int { return p.pass.Fset.Position(pos).Line }

// position returns pos in the form of hop.Pos.
func (p *program) position(pos token.Pos) string {
	at := p.pass.Fset.Position(pos)
	return sourcePath(p.pass.Pkg) + "/" + filepath.Base(at.Filename) + ":" + strconv.Itoa(at.Line) + ":" + strconv.Itoa(at.Column)
}

// sourcePath returns the import path of the directory that holds the
// package. An external test package shares that of the package it tests.
func sourcePath(pkg *types.Package) string {
	if strings.HasSuffix(pkg.Name(), "_test") {
		return strings.TrimSuffix(pkg.Path(), "_test")
	}
	return pkg.Path()
}

// shortPosition turns hop.Pos into what a person reads: the last element of
// the import path, the file and the line.
func shortPosition(pos string) string {
	if i := strings.LastIndexByte(pos, ':'); i >= 0 {
		pos = pos[:i]
	}
	dir, file := path.Split(pos)
	return path.Join(path.Base(dir), file)
}

// displayName names fn for a reader of package from.
func displayName(fn *types.Func, from *types.Package) string {
	qualify := func(pkg *types.Package) string {
		if pkg == from {
			return ""
		}
		return pkg.Name()
	}
	if recv := fn.Signature().Recv(); recv != nil {
		t := recv.Type()
		ptr := ""
		if pt, ok := types.Unalias(t).(*types.Pointer); ok {
			t, ptr = pt.Elem(), "*"
		}
		name := types.TypeString(t, qualify)
		if named, ok := types.Unalias(t).(*types.Named); ok { // without type parameters
			name = named.Obj().Name()
			if q := ""; named.Obj().Pkg() != nil {
				if q = qualify(named.Obj().Pkg()); q != "" {
					name = q + "." + name
				}
			}
		} else if _, ok := t.(*types.Interface); ok {
			name = "interface"
		}
		return "(" + ptr + name + ")." + fn.Name()
	}
	if fn.Pkg() == nil || fn.Pkg() == from {
		return fn.Name()
	}
	return fn.Pkg().Name() + "." + fn.Name()
}

// localName names a function of the package under analysis.
func (p *program) localName(fn *ssa.Function) string {
	if obj := funcObject(fn); obj != nil {
		return displayName(obj, p.pass.Pkg)
	}
	if parent := fn.Parent(); parent != nil && parent.Synthetic == "" {
		outer := parent
		for outer.Parent() != nil {
			outer = outer.Parent()
		}
		if outer.Object() != nil {
			return "func literal in " + p.localName(outer)
		}
	}
	return "func literal"
}
