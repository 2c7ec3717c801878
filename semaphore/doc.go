// Package semaphore has counting semaphores that tasks and goroutines wait at.
//
// Use a [Bounded] where permits are acquired and given back: it finds out when more are given back than were taken. Use a
// [Semaphore] where permits are made by one party and used up by another.
//
// What its waits make of their contexts is said in package [github.com/seed6bcf1587/coop].
package semaphore
