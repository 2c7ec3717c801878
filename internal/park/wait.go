package park

import (
	"context"
	"sync"
)

// Wait puts a waiter with the given payload at the end of the list, releases mu, which the caller holds, and waits until the waiter is
// granted or ctx ends. On return mu is not held. After a nil error the grant is the caller's, with the payload as whoever
// granted it left it. After an error, see [Cause], the waiter is in no list and nothing was granted; left, unless nil, has been
// called with mu held right after it left, to put right what its presence held up. what names the wait for people.
//
//blocklint:cooperative
func (l *List[T]) Wait(ctx context.Context, mu *sync.Mutex, payload T, what string, left func()) (T, error) {
	return l.wait(ctx, mu, payload, what, left, true)
}

// Await is Wait for those who have something to put right before the error is handed out, with [Refuse].
//
//blocklint:cooperative
func (l *List[T]) Await(ctx context.Context, mu *sync.Mutex, payload T, what string, left func()) (T, error) {
	return l.wait(ctx, mu, payload, what, left, false)
}

// wait is what is inlined as Wait and as Await. It is long, for each return after a switch is mispredicted, of goroutines as of tasks.
func (l *List[T]) wait(ctx context.Context, mu *sync.Mutex, payload T, what string, left func(), refuse bool) (T, error) {
	if p := ofLocked(ctx, mu, left); p != nil {
		w := l.addParked(p, payload)
		mu.Unlock()
		for !w.granted.Load() {
			err := p.Park(ctx, what)
			if err == nil && ctx.Err() != nil {
				err = Cause(ctx)
			}
			switch {
			case err == nil:
			case !w.leave(mu, left, false):
				return l.insist(p, mu, w, what, left)
			case refuse:
				return payload, p.Refuse(err)
			default:
				return payload, err
			}
		}
		return w.done(p), nil
	}

	w := l.add(mu, payload)
	done := ctx.Done()
	if done == nil {
		w.Sleep()
		v := l.recycle(w)
		mu.Unlock()
		return v, nil
	}
	ready := make(chan struct{})
	w.ready = ready
	mu.Unlock()
	select {
	case <-ready:
	case <-done:
		if w.leave(mu, left, false) {
			return payload, Cause(ctx) // to be refused by nobody: no task waits
		}
		<-ready // granted, or sure to be
	}
	return l.take(mu, w), nil
}

// Insist is Wait that no context ends, for a lock that must be held again. It fails only in a hub that is given up.
//
//blocklint:cooperative
func (l *List[T]) Insist(ctx context.Context, mu *sync.Mutex, payload T, what string, left func()) (T, error) {
	if p := ofLocked(ctx, mu, left); p != nil {
		w := l.addParked(p, payload)
		mu.Unlock()
		return l.insist(p, mu, w, what, left)
	}
	w := l.add(mu, payload)
	w.Sleep()
	v := l.recycle(w)
	mu.Unlock()
	return v, nil
}

// insist is Insist of a task.
func (l *List[T]) insist(p Parker, mu *sync.Mutex, w *Waiter[T], what string, left func()) (T, error) {
	for !w.granted.Load() {
		if err := p.Insist(what); err != nil && w.leave(mu, left, true) {
			return w.Payload, err
		}
	}
	return w.done(p), nil
}

// Enter, [Waiter.Sleep] and Leave are, one after the other and with mu held, what Wait does with [Background], without a payload. On return mu is
// still held. They are for those who want as few functions as possible to return after the switch to another goroutine, for
// each of these returns is mispredicted: Sleep and Leave are inlined.
func (l *List[T]) Enter(mu *sync.Mutex) *Waiter[T] {
	var none T
	return l.add(mu, none)
}

// Sleep waits for the grant. See [List.Enter].
func (w *Waiter[T]) Sleep() {
	for w.node.Listed() {
		w.cond.Wait()
	}
}

// Leave ends the use of w. See [List.Enter].
func (l *List[T]) Leave(w *Waiter[T]) { l.recycle(w) }

// ofLocked is Of with mu held. Of panics when a task waits with the context of another; then it is as if the waiter had left.
func ofLocked(ctx context.Context, mu *sync.Mutex, left func()) Parker {
	p, carried := ctx.Value(Key{}).(Parker)
	if !carried {
		return nil
	}
	ok := false
	defer func() {
		if ok {
			return
		}
		if left != nil {
			left()
		}
		mu.Unlock()
	}()
	if !p.Here() {
		p = nil
	}
	ok = true
	return p
}

// leave takes w out of its list and reports whether it did. If w is in none, a grant came between the end of the
// context and the lock, and wins; if one is promised, it is waited for, unless there is no hope.
func (w *Waiter[T]) leave(mu *sync.Mutex, left func(), hopeless bool) bool {
	mu.Lock()
	defer mu.Unlock()
	if w.promised && !hopeless || !w.node.Remove() {
		return false
	}
	if left != nil {
		left()
	}
	return true
}

// add puts a new waiter at the end of the list. mu, which is the same for each wait, is held.
func (l *List[T]) add(mu *sync.Mutex, payload T) *Waiter[T] {
	w := l.spare
	if w == nil {
		w = new(Waiter[T])
		w.node.Value = w
		w.cond.L = mu
	}
	l.spare = nil
	w.Payload = payload
	l.waiters.Push(&w.node)
	return w
}

// addParked is add for a wait with p, which has a spare waiter of its own: a task waits at one thing after the other, and at many only once.
func (l *List[T]) addParked(p Parker, payload T) *Waiter[T] {
	spare := p.Spare()
	w, ok := (*spare).(*Waiter[T])
	*spare = nil
	if !ok {
		w = new(Waiter[T])
		w.node.Value = w
	}
	w.Payload, w.parker = payload, p
	l.waiters.Push(&w.node)
	return w
}

// done ends the use of w, which has been granted to p, and returns its payload. It needs no mutex: to grant w was the last that was done to it.
func (w *Waiter[T]) done(p Parker) T {
	v := w.Payload
	var none T
	w.Payload, w.promised, w.parker = none, false, nil
	w.granted.Store(false)
	*p.Spare() = w
	return v
}

// take ends the use of w, which has been granted, and returns its payload.
func (l *List[T]) take(mu *sync.Mutex, w *Waiter[T]) T {
	mu.Lock()
	defer mu.Unlock()
	return l.recycle(w)
}

// recycle is take with mu held. Whoever granted w has released mu since, and has no use for w any more.
func (l *List[T]) recycle(w *Waiter[T]) T {
	v := w.Payload
	var none T
	w.Payload, w.promised = none, false
	if w.ready != nil {
		w.ready = nil
	}
	l.spare = w
	return v
}
