// Package behalf knows on whose behalf the body of a generator runs.
//
// Such a body has a goroutine of its own, and runs while another goroutine, which asked it for a value, stands still. What it does
// counts as done by that one: a body that a task calls waits as the task does. This package follows the chain from a body to who called
// it, which may be a body too.
package behalf

import "sync"

// A Link leads from a body to the goroutine that called it last.
type Link struct {
	// Caller is the number of that goroutine. It is written by the caller right before it switches to the body, and read by the body, and by
	// bodies that it calls: the switches order that.
	Caller int64
}

// shards keep generators on several processors from waiting for one another. It is found by the lowest bits of a body's number.
var shards [64]struct {
	sync.RWMutex
	links map[int64]*Link // guarded by the RWMutex
}

// Add makes l the link of the calling goroutine, number id, which is a body.
func Add(id int64, l *Link) {
	s := &shards[id%int64(len(shards))]
	s.Lock()
	defer s.Unlock()
	if s.links == nil {
		s.links = make(map[int64]*Link)
	}
	s.links[id] = l
}

// Remove ends what Add began.
func Remove(id int64) {
	s := &shards[id%int64(len(shards))]
	s.Lock()
	defer s.Unlock()
	delete(s.links, id)
}

// Caller returns the number of the goroutine on whose behalf goroutine number id runs, if that is a body. It is to be called by
// goroutine number id, or by one that runs on its behalf.
func Caller(id int64) (caller int64, ok bool) {
	s := &shards[id%int64(len(shards))]
	s.RLock()
	l := s.links[id]
	s.RUnlock()
	if l == nil {
		return 0, false
	}
	return l.Caller, true
}

// Root returns the number of the goroutine on whose behalf the calling one, number id, runs in the end: id itself if that is no body.
func Root(id int64) int64 {
	for {
		caller, ok := Caller(id)
		if !ok {
			return id
		}
		id = caller
	}
}
