package coro

import (
	"sync"
	"weak"
)

// A home is what is known of a goroutine to which greenlets belong.
type home struct {
	body bool // it is the body of a greenlet

	// The families that the goroutine is in, as weak.Pointer[family[T]], at most one for each T. Nobody tells when a goroutine
	// ends, so it is the garbage collector that finds those of which there is nothing left.
	families []any
}

// homes are found by the goroutine's number. Shards keep goroutines from waiting for one another.
var homes [16]struct {
	sync.RWMutex
	of map[int64]*home // guarded by the RWMutex
}

// lookUp returns goroutine number id's family for T, or nil, and whether it is the body of a greenlet.
func lookUp[T any](id int64) (f *family[T], body bool) {
	s := &homes[id%int64(len(homes))]
	s.RLock()
	defer s.RUnlock()
	h := s.of[id]
	if h == nil {
		return nil, false
	}
	for _, w := range h.families {
		if w, ok := w.(weak.Pointer[family[T]]); ok && w.Value() != nil {
			return w.Value(), h.body
		}
	}
	return nil, h.body
}

// settle notes that goroutine number id is in family f, and whether as the body of a greenlet.
func settle[T any](id int64, f weak.Pointer[family[T]], body bool) {
	s := &homes[id%int64(len(homes))]
	s.Lock()
	defer s.Unlock()
	if s.of == nil {
		s.of = make(map[int64]*home)
	}
	h := s.of[id]
	if h == nil {
		h = new(home)
		s.of[id] = h
	}
	h.body = h.body || body
	h.families = append(h.families, f)
}

// leave ends what is known of goroutine number id, which was the body of a greenlet.
func leave(id int64) {
	s := &homes[id%int64(len(homes))]
	s.Lock()
	defer s.Unlock()
	delete(s.of, id)
}

// forget ends what settle began, for a family of T that is no more.
func forget[T any](id int64) {
	s := &homes[id%int64(len(homes))]
	s.Lock()
	defer s.Unlock()
	h := s.of[id]
	if h == nil {
		return
	}
	kept := h.families[:0]
	for _, w := range h.families {
		if w, ok := w.(weak.Pointer[family[T]]); ok && w.Value() == nil {
			continue
		}
		kept = append(kept, w)
	}
	clear(h.families[len(kept):])
	h.families = kept
	if len(kept) == 0 && !h.body {
		delete(s.of, id)
	}
}
