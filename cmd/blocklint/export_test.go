package main

import "io"

// Meter runs the meter of a long run on w until done is closed.
func Meter(w io.Writer, done chan struct{}) {
	(&meter{done: done, seen: map[string]bool{"p": true}}).run(w)
}

// Unqualified takes the package off the name of a function.
var Unqualified = unqualified
