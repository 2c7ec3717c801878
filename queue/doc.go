// Package queue has queues that tasks and goroutines wait at: first in first out, last in first out, by priority, and from hand to hand.
// All are a [Queue], and differ in the order in which values leave.
//
// What its waits make of their contexts is said in package [github.com/seed6bcf1587/coop].
package queue
