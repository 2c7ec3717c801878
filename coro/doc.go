// Package coro has coroutines: functions that stop in the middle, hand something over, and go on from there when asked.
//
// They stand on [iter.Pull], so that a step costs what a step of iter.Pull costs and no thread of the operating system is involved.
//
//   - A [Generator] is Python's generator: it yields values to whoever asks, is sent values, and can be closed in an
//     orderly way. With [From] it delegates to another, at no cost per value however deep that goes, with [FromSeq] to any
//     sequence; [Of] makes one of a sequence.
//   - A [Greenlet] passes control to any other that it chooses.
//
// A body is plain Go, with loops, deferred functions, recursion and early returns. It has a goroutine of its own, which runs while its
// caller stands still, and what it does counts as done by the caller: in a task of a hub it may wait as the task does.
//
// The goroutine of a body ends when the body does. So close a generator that is not asked to its end, and throw [ErrExit] to such a
// greenlet; for those that are forgotten the garbage collector does it, late.
package coro
