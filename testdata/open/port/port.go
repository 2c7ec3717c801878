// Package port has the interface between packages that do not know each
// other.
package port

// A Store keeps things.
type Store interface {
	Save(key string) error
	Len() int
}

// A Notifier is implemented by what does not block.
type Notifier interface{ Notify() }
