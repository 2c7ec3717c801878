package analyzer

import "slices"

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
)

// categories lists every category, in the order in which the
// documentation names them.
var categories = []category{
	catSleep, catChan, catSelect, catLock, catWait, catNet, catFile, catExec, catDB,
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
