package analyzer

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ast/astutil"
)

// hubPath is the package whose tasks fixes know how to park.
const hubPath = "github.com/seed6bcf1587/coop/hub"

// A fixer rewrites one blocking operation of a task of a hub. It offers
// nothing where the rewritten program might not compile, or do anything else
// than before as long as nobody cancels the task.
type fixer struct {
	e     *engine
	file  *ast.File
	path  []ast.Node // from the call outwards
	call  *ast.CallExpr
	fn    *types.Signature // of the function around the call
	ctx   string           // the task's context in it
	param types.Object     // which it names

	imports []analysis.TextEdit
	failed  bool // a name that is needed cannot be had
}

// suggestedFixes returns at most one fix for the operation of x. One that
// several roots reach has it once.
func (e *engine) suggestedFixes(r root, x effect) []analysis.SuggestedFix {
	op := x.Path[len(x.Path)-1]
	if !r.loop.Hub || e.pass.Pkg.Path() == hubPath || !op.node.end.IsValid() || op.in == nil || e.fixed[op.node.pos] {
		return nil
	}
	f := e.newFixer(op.node)
	if f == nil {
		return nil
	}
	var edits []analysis.TextEdit
	var message string
	switch x.Cat {
	case catCtx:
		message, edits = "Wait under the context of the task", f.ownContext()
	case catSleep:
		message, edits = "Sleep with hub.Sleep", f.sleep()
	case catChan, catSelect, catLock, catHeld, catSpin, catLoop, catCgo:
		return nil // what to write instead is not for a machine to say
	default:
		message, edits = "Run it with hub.Offload", f.offload()
	}
	if edits == nil || f.failed {
		return nil
	}
	e.fixed[op.node.pos] = true
	return []analysis.SuggestedFix{{Message: message, TextEdits: append(f.imports, edits...)}}
}

func (e *engine) newFixer(at span) *fixer {
	f := &fixer{e: e}
	for _, file := range e.pass.Files {
		if file.FileStart <= at.pos && at.pos < file.FileEnd {
			f.file = file
		}
	}
	if f.file == nil || ast.IsGenerated(f.file) {
		return nil
	}
	path, _ := astutil.PathEnclosingInterval(f.file, at.pos, at.end)
	for i, n := range path {
		if call, ok := n.(*ast.CallExpr); ok && call.End() == at.end {
			f.call, f.path = call, path[i:]
			break
		}
	}
	if f.call == nil || !f.findContext() {
		return nil
	}
	return f
}

// findContext finds the function around the call, and the parameter of it,
// or of one around that, which says who waits. Another value of it, or
// another variable that hides it, may be anything.
func (f *fixer) findContext() bool {
	info := f.e.pass.TypesInfo
	for _, n := range f.path {
		var ft *ast.FuncType
		var t types.Type
		switch n := n.(type) {
		case *ast.DeferStmt:
			return false // it cleans up, under a context that may have ended
		case *ast.FuncLit:
			ft, t = n.Type, info.TypeOf(n)
		case *ast.FuncDecl:
			ft, t = n.Type, info.Defs[n.Name].Type()
		default:
			continue
		}
		if f.fn == nil {
			f.fn = t.(*types.Signature)
		}
		for _, field := range ft.Params.List {
			if !isContext(info.TypeOf(field.Type)) {
				continue
			}
			if len(field.Names) == 0 || field.Names[0].Name == "_" {
				return false // it has one, but no name for it
			}
			f.ctx, f.param = field.Names[0].Name, info.Defs[field.Names[0]]
			return f.visible(f.ctx) == f.param && !f.assigned(n, f.param)
		}
	}
	return false
}

// assigned reports whether fn gives v another value.
func (f *fixer) assigned(fn ast.Node, v types.Object) bool {
	found := false
	ast.Inspect(fn, func(n ast.Node) bool {
		if a, ok := n.(*ast.AssignStmt); ok {
			for _, x := range a.Lhs {
				id, ok := ast.Unparen(x).(*ast.Ident)
				found = found || ok && f.e.pass.TypesInfo.Uses[id] == v
			}
		}
		return !found
	})
	return found
}

// visible returns what name means where the call stands.
func (f *fixer) visible(name string) types.Object {
	_, obj := f.e.pass.Pkg.Scope().Innermost(f.call.Pos()).LookupParent(name, f.call.Pos())
	return obj
}

// ownContext replaces the context of a cooperative call.
func (f *fixer) ownContext() []analysis.TextEdit {
	info := f.e.pass.TypesInfo
	for _, arg := range f.call.Args {
		if !isContext(info.TypeOf(arg)) {
			continue
		}
		switch a := ast.Unparen(arg).(type) {
		case *ast.CallExpr: // context.Background()
			if len(a.Args) > 0 {
				return nil
			}
		case *ast.Ident: // the parameter of a function further out
			v, ok := info.Uses[a].(*types.Var)
			if !ok || v.Kind() != types.ParamVar || v == f.param {
				return nil
			}
		default:
			return nil
		}
		return []analysis.TextEdit{{Pos: arg.Pos(), End: arg.End(), NewText: []byte(f.ctx)}}
	}
	return nil
}

// sleep turns the statement time.Sleep(d) into hub.Sleep(ctx, d), which ends
// the function when the task is cancelled: a loop around it would turn
// without end.
func (f *fixer) sleep() []analysis.TextEdit {
	stmt, ok := f.path[1].(*ast.ExprStmt)
	if !ok || !f.isFunc("time.Sleep") || len(f.call.Args) != 1 {
		return nil
	}
	call := fmt.Sprintf("%s.Sleep(%s, %s)", f.pkg(hubPath, "hub"), f.ctx, f.text(f.call.Args[0]))
	return f.replace(stmt, f.orReturn("", call))
}

// offload runs the call elsewhere. What it takes of variables and fields is
// read there, while other tasks may run; what else its operands do must not
// move.
func (f *fixer) offload() []analysis.TextEdit {
	if f.inEndlessLoop() || !f.movable(f.call.Fun) || slices.ContainsFunc(f.call.Args, func(a ast.Expr) bool { return !f.movable(a) }) {
		return nil
	}
	var results *types.Tuple
	switch t := f.e.pass.TypesInfo.TypeOf(f.call).(type) {
	case *types.Tuple:
		results = t
	case nil:
		return nil
	default:
		results = types.NewTuple(types.NewParam(0, nil, "", t))
	}
	call := f.text(f.call)
	n := results.Len()
	fails := n > 0 && isError(results.At(n-1).Type())
	switch parent := f.path[1].(type) {
	case *ast.GoStmt, *ast.DeferStmt:
		return nil
	case *ast.ExprStmt:
		switch {
		case n == 0:
			return f.replace(parent, f.orReturn("_, ", f.wrapped("struct{}", call+"\n", "struct{}{}, nil")))
		case n == 1 && fails:
			return f.replace(parent, "_, _ = "+f.wrapped("struct{}", "", "struct{}{}, "+call))
		}
	case *ast.AssignStmt:
		if n == 1 && fails && len(parent.Lhs) == 1 && len(parent.Rhs) == 1 {
			return append(f.replace(f.call, f.wrapped("struct{}", "", "struct{}{}, "+call)),
				analysis.TextEdit{Pos: parent.Lhs[0].Pos(), End: parent.Lhs[0].Pos(), NewText: []byte("_, ")})
		}
	case *ast.ReturnStmt:
		if n == 1 && fails && len(parent.Results) == 1 && f.inBlock() && f.free("err") {
			return f.replace(parent, "_, err := "+f.wrapped("struct{}", "", "struct{}{}, "+call)+"\nreturn err")
		}
	}
	if n == 2 && fails {
		return f.replace(f.call, f.wrapped(f.typeName(results.At(0).Type()), "", call))
	}
	return nil
}

// wrapped is a call of hub.Offload with a function that does first and
// returns result.
func (f *fixer) wrapped(typ, first, result string) string {
	return fmt.Sprintf("%s.Offload(%s, func(%s %s.Context) (%s, error) {\n%sreturn %s\n})",
		f.pkg(hubPath, "hub"), f.ctx, f.ctx, f.pkg("context", "context"), typ, first, result)
}

// orReturn is a statement that returns when the last result of call, which
// is an error, is not nil.
func (f *fixer) orReturn(blanks, call string) string {
	results := f.fn.Results()
	n := results.Len()
	if n == 0 {
		if blanks == "" {
			return fmt.Sprintf("if %s != nil {\nreturn\n}", call)
		}
		return fmt.Sprintf("if %serr := %s; err != nil {\nreturn\n}", blanks, call)
	}
	if !isError(results.At(n - 1).Type()) {
		f.failed = true
		return ""
	}
	var values strings.Builder
	for i := range n - 1 {
		values.WriteString(f.zero(results.At(i).Type()) + ", ")
	}
	return fmt.Sprintf("if %serr := %s; err != nil {\nreturn %serr\n}", blanks, call, &values)
}

// zero writes the zero value of a type, if that takes no name.
func (f *fixer) zero(t types.Type) string {
	switch u := t.Underlying().(type) {
	case *types.Basic:
		switch {
		case u.Info()&types.IsBoolean != 0:
			return "false"
		case u.Info()&types.IsNumeric != 0:
			return "0"
		case u.Info()&types.IsString != 0:
			return `""`
		}
	case *types.Pointer, *types.Slice, *types.Map, *types.Chan, *types.Signature:
		return "nil"
	case *types.Interface:
		if _, ok := types.Unalias(t).(*types.TypeParam); !ok {
			return "nil"
		}
	}
	f.failed = true
	return ""
}

// movable reports whether an operand may be evaluated elsewhere: it has no
// receive, no function literal and no call but of the standard library.
func (f *fixer) movable(x ast.Expr) bool {
	ok := true
	ast.Inspect(x, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncLit:
			ok = false
		case *ast.UnaryExpr:
			ok = ok && n.Op != token.ARROW
		case *ast.CallExpr:
			info := f.e.pass.TypesInfo
			if info.Types[n.Fun].IsType() || info.Types[n.Fun].IsBuiltin() {
				break
			}
			fn := calledFunc(info, n)
			ok = ok && fn != nil && isStdPackage(fn.Pkg())
		}
		return ok
	})
	return ok
}

// inEndlessLoop reports whether the call stands in a loop without condition.
// After a cancellation hub.Offload returns at once, each time.
func (f *fixer) inEndlessLoop() bool {
	for _, n := range f.path {
		switch n := n.(type) {
		case *ast.ForStmt:
			if n.Cond == nil {
				return true
			}
		case *ast.FuncLit, *ast.FuncDecl:
			return false
		}
	}
	return false
}

// inBlock reports whether the statement around the call may become two.
func (f *fixer) inBlock() bool {
	switch f.path[2].(type) {
	case *ast.BlockStmt, *ast.CaseClause, *ast.CommClause:
		return true
	}
	return false
}

// free reports whether the scope of the call does not declare name itself.
func (f *fixer) free(name string) bool {
	return f.e.pass.Pkg.Scope().Innermost(f.call.Pos()).Lookup(name) == nil
}

func (f *fixer) isFunc(symbol string) bool {
	fn := calledFunc(f.e.pass.TypesInfo, f.call)
	return fn != nil && symbolOf(fn) == symbol
}

// calledFunc returns the function or method that a call names, or nil.
func calledFunc(info *types.Info, call *ast.CallExpr) *types.Func {
	var id *ast.Ident
	switch fun := ast.Unparen(call.Fun).(type) {
	case *ast.Ident:
		id = fun
	case *ast.SelectorExpr:
		id = fun.Sel
	default:
		return nil
	}
	fn, _ := info.Uses[id].(*types.Func)
	return fn
}

func isError(t types.Type) bool { return types.Identical(t, types.Universe.Lookup("error").Type()) }
