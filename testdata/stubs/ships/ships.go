// Package ships has functions that do something else than what they look
// like; the file that comes with it says so.
package ships

import "time"

// A Client is a client.
type Client struct{}

// Fetch asks a server, in a way that nobody can see.
func (*Client) Fetch() {}

// Busy sleeps for no time worth mentioning.
func Busy() { time.Sleep(1) }

// Later has f called by somebody else.
func Later(f func()) {
	if f != nil {
		f()
	}
}
