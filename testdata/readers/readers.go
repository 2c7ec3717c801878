// Package readers has readers and writers, which block when what they stand
// on does.
package readers

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"time"

	"github.com/seed6bcf1587/coop/hub"
)

// Copying from a connection.
func copyConn(ctx context.Context, c *net.TCPConn) {
	hub.Go(ctx, func(ctx context.Context) error {
		_, err := io.Copy(io.Discard, c) // want `\(\*net\.conn\)\.Read in io\.Copy blocks the hub \[net, probable\]`
		return err
	})
}

// Quiet: in memory from end to end.
func copyMemory(ctx context.Context) {
	hub.Go(ctx, func(ctx context.Context) error {
		var b bytes.Buffer
		if _, err := io.Copy(&b, strings.NewReader("x")); err != nil {
			return err
		}
		fmt.Fprintf(&b, "%d", 1)
		if err := json.NewEncoder(&b).Encode(1); err != nil {
			return err
		}
		sc := bufio.NewScanner(&b)
		for sc.Scan() {
		}
		rec := httptest.NewRecorder()
		_, err := io.ReadAll(rec.Body)
		return err
	})
}

// Quiet: nobody knows what the reader is.
func unknown(ctx context.Context, r io.Reader) {
	hub.Go(ctx, func(ctx context.Context) error {
		_, err := io.ReadAll(r)
		return err
	})
}

// A line of a connection, through a bufio.Reader in a variable.
func line(ctx context.Context, c net.Conn) {
	br := bufio.NewReader(c)
	hub.Go(ctx, func(ctx context.Context) error {
		_, err := br.ReadString('\n') // want `\(net\.Conn\)\.Read in \(\*bufio\.Reader\)\.ReadString blocks the hub \[net, probable\]`
		return err
	})
}

type session struct {
	br  *bufio.Reader
	enc *json.Encoder
}

func newSession(c net.Conn) *session {
	return &session{bufio.NewReader(c), json.NewEncoder(c)}
}

func (s *session) next() (byte, error) { return s.br.ReadByte() }

// The same in fields, a call deeper.
func fields(ctx context.Context, c net.Conn) {
	s := newSession(c)
	hub.Go(ctx, func(ctx context.Context) error {
		if _, err := s.next(); err != nil { // want `\(net\.Conn\)\.Read in \(\*bufio\.Reader\)\.ReadByte blocks the hub`
			return err
		}
		return s.enc.Encode(1) // want `\(net\.Conn\)\.Write in \(\*json\.Encoder\)\.Encode blocks the hub`
	})
}

// Standard input waits for a person.
func stdin(ctx context.Context) {
	hub.Go(ctx, func(ctx context.Context) error {
		_, err := io.ReadAll(os.Stdin) // want `os\.Stdin\.Read in io\.ReadAll blocks the hub \[stdio, definite\]`
		if err != nil {
			return err
		}
		sc := bufio.NewScanner(os.Stdin)
		sc.Scan() // want `os\.Stdin\.Read in \(\*bufio\.Scanner\)\.Scan blocks the hub \[stdio, probable\]|os\.Stdin\.Read in \(\*bufio\.Scanner\)\.Scan blocks the hub \[stdio, definite\]`
		fmt.Println("quiet")
		fmt.Fprintln(os.Stderr, "quiet")
		return nil
	})
}

// The body of a response comes over the network.
func body(ctx context.Context, resp *http.Response) {
	hub.Go(ctx, func(ctx context.Context) error {
		return json.NewDecoder(resp.Body).Decode(new(int)) // want `http\.Response\.Body\.Read in \(\*json\.Decoder\)\.Decode blocks the hub \[net`
	})
}

type slow struct{}

func (slow) Read(p []byte) (int, error) { time.Sleep(1); return 0, nil }

// A reader of this package.
func own(ctx context.Context) {
	hub.Go(ctx, func(ctx context.Context) error {
		_, err := io.ReadAll(slow{}) // want `time\.Sleep blocks the hub \[sleep, probable\]`
		return err
	})
}

func drain(r io.Reader) { _, _ = io.Copy(io.Discard, r) }

// A helper that reads its parameter.
func helper(ctx context.Context, c net.Conn) {
	hub.Go(ctx, func(ctx context.Context) error {
		drain(strings.NewReader(""))
		drain(c) // want `\(net\.Conn\)\.Read .*blocks the hub \[net, probable\]`
		return nil
	})
}

func fetch(url string) ([]byte, error) {
	resp, err := http.Get(url)
	if err != nil {
		return nil, err
	}
	defer resp.Body.Close()
	return io.ReadAll(resp.Body)
}

// One exchange with a server is one finding.
func exchange(ctx context.Context) {
	hub.Go(ctx, func(ctx context.Context) error {
		if _, err := fetch("x"); err != nil { // want `http\.Get blocks the hub \[net, definite\]`
			return err
		}
		resp, err := http.Head("x") // want `http\.Head blocks the hub \[net, definite\]`
		if err != nil {
			return err
		}
		_, err = io.Copy(io.Discard, resp.Body)
		return err
	})
}
