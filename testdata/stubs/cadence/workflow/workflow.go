// Package workflow declares what workflow code is written with.
package workflow

import "time"

// Context is the context of a workflow.
type Context interface{ Value(key any) any }

// Sleep waits through the dispatcher.
func Sleep(ctx Context, d time.Duration) error { time.Sleep(d); return nil }

// Go starts a coroutine of the workflow.
func Go(ctx Context, f func(ctx Context)) { f(ctx) }
