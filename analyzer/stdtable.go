package analyzer

import (
	_ "embed"
	"fmt"
	"go/types"
	"strconv"
	"strings"
	"sync"
)

//go:embed std.txt
var stdText string

// A known is what a table or a profile says about a function.
type known struct {
	cat      category // blocks; empty if not
	conf     confidence
	mutex    bool
	uses     []paramUse // Param counts the receiver
	returns  int        // parameter that the returned function calls, or -1
	wraps    int        // parameter whose methods those of the result call, or -1
	parks    bool       // parks the task
	noReturn bool
}

type effectTable map[string]*known

// stdTable returns the effects of the standard library. It is the only
// place that knows them: the library's own bodies are never analysed.
var stdTable = sync.OnceValue(func() effectTable {
	t, err := parseTable(stdText)
	if err != nil {
		panic("analyzer: std.txt: " + err.Error())
	}
	return t
})

//go:embed clients.txt
var clientsText string

// clientTable returns the effects of well-known modules. It goes before what
// is inferred of them.
var clientTable = sync.OnceValue(func() effectTable {
	t, err := parseTable(clientsText)
	if err != nil {
		panic("analyzer: clients.txt: " + err.Error())
	}
	return t
})

// tableOf returns what the tables that ship say about fn, or nil.
func tableOf(fn *types.Func) *known {
	if k := stdTable().lookup(fn); k != nil {
		return k
	}
	return clientTable().lookup(fn)
}

// parseTable reads the format that the head of std.txt describes.
func parseTable(text string) (effectTable, error) {
	t := make(effectTable)
	last := ""
	for line := range strings.Lines(text) {
		fields := strings.Fields(line)
		if len(fields) == 0 || fields[0][0] == '#' {
			continue
		}
		symbol := fields[0]
		if symbol <= last {
			return nil, fmt.Errorf("%s stands after %s: not sorted", symbol, last)
		}
		last = symbol
		k := &known{returns: -1, wraps: -1}
		for words := fields[1:]; len(words) > 0; words = words[1:] {
			switch word := words[0]; word {
			case "mutex":
				k.mutex = true
			case "noreturn":
				k.noReturn = true
			case "none":
			case "calls", "escapes", "returns", "wraps", "reads", "writes", "closes", "compares":
				if len(words) < 2 {
					return nil, fmt.Errorf("%s: %s without a parameter", symbol, word)
				}
				n, err := paramNumber(symbol, words[1])
				if err != nil {
					return nil, fmt.Errorf("%s: %w", symbol, err)
				}
				words = words[1:]
				switch word {
				case "calls":
					k.uses = append(k.uses, paramUse{Param: n, Mode: modeCall})
				case "escapes":
					k.uses = append(k.uses, paramUse{Param: n, Mode: modeGo})
				case "returns":
					k.returns = n
				case "wraps":
					k.wraps = n
				case "reads":
					k.uses = append(k.uses, paramUse{Param: n, Mode: modeCall, Method: "Read"})
				case "writes":
					k.uses = append(k.uses, paramUse{Param: n, Mode: modeCall, Method: "Write"})
				case "compares":
					k.uses = append(k.uses, paramUse{Param: n, Mode: modeCall, Method: "Less"})
				case "closes":
					k.uses = append(k.uses, paramUse{Param: n, Mode: modeCall, Method: "Close"})
				}
			default:
				k.conf = definite
				if c, ok := strings.CutSuffix(word, "?"); ok {
					word, k.conf = c, possible
				}
				if !validCategory(word) {
					return nil, fmt.Errorf("%s: unknown word %q", symbol, word)
				}
				k.cat = category(word)
			}
		}
		t[symbol] = k
	}
	return t, nil
}

// paramNumber reads the number of a parameter, or "recv", and returns its
// index with the receiver counted.
func paramNumber(symbol, word string) (int, error) {
	if word == "recv" {
		if !isMethodSymbol(symbol) {
			return 0, fmt.Errorf("a function has no receiver")
		}
		return 0, nil
	}
	n, err := strconv.Atoi(word)
	if err != nil {
		return 0, err
	}
	if isMethodSymbol(symbol) {
		n++
	}
	return n, nil
}

// isMethodSymbol reports whether a symbol is import/path.Type.Method rather
// than import/path.Func.
func isMethodSymbol(symbol string) bool {
	_, name := splitSymbol(symbol)
	return strings.Contains(name, ".")
}

// splitSymbol splits import/path.Name or import/path.Type.Method after the
// import path.
func splitSymbol(symbol string) (pkg, name string) {
	i := strings.LastIndexByte(symbol, '/') + 1
	j := strings.IndexByte(symbol[i:], '.')
	if j < 0 {
		return symbol, ""
	}
	// The last element of some paths has a dot of its own: nats.go, yaml.v3.
	if next, _, ok := strings.Cut(symbol[i+j+1:], "."); ok && (next == "go" || len(next) > 1 && next[0] == 'v' && digits(next[1:]) == len(next)-1) {
		j += 1 + len(next)
	}
	return symbol[:i+j], symbol[i+j+1:]
}

// symbolOf returns the key under which tables know fn.
func symbolOf(fn *types.Func) string {
	if fn.Pkg() == nil {
		return fn.Name()
	}
	if recv := fn.Signature().Recv(); recv != nil {
		t := types.Unalias(recv.Type())
		if ptr, ok := t.(*types.Pointer); ok {
			t = types.Unalias(ptr.Elem())
		}
		if named, ok := t.(*types.Named); ok {
			return fn.Pkg().Path() + "." + named.Obj().Name() + "." + fn.Name()
		}
		return ""
	}
	return fn.Pkg().Path() + "." + fn.Name()
}

func (t effectTable) lookup(fn *types.Func) *known {
	if fn.Pkg() == nil {
		return nil
	}
	symbol := symbolOf(fn)
	if k := t[symbol]; k != nil {
		return k
	}
	if fn.Signature().Recv() == nil {
		return nil
	}
	return t[symbol[:strings.LastIndexByte(symbol, '.')+1]+"*"]
}

func (t effectTable) noReturn(fn *types.Func) bool {
	k := t.lookup(fn.Origin())
	return k != nil && k.noReturn
}
