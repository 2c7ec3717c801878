package analyzer

import (
	"go/token"
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
