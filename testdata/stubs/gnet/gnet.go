// Package gnet declares what a server implements.
package gnet

import "io"

// Action says what to do next.
type Action int

// Conn is a connection whose Read and Write work on buffers.
type Conn interface {
	io.Reader
	io.Writer
	Next(n int) ([]byte, error)
}

// Engine is the server.
type Engine struct{}

// EventHandler is called by the loops.
type EventHandler interface {
	OnBoot(eng Engine) Action
	OnOpen(c Conn) ([]byte, Action)
	OnClose(c Conn, err error) Action
	OnTraffic(c Conn) Action
}

// Run runs the loops.
func Run(h EventHandler, addr string) error { h.OnBoot(Engine{}); return nil }
