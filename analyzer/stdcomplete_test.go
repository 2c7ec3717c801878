package analyzer

import (
	_ "embed"
	"go/token"
	"go/types"
	"slices"
	"strings"
	"testing"

	"golang.org/x/tools/go/packages"
	"golang.org/x/tools/go/ssa"
	"golang.org/x/tools/go/ssa/ssautil"
)

//go:embed std_reviewed.txt
var stdReviewed string

// TestStdTableComplete finds every exported function of the standard
// library that reaches the scheduler or the kernel by static calls, and
// holds that it is in the table or on the reviewed list, with the reason why
// it is not in the table. Locks are left out on the way: that some function
// takes a mutex for a moment says nothing.
func TestStdTableComplete(t *testing.T) {
	if testing.Short() {
		t.Skip("builds the standard library")
	}
	pkgs, err := packages.Load(&packages.Config{Mode: packages.LoadAllSyntax}, "std")
	if err != nil {
		t.Fatal(err)
	}
	prog, _ := ssautil.AllPackages(pkgs, 0)
	prog.Build()
	waits := waiters(prog)

	reviewed := reviewedSymbols(t)
	used := make(map[string]bool)
	var missing []string
	for fn := range waits {
		obj, ok := fn.Object().(*types.Func)
		if !ok || !obj.Exported() || !stdPackages()[obj.Pkg().Path()] {
			continue
		}
		if recv := obj.Signature().Recv(); recv != nil {
			named, ok := types.Unalias(deref(recv.Type())).(*types.Named)
			if !ok || !named.Obj().Exported() {
				continue
			}
		}
		symbol := symbolOf(obj)
		if stdTable()[symbol] != nil {
			continue
		}
		if pattern := reviewed.match(symbol); pattern != "" {
			used[pattern] = true
			continue
		}
		missing = append(missing, symbol)
	}
	slices.Sort(missing)
	missing = slices.Compact(missing)
	for _, symbol := range missing {
		t.Errorf("%s waits, and is neither in std.txt nor in std_reviewed.txt", symbol)
	}
	for _, pattern := range reviewed {
		if !used[pattern] {
			t.Errorf("std_reviewed.txt: %s speaks of nothing that waits", pattern)
		}
	}
}

// waiters returns the functions that reach a wait or a system call.
func waiters(prog *ssa.Program) map[*ssa.Function]bool {
	callers := make(map[*ssa.Function][]*ssa.Function)
	waits := make(map[*ssa.Function]bool)
	var work []*ssa.Function
	add := func(fn *ssa.Function) {
		if !waits[fn] && !momentary(fn) {
			waits[fn] = true
			work = append(work, fn)
		}
	}
	for fn := range ssautil.AllFunctions(prog) {
		if primitive(fn) {
			add(fn)
		}
		for _, b := range fn.Blocks {
			for _, instr := range b.Instrs {
				switch instr := instr.(type) {
				case *ssa.Send:
					add(fn)
				case *ssa.Select:
					if instr.Blocking {
						add(fn)
					}
				case *ssa.UnOp:
					if instr.Op == token.ARROW {
						add(fn)
					}
				case *ssa.Go:
				case ssa.CallInstruction:
					if callee := instr.Common().StaticCallee(); callee != nil {
						callers[callee] = append(callers[callee], fn)
					}
				}
			}
		}
	}
	for len(work) > 0 {
		fn := work[len(work)-1]
		work = work[:len(work)-1]
		for _, c := range callers[fn] {
			add(c)
		}
	}
	return waits
}

// primitive reports whether fn is where waiting begins: a function without a
// body that enters the scheduler or the kernel.
func primitive(fn *ssa.Function) bool {
	if fn.Pkg == nil || len(fn.Blocks) > 0 {
		return false
	}
	switch fn.Pkg.Pkg.Path() + "." + fn.Name() {
	case "time.Sleep", "internal/poll.runtime_pollWait", "sync.runtime_notifyListWait", "sync.runtime_SemacquireWaitGroup",
		"syscall.runtime_entersyscall", "internal/runtime/syscall/linux.Syscall6", "syscall.rawVforkSyscall":
		return true
	}
	return false
}

// momentary reports whether what fn waits for is a lock that is held for a
// moment, memory, or the runtime's own work.
func momentary(fn *ssa.Function) bool {
	if fn.Pkg == nil {
		return false
	}
	switch path := fn.Pkg.Pkg.Path(); path {
	case "runtime", "internal/sync", "internal/syscall/unix", "crypto/internal/sysrand", "internal/sysinfo":
		return true
	}
	return false
}

type reviewedList []string

// match returns the longest pattern that speaks of symbol, or "".
func (l reviewedList) match(symbol string) string {
	best := ""
	for _, p := range l {
		ok := p == symbol
		if prefix, star := strings.CutSuffix(p, "*"); star {
			ok = strings.HasPrefix(symbol, prefix)
		}
		if ok && len(p) > len(best) {
			best = p
		}
	}
	return best
}

// reviewedSymbols reads the list: a symbol, or a prefix of some with a star,
// and the reason.
func reviewedSymbols(t *testing.T) reviewedList {
	var out reviewedList
	for line := range strings.Lines(stdReviewed) {
		line = strings.TrimSpace(line)
		if line == "" || line[0] == '#' {
			continue
		}
		pattern, reason, _ := strings.Cut(line, " ")
		if strings.TrimSpace(reason) == "" {
			t.Errorf("std_reviewed.txt: %s has no reason", pattern)
		}
		out = append(out, pattern)
	}
	return out
}
