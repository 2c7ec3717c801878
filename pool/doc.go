// Package pool has a [Pool] of goroutines that run jobs, and hands out their results: one by one with [Submit], or of a sequence with [Map], [IMap]
// and [IMapUnordered], as Python's multiprocessing.pool does.
//
// What waits takes a context, and parks the task of a hub if that carries one. The jobs themselves run on plain goroutines, and may
// block.
package pool
