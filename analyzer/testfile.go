package analyzer

import (
	"go/token"
	"go/types"
	"strings"

	"golang.org/x/tools/go/ssa"
)

// testFile reports whether pos is in a test file.
func (e *engine) testFile(pos token.Pos) bool {
	return pos.IsValid() && strings.HasSuffix(e.pass.Fset.Position(pos).Filename, "_test.go")
}

// fromTest reports whether a value is made in a test file, as mocks are.
func (e *engine) fromTest(v ssa.Value) bool {
	fn := v.Parent()
	return fn != nil && e.inTest(fn)
}

func (e *engine) inTest(fn *ssa.Function) bool { return e.testFile(fn.Pos()) }

// testType reports whether a type is declared in a test file.
func (e *engine) testType(t types.Type) bool {
	named, ok := types.Unalias(deref(t)).(*types.Named)
	return ok && named.Obj().Pkg() == e.pass.Pkg && e.testFile(named.Obj().Pos())
}
