package worlds

import "sync"

// A Log is where parties report what happened to them. The zero value is empty.
type Log[T any] struct {
	mu      sync.Mutex
	entries []T // guarded by mu
}

// Add adds an entry.
func (l *Log[T]) Add(v T) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.entries = append(l.entries, v)
}

// Take returns the entries in the order in which they were added, and empties the log.
func (l *Log[T]) Take() []T {
	l.mu.Lock()
	defer l.mu.Unlock()
	taken := l.entries
	l.entries = nil
	return taken
}
