// Package callback has the list of functions that are to be called once when something has happened.
package callback

import (
	"sync"

	"github.com/seed6bcf1587/coop/internal/list"
	"github.com/seed6bcf1587/coop/internal/recovered"
)

// A List is such a list. The zero value is empty. A List must not be copied after first use.
//
// Functions run one after the other, in the order in which they were added, each once, without a lock held. Whoever runs them must not
// be held up, but everything else they may do, adding and taking back included.
type List struct {
	mu sync.Mutex
	// Guarded by mu.
	fns     list.List[func()]
	calling bool // somebody runs the functions, and will run those that are added
}

// Add adds fn. The function that it returns takes fn back if it has not begun, even while others run.
func (l *List) Add(fn func()) (unlink func()) {
	n := &list.Node[func()]{Value: fn}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.fns.Push(n)
	return func() {
		l.mu.Lock()
		defer l.mu.Unlock()
		n.Remove()
	}
}

// Run runs the functions, unless somebody does already. One that panics does not keep the others from their turn; failed is told
// of it. One that calls runtime.Goexit takes the calling goroutine along, after the others.
func (l *List) Run(failed func(*recovered.PanicError)) {
	l.mu.Lock()
	if l.calling {
		l.mu.Unlock()
		return
	}
	l.calling = true
	for {
		n := l.fns.First()
		if n == nil {
			l.calling = false
			l.mu.Unlock()
			return
		}
		n.Remove()
		l.mu.Unlock()
		l.call(n.Value, failed)
		l.mu.Lock()
	}
}

func (l *List) call(fn func(), failed func(*recovered.PanicError)) {
	returned := false
	defer func() {
		if returned {
			return
		}
		// It called Goexit.
		l.mu.Lock()
		l.calling = false
		l.mu.Unlock()
		l.Run(failed)
	}()
	func() {
		defer func() {
			if v := recover(); v != nil {
				failed(recovered.New(v))
			}
		}()
		fn()
	}()
	returned = true
}
