// Package ops has one function for each kind of operation that blocks, and
// for each that only looks like it, straight in a task.
package ops

import (
	"context"
	"database/sql"
	"io/fs"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"time"

	"github.com/seed6bcf1587/coop/event"
	"github.com/seed6bcf1587/coop/hub"
)

// Blocking: the thread sleeps.
func sleep(ctx context.Context) {
	hub.Go(ctx, func(ctx context.Context) error {
		time.Sleep(time.Millisecond) // want `^time\.Sleep blocks the hub \[sleep, definite\]: func literal in sleep, a task started by hub\.Go → ops/ops\.go:\d+ time\.Sleep$`
		return nil
	})
}

// Blocking: a duration that only the run knows.
func sleepVariable(ctx context.Context, d time.Duration) {
	hub.Go(ctx, func(ctx context.Context) error {
		time.Sleep(d) // want `time\.Sleep blocks the hub \[sleep, definite\]`
		return nil
	})
}

// Quiet: returns at once.
func sleepZero(ctx context.Context) {
	hub.Go(ctx, func(ctx context.Context) error {
		time.Sleep(0)
		time.Sleep(-time.Second)
		return nil
	})
}

// Quiet: the hub's own sleep parks the task.
func sleepHub(ctx context.Context) {
	hub.Go(ctx, func(ctx context.Context) error { return hub.Sleep(ctx, time.Second) })
}

// Blocking: a receive waits for somebody to send.
func receive(ctx context.Context, ch chan int) {
	hub.Go(ctx, func(ctx context.Context) error {
		<-ch // want `channel receive blocks the hub \[chan, definite\]`
		return nil
	})
}

// Blocking: so does the form with two results.
func receiveOk(ctx context.Context, ch chan int) {
	hub.Go(ctx, func(ctx context.Context) error {
		if _, ok := <-ch; ok { // want `channel receive blocks`
			return nil
		}
		return nil
	})
}

// Blocking: and a range over a channel.
func receiveRange(ctx context.Context, ch chan int) {
	hub.Go(ctx, func(ctx context.Context) error {
		for range ch { // want `channel receive blocks the hub \[chan, definite\]`
		}
		return nil
	})
}

// Blocking: waiting for a timer's channel is sleeping.
func receiveAfter(ctx context.Context) {
	hub.Go(ctx, func(ctx context.Context) error {
		<-time.After(time.Second) // want `receive from time\.After blocks the hub \[chan, definite\]`
		return nil
	})
}

// Blocking: waiting for the end of a context.
func receiveDone(ctx context.Context) {
	hub.Go(ctx, func(ctx context.Context) error {
		<-ctx.Done() // want `channel receive blocks`
		return nil
	})
}

// Quiet: a value is in the buffer already.
func receiveFilled(ctx context.Context) {
	hub.Go(ctx, func(ctx context.Context) error {
		ch := make(chan int, 1)
		ch <- 1
		<-ch
		return nil
	})
}

// Quiet: a closed channel never makes anybody wait.
func receiveClosed(ctx context.Context) {
	hub.Go(ctx, func(ctx context.Context) error {
		ch := make(chan int)
		close(ch)
		<-ch
		return nil
	})
}

// Blocking: nobody can take it yet.
func sendUnbuffered(ctx context.Context) {
	ch := make(chan int)
	go func() { <-ch }()
	hub.Go(ctx, func(ctx context.Context) error {
		ch <- 1 // want `channel send blocks the hub \[chan, definite\]`
		return nil
	})
}

// Quiet: there is room for the one value.
func sendRoom(ctx context.Context) {
	hub.Go(ctx, func(ctx context.Context) error {
		ch := make(chan int, 1)
		ch <- 1
		_ = len(ch)
		return nil
	})
}

// Blocking: the second send finds the buffer full.
func sendOverflow(ctx context.Context) {
	hub.Go(ctx, func(ctx context.Context) error {
		ch := make(chan int, 1)
		ch <- 1
		ch <- 2 // want `channel send blocks`
		return nil
	})
}

// Quiet: only one of the sends happens.
func sendEither(ctx context.Context, odd bool) {
	hub.Go(ctx, func(ctx context.Context) error {
		ch := make(chan int, 1)
		if odd {
			ch <- 1
		} else {
			ch <- 2
		}
		return nil
	})
}

// Quiet: the buffer of a channel from elsewhere is unknown.
func sendUnknown(ctx context.Context, ch chan int) {
	hub.Go(ctx, func(ctx context.Context) error {
		ch <- 1
		return nil
	})
}

// Blocking: a select waits for one of its cases.
func selectWaits(ctx context.Context, a, b chan int) {
	hub.Go(ctx, func(ctx context.Context) error {
		select { // want `select blocks the hub \[select, definite\]`
		case <-a:
		case <-b:
		}
		return nil
	})
}

// Blocking: forever.
func selectEmpty(ctx context.Context) {
	hub.Go(ctx, func(ctx context.Context) error {
		select {} // want `select blocks the hub \[select, definite\]`
	})
}

// Blocking: one case is the same as the operation alone.
func selectOne(ctx context.Context, a chan int) {
	hub.Go(ctx, func(ctx context.Context) error {
		select {
		case <-a: // want `channel receive blocks`
		}
		return nil
	})
}

// Quiet: the default is always ready.
func selectDefault(ctx context.Context, a, b chan int) {
	hub.Go(ctx, func(ctx context.Context) error {
		select {
		case <-a:
		case b <- 1:
		default:
		}
		return nil
	})
}

// Quiet: one case is ready before the select is reached.
func selectReady(ctx context.Context, a chan int) {
	hub.Go(ctx, func(ctx context.Context) error {
		done := make(chan struct{})
		close(done)
		select {
		case <-a:
		case <-done:
		}
		return nil
	})
}

// Blocking: a WaitGroup waits for goroutines.
func waitGroup(ctx context.Context, wg *sync.WaitGroup) {
	hub.Go(ctx, func(ctx context.Context) error {
		wg.Wait() // want `\(\*sync\.WaitGroup\)\.Wait blocks the hub \[wait, definite\]`
		return nil
	})
}

// Quiet: what else a WaitGroup does returns at once.
func waitGroupAdd(ctx context.Context, wg *sync.WaitGroup) {
	hub.Go(ctx, func(ctx context.Context) error {
		wg.Add(1)
		wg.Done()
		return nil
	})
}

// Blocking: a condition variable waits for its signal.
func cond(ctx context.Context, c *sync.Cond) {
	hub.Go(ctx, func(ctx context.Context) error {
		c.L.Lock()
		c.Wait() // want `\(\*sync\.Cond\)\.Wait blocks the hub \[wait, definite\]`
		c.L.Unlock()
		c.Signal()
		return nil
	})
}

// Quiet: an Event parks the task.
func eventWait(ctx context.Context, e *event.Event) {
	hub.Go(ctx, func(ctx context.Context) error { return e.Wait(ctx) })
}

// Blocking: a connection has to be made.
func dial(ctx context.Context) {
	hub.Go(ctx, func(ctx context.Context) error {
		_, err := net.Dial("tcp", "localhost:1") // want `net\.Dial blocks the hub \[net, definite\]`
		return err
	})
}

// Blocking: a name has to be looked up.
func lookup(ctx context.Context) {
	hub.Go(ctx, func(ctx context.Context) error {
		_, err := net.LookupHost("localhost") // want `net\.LookupHost blocks the hub \[net, definite\]`
		return err
	})
}

// Blocking: a method of a type that embeds the one with the table entry.
func readTCP(ctx context.Context, c *net.TCPConn) {
	hub.Go(ctx, func(ctx context.Context) error {
		_, err := c.Read(nil) // want `Read blocks the hub \[net, definite\]`
		return err
	})
}

// Blocking, as far as an interface tells.
func readConn(ctx context.Context, c net.Conn) {
	hub.Go(ctx, func(ctx context.Context) error {
		_, err := c.Read(nil) // want `\(net\.Conn\)\.Read blocks the hub \[net, probable\]`
		return err
	})
}

// Blocking: an HTTP request.
func httpGet(ctx context.Context) {
	hub.Go(ctx, func(ctx context.Context) error {
		_, err := http.Get("http://localhost") // want `http\.Get blocks the hub \[net, definite\]`
		return err
	})
}

// Blocking: by the client's method.
func httpDo(ctx context.Context, req *http.Request) {
	hub.Go(ctx, func(ctx context.Context) error {
		_, err := http.DefaultClient.Do(req) // want `\(\*http\.Client\)\.Do blocks the hub \[net, definite\]`
		return err
	})
}

// Quiet: making a request is not sending it.
func httpRequest(ctx context.Context) {
	hub.Go(ctx, func(ctx context.Context) error {
		_, err := http.NewRequestWithContext(ctx, "GET", "http://localhost", nil)
		return err
	})
}

// Blocking: a database statement.
func query(ctx context.Context, db *sql.DB) {
	hub.Go(ctx, func(ctx context.Context) error {
		_, err := db.ExecContext(ctx, "DELETE FROM t") // want `\(\*sql\.DB\)\.ExecContext blocks the hub \[db, definite\]`
		return err
	})
}

// Quiet: opening a database connects to nothing.
func openDB(ctx context.Context) {
	hub.Go(ctx, func(ctx context.Context) error {
		_, err := sql.Open("driver", "name")
		return err
	})
}

// Blocking: a process runs to its end.
func execRun(ctx context.Context) {
	hub.Go(ctx, func(ctx context.Context) error {
		return exec.Command("true").Run() // want `\(\*exec\.Cmd\)\.Run blocks the hub \[exec, definite\]`
	})
}

// Quiet by default: starting one does not wait for it.
func execStart(ctx context.Context) {
	hub.Go(ctx, func(ctx context.Context) error { return exec.Command("true").Start() })
}

// Blocking: a walk over a tree of unknown size.
func walk(ctx context.Context) {
	hub.Go(ctx, func(ctx context.Context) error {
		return filepath.WalkDir(".", func(string, fs.DirEntry, error) error { return nil }) // want `filepath\.WalkDir blocks the hub \[file, definite\]`
	})
}

// Blocking: and its removal.
func removeAll(ctx context.Context) {
	hub.Go(ctx, func(ctx context.Context) error {
		return os.RemoveAll("x") // want `os\.RemoveAll blocks the hub \[file, definite\]`
	})
}

// Blocking: a file reaches the disk.
func fsync(ctx context.Context, f *os.File) {
	hub.Go(ctx, func(ctx context.Context) error {
		return f.Sync() // want `\(\*os\.File\)\.Sync blocks the hub \[file, definite\]`
	})
}

// Quiet by default: one small local file.
func readFile(ctx context.Context) {
	hub.Go(ctx, func(ctx context.Context) error {
		_, err := os.ReadFile("x")
		return err
	})
}

// Quiet: a look at a file's metadata.
func stat(ctx context.Context) {
	hub.Go(ctx, func(ctx context.Context) error {
		_, err := os.Stat("x")
		return err
	})
}

// Quiet: main and what it calls are no tasks.
func notATask(ch chan int) {
	time.Sleep(time.Second)
	<-ch
}

const debug = false

// Quiet: code that never runs.
func dead(ctx context.Context, ch chan int) {
	hub.Go(ctx, func(ctx context.Context) error {
		if debug {
			time.Sleep(time.Second)
		}
		if !debug {
			return nil
		}
		<-ch
		return nil
	})
	hub.Go(ctx, func(ctx context.Context) error {
		if len(ch) > 0 {
			panic("full")
			<-ch // unreachable
		}
		return nil
	})
	hub.Go(ctx, func(ctx context.Context) error {
		if len(ch) > 0 {
			os.Exit(1)
		} else {
			return nil
		}
		<-ch
		return nil
	})
}

// Blocking: the main task is a task.
func mainTask(ctx context.Context) error {
	return hub.Run(ctx, func(ctx context.Context) error {
		time.Sleep(1) // want `func literal in mainTask, a task started by hub\.Run`
		return nil
	})
}
