// Package held knows which locks the goroutines of tasks hold, so that a task that ends can be told of those it forgot.
//
// A lock that only its owner may unlock takes the goroutine for the owner. A hub runs one task after the other on a goroutine; without
// this, a task could inherit what the one before forgot. Goroutines that run no tasks cost nothing here but a look at a counter.
package held

import (
	"sync"
	"sync/atomic"
)

// A Lock is held by one goroutine.
type Lock interface {
	String() string // what it is called in messages

	// Abandon makes the lock nobody's: it stays locked, and no goroutine can unlock it.
	Abandon()
}

// A Set is the locks that one goroutine holds. It is used by that goroutine alone.
type Set struct{ locks []Lock }

// shards keep goroutines of several hubs from waiting for one another. It is found by the lowest bits of the goroutine's number.
var shards [16]struct {
	sync.RWMutex
	sets map[int64]*Set // guarded by the RWMutex
}

var tracked atomic.Int32 // number of goroutines that have a Set

// Track begins to note what the calling goroutine, number id, holds.
func Track(id int64) *Set {
	set := new(Set)
	s := &shards[id%int64(len(shards))]
	s.Lock()
	defer s.Unlock()
	if s.sets == nil {
		s.sets = make(map[int64]*Set)
	}
	s.sets[id] = set
	tracked.Add(1)
	return set
}

// Untrack ends what Track began.
func Untrack(id int64) {
	s := &shards[id%int64(len(shards))]
	s.Lock()
	defer s.Unlock()
	delete(s.sets, id)
	tracked.Add(-1)
}

func find(id int64) *Set {
	if tracked.Load() == 0 {
		return nil
	}
	s := &shards[id%int64(len(shards))]
	s.RLock()
	defer s.RUnlock()
	return s.sets[id]
}

// Tracks reports whether goroutine number id is tracked: it runs tasks.
func Tracks(id int64) bool { return find(id) != nil }

// Note is called by goroutine number id when it has got l.
func Note(id int64, l Lock) {
	if set := find(id); set != nil {
		set.locks = append(set.locks, l)
	}
}

// Forget is called by goroutine number id when it gives l up.
func Forget(id int64, l Lock) {
	set := find(id)
	if set == nil {
		return
	}
	for i := len(set.locks) - 1; i >= 0; i-- { // the last one got is most often the first one given up
		if set.locks[i] == l {
			copy(set.locks[i:], set.locks[i+1:])
			set.locks[len(set.locks)-1] = nil
			set.locks = set.locks[:len(set.locks)-1]
			return
		}
	}
}

// IsEmpty reports whether the goroutine holds nothing.
func (s *Set) IsEmpty() bool { return len(s.locks) == 0 }

// Abandon abandons what the goroutine still holds, and returns it.
func (s *Set) Abandon() []Lock {
	if len(s.locks) == 0 {
		return nil
	}
	left := s.locks
	s.locks = nil
	for _, l := range left {
		l.Abandon()
	}
	return left
}
