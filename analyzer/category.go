package analyzer

import (
	"fmt"
	"slices"
)

// A category says what an operation waits for.
type category string

const (
	catSleep  category = "sleep"
	catChan   category = "chan"
	catSelect category = "select"
	catLock   category = "lock"
	catWait   category = "wait"
	catNet    category = "net"
	catFile   category = "file"
	catExec   category = "exec"
	catDB     category = "db"

	catStdio   category = "stdio"   // the terminal, or whatever stands for it
	catSyscall category = "syscall" // a system call made by hand
	catCgo     category = "cgo"     // C code

	catCtx  category = "ctx"  // a cooperative wait under a context that is not the task's
	catHeld category = "held" // a mutex held across a cooperative wait
	catSpin category = "spin" // a loop without exit and without a wait
	catLoop category = "loop" // the loop entered from itself
)

// categories lists every category, in the order in which the
// documentation names them.
var categories = []category{
	catSleep, catChan, catSelect, catLock, catWait, catNet, catFile, catExec, catDB,
	catStdio, catSyscall, catCgo, catCtx, catHeld, catSpin, catLoop,
}

func validCategory(s string) bool { return slices.Contains(categories, category(s)) }

// A confidence says how sure the analyzer is that an operation blocks.
// The zero value is not a confidence.
type confidence int8

const (
	possible confidence = iota + 1 // worth a look, not worth a failed build
	probable                       // a function value or an interface, traced to its sources
	definite                       // a static call of an operation known to block
)

// A confidenceFlag is a confidence on the command line.
type confidenceFlag struct{ conf confidence }

func (f *confidenceFlag) String() string { return f.conf.String() }

func (f *confidenceFlag) Set(s string) error {
	for _, c := range []confidence{possible, probable, definite} {
		if c.String() == s {
			f.conf = c
			return nil
		}
	}
	return fmt.Errorf("write definite, probable or possible")
}

func (c confidence) String() string {
	switch c {
	case definite:
		return "definite"
	case probable:
		return "probable"
	case possible:
		return "possible"
	}
	return "unknown"
}
