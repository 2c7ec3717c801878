// Package plain has a handler of events that names nobody's types.
package plain

import "time"

// A Handler is told of objects.
type Handler struct{}

// OnAdd blocks.
func (Handler) OnAdd(obj any, isInInitialList bool) { time.Sleep(1) }

// OnUpdate does not block.
func (Handler) OnUpdate(old, obj any) { go time.Sleep(1) }

// OnDelete does not block.
func (Handler) OnDelete(obj any) {}
