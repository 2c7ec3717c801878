// Package linear checks that what goroutines see of a primitive when they use it at once could have happened one call after the other, each at
// some moment between its begin and its end: that it is linearizable, see Herlihy and Wing (1990). The search for that order is
// porcupine's.
package linear
