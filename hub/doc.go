// Package hub runs cooperative tasks one at a time.
//
// A [Task] is a function that runs until it waits or ends; then the next task that can run does. Nothing interrupts
// a task, so the tasks of one hub need no locks between two waits, and the same program runs the same schedule every
// time: tasks that became ready run first in, first out.
//
//	err := hub.Run(ctx, func(ctx context.Context) error {
//		t := hub.Go(ctx, func(ctx context.Context) error {
//			return hub.Sleep(ctx, time.Second)
//		})
//		return t.Join(ctx)
//	})
//
// # The context says who waits
//
// A task's function is given a context that carries the task. Every blocking call of this module takes a context
// first and parks the task when the context carries one, so that the hub goes on with others, and the goroutine
// when it carries none. So tasks and goroutines, and tasks of several hubs, share events, locks, semaphores and
// queues. A context that a task derives from its own, with [WithTimeout] or the functions of package context, serves
// as well. The context of another task does not: a wait with it panics. In a goroutine that a task started
// with a go statement, a wait with the task's context stops the goroutine.
//
// A generator that a task calls may wait as the task does. A task must not call runtime.LockOSThread: the runtime ends a program
// in which coroutines change between a locked thread and others. Run itself may be called with the thread locked.
//
// Whatever else blocks, blocks the hub and all its tasks: time.Sleep, a channel, a sync.Mutex, a system call. The linter
// of this module, blocklint, finds such calls.
//
// # Many tasks
//
// [Spawn] starts a task that returns a value, [JoinAll] and [WaitAny] wait for several. A [Group] is tasks of which the first that fails cancels
// the others, and [Map] calls a function for each value of a sequence, some at a time. What a task started with [Go] goes on after that
// task has ended; what a group started has ended when its Wait returns.
//
// # Clocks
//
// [WithVirtualClock] replaces the clock by one that stands still while a task can run and jumps to the next timer when
// none can. A program that sleeps for hours then ends at once, with the same result each time. Nothing outside
// is waited for on a virtual clock: when no task can run and no timer is set, that is a deadlock. [Isolated] says the same of a hub on the
// real clock.
//
// # Schedules
//
// [WithSeed] picks another order in which tasks run, [WithSchedule] lets a function pick, and [WithEventLog] writes down what happened. The
// same order is the same run, byte for byte. Package hubtest looks for an order in which a test fails.
//
// # Watching it
//
// [WithStallThreshold] reports a task that keeps the hub while it does, with its stack. [Hub.Tasks] says what all tasks wait for, and where. An
// [Observer] is told of each turn and each wait. Package hubdebug makes of these a web page, metrics, traces and profiles by task.
//
// # When not to use it
//
// One hub is one core. Work that wants all of them, and code that blocks in libraries which take no part, is
// better served by goroutines. What needs the order of steps to be known, repeated or tested, and state that many
// parties share without locks, is what a hub is for.
package hub
