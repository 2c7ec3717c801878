package calls

import (
	"net/http"
	"time"
)

func logs(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { next.ServeHTTP(w, r) })
}

type step interface{ do() }
type stepFunc func()

func (f stepFunc) do() { f() }

func again(next step) step {
	return stepFunc(func() {
		next.do()
		next.do()
	})
}

// A chain of handlers, of which the last one blocks, and another of which
// none does.
//
//blocklint:nonblocking
func chains(w http.ResponseWriter, r *http.Request) {
	h := logs(logs(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { time.Sleep(1) })))
	h.ServeHTTP(w, r) // want `time\.Sleep blocks a loop \[sleep, probable\]`
	h = logs(logs(http.HandlerFunc(http.NotFound)))
	h.ServeHTTP(w, r)
	again(again(stepFunc(func() { <-time.After(1) }))).do() // want `receive from time\.After blocks a loop \[chan, probable\]`
	again(stepFunc(func() {})).do()
}
