// Package eventloop declares the loop of a JavaScript runtime.
package eventloop

// Runtime is the runtime.
type Runtime struct{}

// EventLoop runs functions on one goroutine.
type EventLoop struct{ jobs chan func(*Runtime) }

// RunOnLoop queues fn.
func (l *EventLoop) RunOnLoop(fn func(*Runtime)) bool { l.jobs <- fn; return true }
