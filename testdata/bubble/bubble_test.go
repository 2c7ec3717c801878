package bubble

import (
	"net"
	"net/http"
	"os/exec"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

func ask() { _, _ = http.Get("http://localhost") }

// What time in the bubble waits for.
func TestOutside(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		_, _ = net.Dial("tcp", "localhost:1") // want `net\.Dial blocks the clock of the bubble \[net, definite\]: func literal in TestOutside, a task started by synctest\.Test`
		ask()                                 // want `http\.Get blocks the clock of the bubble`
		_ = exec.Command("true").Run()        // want `\(\*exec\.Cmd\)\.Run blocks the clock of the bubble \[exec, definite\]`
	})
}

var slow sync.Mutex

func holds() {
	slow.Lock()
	time.Sleep(1)
	slow.Unlock()
}

// Whoever waits for a lock does not let the clock go on for its holder.
func TestLock(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		go holds()
		slow.Lock() // want `\(\*sync\.Mutex\)\.Lock \(held over time\.Sleep in holds\) blocks the clock of the bubble \[lock, probable\]`
		slow.Unlock()
	})
}

// Quiet: what a bubble is for.
func TestInside(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ch := make(chan int)
		go func() { time.Sleep(time.Hour); ch <- 1 }()
		<-ch
		var wg sync.WaitGroup
		wg.Go(func() {})
		wg.Wait()
		a, b := net.Pipe()
		go func() { _, _ = a.Write([]byte("x")) }()
		_, _ = b.Read(make([]byte, 1))
		synctest.Wait()
	})
}

type canned struct{}

func (canned) RoundTrip(*http.Request) (*http.Response, error) { return nil, nil }

// Quiet: the client asks nobody.
func TestClient(t *testing.T) {
	c := &http.Client{Transport: canned{}}
	synctest.Test(t, func(t *testing.T) {
		_, _ = c.Get("http://localhost")
	})
}
