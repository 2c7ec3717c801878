// Package queue has queues that tasks and goroutines wait at: first in first out, last in first out, by priority, and from hand to hand.
// All are a [Queue], and differ in the order in which values leave.
package queue
