package event

import (
	"errors"
	"sync"

	"github.com/seed6bcf1587/coop/internal/recovered"
)

// errGoexit is the error of a Result whose function called runtime.Goexit.
var errGoexit = errors.New("event: function ended by runtime.Goexit")

// Then returns a Result that is set to what fn makes of r's value. If r fails, the new one fails with the same error, and fn is not
// called. If fn panics, the new one fails with a *[PanicError]. fn is called as a callback is, see [Result.OnDone], and must
// not wait.
func Then[T, U any](r *Result[T], fn func(T) (U, error)) *Result[U] {
	if fn == nil {
		panic("event.Then: nil function")
	}
	next := &Result[U]{source: r.source}
	r.OnDone(func(v T, err error) {
		if err != nil {
			next.Fail(err)
			return
		}
		settle(next, func() (U, error) { return fn(v) })
	})
	return next
}

// Catch returns a Result that has r's value, or if r fails, what fn makes of r's error. If fn panics, it fails with a
// *[PanicError]. fn is called as a callback is, see [Result.OnDone], and must not wait.
func Catch[T any](r *Result[T], fn func(error) (T, error)) *Result[T] {
	if fn == nil {
		panic("event.Catch: nil function")
	}
	next := &Result[T]{source: r.source}
	r.OnDone(func(v T, err error) {
		if err == nil {
			next.Set(v)
			return
		}
		settle(next, func() (T, error) { return fn(err) })
	})
	return next
}

// settle sets r to what fn returns, or how else it ends.
func settle[T any](r *Result[T], fn func() (T, error)) {
	var v T
	err := errGoexit
	defer func() {
		if err == errGoexit {
			if p := recover(); p != nil {
				err = recovered.New(p)
			}
		}
		if err != nil {
			r.Fail(err)
		} else {
			r.Set(v)
		}
	}()
	v, err = fn()
}

// All returns a Result that has the values of all rs, in their order, when all have been set. It fails as soon as one of them does, with
// the error of that one. All of none is set already.
func All[T any](rs ...*Result[T]) *Result[[]T] {
	all := &Result[[]T]{source: sourceOf(rs)}
	values := make([]T, len(rs))
	if len(rs) == 0 {
		all.Set(values)
		return all
	}
	var mu sync.Mutex
	missing := len(rs) // guarded by mu, as values is
	watch(all, rs, func(i int, v T, err error) {
		if err != nil {
			all.Fail(err)
			return
		}
		mu.Lock()
		values[i] = v
		missing--
		complete := missing == 0
		mu.Unlock()
		if complete {
			all.Set(values)
		}
	})
	return all
}

// First returns a Result that is set as the first of rs is that is set, to its value or its error. First panics if there are none.
func First[T any](rs ...*Result[T]) *Result[T] {
	if len(rs) == 0 {
		panic("event.First: no results")
	}
	first := &Result[T]{source: sourceOf(rs)}
	watch(first, rs, func(_ int, v T, err error) {
		if err != nil {
			first.Fail(err)
		} else {
			first.Set(v)
		}
	})
	return first
}

// watch calls fn when one of rs has been set, until sum has been set; then the others are left alone, so that one that is
// never set does not collect callbacks.
func watch[S, T any](sum *Result[S], rs []*Result[T], fn func(i int, v T, err error)) {
	unlinks := make([]func(), 0, len(rs))
	for i, r := range rs {
		unlinks = append(unlinks, r.OnDone(func(v T, err error) { fn(i, v, err) }))
	}
	sum.OnDone(func(S, error) {
		for _, unlink := range unlinks {
			unlink()
		}
	})
}
