// Package fyne declares how functions get to the event loop.
package fyne

// Do runs fn on the loop.
func Do(fn func()) { fn() }

// DoAndWait runs fn on the loop and waits for it.
func DoAndWait(fn func()) { fn() }
