// Package event has what one party waits for and another announces: an [Event], which is set and cleared, and a [Result], which is set
// once to a value or an error and can be chained with [Then] and [Catch], and gathered with [All] and [First].
//
// What its waits make of their contexts is said in package [github.com/seed6bcf1587/coop].
package event
