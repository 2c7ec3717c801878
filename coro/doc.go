// Package coro has coroutines: functions that stop in the middle, hand something over, and go on from there when asked.
//
// A [Generator] is Python's generator: it yields values, is sent values, and can be closed in an orderly way. It stands on
// [iter.Pull], so that a step costs what a step of iter.Pull costs and no thread of the operating system is involved.
package coro
