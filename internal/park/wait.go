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
	v, err := l.Await(ctx, mu, payload, what, left)
	if err != nil {
		err = Refuse(ctx, err)
	}
	return v, err
}

// Await is Wait for those who have something to put right before the error is handed out, with [Refuse].
//
//blocklint:cooperative
func (l *List[T]) Await(ctx context.Context, mu *sync.Mutex, payload T, what string, left func()) (T, error) {
	p := ofLocked(ctx, mu, left)
	w := l.add(mu, payload)
	if p != nil {
		w.parker = p
		mu.Unlock()
		return l.await(ctx, p, mu, w, what, left)
	}
	// What follows is in no function of its own, for each return after a switch of goroutines is mispredicted.
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
			return w.Payload, Cause(ctx)
		}
		<-ready // granted, or sure to be
	}
	return l.take(mu, w), nil
}

// await is Await of a task.
func (l *List[T]) await(ctx context.Context, p Parker, mu *sync.Mutex, w *Waiter[T], what string, left func()) (T, error) {
	for !w.granted.Load() {
		err := p.Park(ctx, what)
		if err == nil && ctx.Err() != nil {
			err = Cause(ctx)
		}
		if err != nil {
			if w.leave(mu, left, false) {
				return w.Payload, err
			}
			return l.insist(p, mu, w, what, left)
		}
	}
	return l.take(mu, w), nil
}

// Insist is Wait that no context ends, for a lock that must be held again. It fails only in a hub that is given up.
//
//blocklint:cooperative
func (l *List[T]) Insist(ctx context.Context, mu *sync.Mutex, payload T, what string, left func()) (T, error) {
	p := ofLocked(ctx, mu, left)
	w := l.add(mu, payload)
	if p == nil {
		w.Sleep()
		v := l.recycle(w)
		mu.Unlock()
		return v, nil
	}
	w.parker = p
	mu.Unlock()
	return l.insist(p, mu, w, what, left)
}

// insist is Insist of a task.
func (l *List[T]) insist(p Parker, mu *sync.Mutex, w *Waiter[T], what string, left func()) (T, error) {
	for !w.granted.Load() {
		if err := p.Insist(what); err != nil && w.leave(mu, left, true) {
			return w.Payload, err
		}
	}
	return l.take(mu, w), nil
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
	p, carried := ctx.Value(Key).(Parker)
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
	if w.parker != nil {
		w.parker = nil
		w.granted.Store(false)
	}
	if w.ready != nil {
		w.ready = nil
	}
	l.spare = w
	return v
}
