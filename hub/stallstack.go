package hub

import (
	"bytes"
	"fmt"
	"runtime"
	"slices"
	"strings"
)

// maxDump is up to how many goroutines a stack is looked for among the stacks of all. That stops the world.
var maxDump = 2000

// findStack returns the stack of a task that has control, by the number of its goroutine. It is called on another goroutine.
func findStack(goid int64) stack {
	if n := runtime.NumGoroutine(); n > maxDump {
		return stackFromProfile(n)
	}
	var task, body []byte
	bodies := 0
	eachStack(func(id int64, text []byte) {
		switch {
		case id == goid:
			task = ownPart(text)
		case isRunningBody(text):
			body = ownPart(text)
			bodies++
		}
	})
	switch {
	case task == nil:
		return noStack("not found")
	case bodies != 1 || !isSwitched(task):
		return parseStack(task)
	}
	// The task has called a generator, and that has control.
	s := parseStack(body)
	s.text = slices.Concat(body, []byte("called by "), task)
	return s
}

// isSwitched reports whether the goroutine with this stack has switched to another one.
func isSwitched(text []byte) bool {
	state, _, _ := bytes.Cut(text, []byte("\n"))
	return bytes.Contains(state, []byte("[coroutine"))
}

// isRunningBody reports whether this is the stack of the body of an iter.Pull, other than a task, that has control.
func isRunningBody(text []byte) bool {
	return bytes.Contains(text, []byte("\ncreated by iter.Pull")) && !isSwitched(text) && !bytes.Contains(text, []byte(serveFunction))
}

// ownPart returns the stack without what lies below the task's function, and is the same for each task: unless there is nothing else, because the function
// has returned or not begun.
func ownPart(stack []byte) []byte {
	if i := bytes.Index(stack, []byte(runFunction+"(")); i >= 0 {
		if above := stack[:bytes.LastIndexByte(stack[:i], '\n')+1]; bytes.Count(above, []byte("\n")) > 1 {
			stack = above
		}
	}
	return bytes.Clone(stack)
}

// runFunction is how the name of the function ends that runs one task.
const runFunction = "coop/hub.(*Task).run"

// stackFromProfile finds the stack in a profile of goroutines, which does not tell their numbers: it is that of a task which is
// not switched away. Where other hubs run too, theirs are of that kind as well.
func stackFromProfile(goroutines int) stack {
	records := make([]runtime.StackRecord, goroutines+goroutines/8+64)
	n, ok := runtime.GoroutineProfile(records)
	if !ok {
		return noStack("%d goroutines, and more each moment", n)
	}
	var found [][]byte
	for i := range records[:n] {
		pcs := records[i].Stack()
		// Nearly all goroutines of a large program wait, and most in a switch, which the innermost function tells without a look at the others.
		if len(pcs) == 0 || strings.HasPrefix(runtime.FuncForPC(pcs[0]).Name(), "runtime.coro") {
			continue
		}
		if s := stackOfTask(pcs); s != nil {
			found = append(found, s)
		}
	}
	switch len(found) {
	case 0:
		return noStack("not found in a profile of %d goroutines, which knows 32 frames of each", n)
	case 1:
		return parseStack(append([]byte("goroutine [from a profile]:\n"), found[0]...))
	}
	// Where the task is, one cannot tell.
	return stack{text: append([]byte("goroutine [from a profile, one of those of several hubs]:\n"), bytes.Join(found, []byte("\n"))...)}
}

// noStack returns, instead of a stack, why there is none.
func noStack(format string, args ...any) stack {
	return stack{text: fmt.Appendf(nil, "stack not taken: "+format+"\n", args...)}
}

// stackOfTask returns the stack in the form of runtime.Stack, without the values of arguments, if it is that of a goroutine that
// runs tasks.
func stackOfTask(pcs []uintptr) []byte {
	var b bytes.Buffer
	frames := runtime.CallersFrames(pcs)
	for {
		f, more := frames.Next()
		if strings.HasSuffix(f.Function, runFunction) {
			return b.Bytes()
		}
		fmt.Fprintf(&b, "%s(...)\n\t%s:%d\n", f.Function, f.File, f.Line)
		if !more {
			return nil
		}
	}
}
