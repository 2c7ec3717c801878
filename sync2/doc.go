// Package sync2 has what package sync lacks: locks, conditions, barriers and latches that can be waited for with a context, by
// goroutines and by tasks of a hub.
//
// Which one for which need, and what else there is:
//
//	need                                            here      sync, x/sync
//	one at a time, a few lines, nothing waits                 sync.Mutex
//	one at a time, across a wait, or in order       Mutex     channel of size 1
//	one at a time, and it may call itself           RLock     none
//	wait until a condition on shared state holds    Cond      sync.Cond, without context
//	n parties wait for each other, again and again  Barrier   none
//	wait until n things have happened, once         Latch     sync.WaitGroup, without context
//	wait until a flag is set                        event.Event
//	n permits                                       semaphore.Bounded, x/sync/semaphore
//
// All of them serve waiters first come, first served. None may be copied after first use.
//
// What its waits make of their contexts is said in package [github.com/seed6bcf1587/coop].
package sync2
