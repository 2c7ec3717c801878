// Package goid tells goroutines apart.
//
// The fast way reads the number of the goroutine out of the runtime's own structures, at an offset that is
// known for each release of Go. A release that moved it would make every answer wrong in silence, so the answer is
// checked once, at start, against the number that runtime.Stack prints, which is slow and documented by use alone. When
// they differ, runtime.Stack is used for good.
package goid

import (
	"bytes"
	"runtime"
	"strconv"

	fast "github.com/petermattis/goid"
)

// trusted reports whether the fast way gives the right answer in this program. Written at init, and by Distrust.
var trusted = check()

// Distrust makes Get use the slow way until restore is called. It is for tests in which nobody else calls Get.
func Distrust() (restore func()) {
	was := trusted
	trusted = false
	return func() { trusted = was }
}

func check() bool {
	// More than one goroutine, so that a constant that happens to fit the first is found out.
	same := make(chan bool)
	for range 2 {
		go func() { same <- fast.Get() == slow() }()
	}
	a, b := <-same, <-same
	return a && b && fast.Get() == slow()
}

// Get returns a number that no other goroutine of this program has, had or will have.
func Get() int64 {
	if trusted {
		return fast.Get()
	}
	return slow()
}

// Unknown is the number of no goroutine.
const Unknown = -1

// Quick is Get where that is fast, and Unknown elsewhere. It is inlined, as Get cannot be.
func Quick() int64 {
	if trusted {
		return fast.Get()
	}
	return Unknown
}

// slow reads the number from the first line of the stack trace, "goroutine 7 [running]:".
func slow() int64 {
	var buf [40]byte
	line := buf[:runtime.Stack(buf[:], false)]
	line = bytes.TrimPrefix(line, []byte("goroutine "))
	digits, _, _ := bytes.Cut(line, []byte(" "))
	id, err := strconv.ParseInt(string(digits), 10, 64)
	if err != nil {
		panic("goid.Get: runtime.Stack does not begin with the number of the goroutine")
	}
	return id
}
