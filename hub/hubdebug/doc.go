// Package hubdebug shows what goes on in a hub.
//
//	m := new(hubdebug.Metrics)
//	h := hub.New(hub.WithObserver(m), hub.WithStallThreshold(100*time.Millisecond))
//	http.Handle("/debug/hub", hubdebug.Handler(h, m))
//	expvar.Publish("hub", m)
//
// [Handler] is a web page for people: the tasks, what they wait for and where, recent stalls with their stacks, and how long turns
// take. [Metrics] counts. [Trace] makes tasks and their waits visible in go tool trace, and [Labels] tells them apart in CPU profiles.
//
// All of it is opt-in: a hub that is given none of these options pays for none. What they cost is paid at each switch between tasks, for which a hub with
// an observer reads the clock.
package hubdebug
