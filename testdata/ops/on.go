package ops

import (
	"net"
	"os"
)

// What a method of a variable does, and one that a type has from another.
//
//blocklint:nonblocking
func ofVariables(c *net.UDPConn, b []byte) {
	_, _ = os.Stdin.Read(b) // want `\(\*os\.File\)\.Read blocks a loop \[stdio, definite\]`
	_, _ = c.Write(b)       // a datagram, which is only possibly kept waiting
	_, _ = c.Read(b)        // want `\(\*net\.conn\)\.Read blocks a loop \[net, definite\]`
}
