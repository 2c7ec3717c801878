package hub

import (
	"bytes"
	"reflect"
	"runtime"
	"strconv"
	"strings"
)

// A stack is what is known of a goroutine by its stack.
type stack struct {
	text []byte // as runtime.Stack prints it
	at   string // file:line of the innermost function that belongs to the user
}

// findStacks fills in the stacks of the goroutines whose numbers are in want. It stops the program while it does.
func findStacks(want map[int64]stack) {
	if len(want) == 0 {
		return
	}
	eachStack(func(id int64, text []byte) {
		if _, wanted := want[id]; wanted {
			want[id] = parseStack(text)
		}
	})
}

// eachStack calls fn with the number and the stack of each goroutine. It stops the program before.
func eachStack(fn func(id int64, text []byte)) {
	buf := make([]byte, (runtime.NumGoroutine()+8)<<11)
	n := runtime.Stack(buf, true)
	for n == len(buf) {
		buf = make([]byte, 2*len(buf))
		n = runtime.Stack(buf, true)
	}
	for text := range bytes.SplitSeq(buf[:n], []byte("\n\n")) {
		// goroutine 7 [coroutine, 2 minutes]:
		number, _, _ := bytes.Cut(bytes.TrimPrefix(text, []byte("goroutine ")), []byte(" "))
		if id, err := strconv.ParseInt(string(number), 10, 64); err == nil {
			fn(id, text)
		}
	}
}

func parseStack(text []byte) stack {
	s := stack{text: text}
	// Two lines a function: its name and arguments; a tab, file:line, and for most an offset.
	function := ""
	for line := range strings.Lines(string(text)) {
		line = strings.TrimSuffix(line, "\n")
		file, isFile := strings.CutPrefix(line, "\t")
		if !isFile {
			function = line
			continue
		}
		file, _, _ = strings.Cut(file, " ")
		if !isMachinery(function, file) {
			s.at = file
			break
		}
	}
	return s
}

// library is the path of this module, without the package's own name.
var library = func() string {
	pc, _, _, _ := runtime.Caller(0)
	path, _, _ := strings.Cut(runtime.FuncForPC(pc).Name(), "/hub.")
	return path
}()

// stdlib is the directory of the standard library's source; empty if the program was built with -trimpath.
var stdlib = func() string {
	pc := reflect.ValueOf(strings.Cut).Pointer()
	file, _ := runtime.FuncForPC(pc).FileLine(pc)
	dir, _, _ := strings.Cut(file, "strings/")
	return dir
}()

// isMachinery reports whether a function is part of how tasks wait, rather than of what users wrote.
func isMachinery(function, file string) bool {
	if path, ours := strings.CutPrefix(function, library+"/"); ours {
		return !strings.HasPrefix(path, "examples/") && !strings.HasPrefix(path, "bench/") && !strings.Contains(file, "_test.go:")
	}
	if stdlib != "" && strings.HasPrefix(file, stdlib) {
		return true
	}
	for _, std := range []string{"created by", "panic(", "runtime.", "runtime/", "iter.", "slices.", "maps.", "sync.", "time."} {
		if strings.HasPrefix(function, std) {
			return true
		}
	}
	return false
}
