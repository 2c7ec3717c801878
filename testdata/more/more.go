// Package more has function values and operations of kinds that the other
// packages do not have, and what only looks like them.
package more

import (
	"bytes"
	"context"
	"io/fs"
	"log"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	"github.com/seed6bcf1587/coop/event"
	"github.com/seed6bcf1587/coop/hub"
	"github.com/seed6bcf1587/coop/testdata/low"
	"github.com/seed6bcf1587/coop/testdata/mid"
)

func nap() { time.Sleep(1) }

type middleware func(http.Handler) http.Handler

func slowly(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		nap()
		next.ServeHTTP(w, r)
	})
}

func quickly(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { next.ServeHTTP(w, r) })
}

func chain(h http.Handler, ms ...middleware) http.Handler {
	for _, m := range ms {
		h = m(h)
	}
	return h
}

// A chain of http middleware, called on the spot.
func middlewares(ctx context.Context, r *http.Request) {
	ok := http.HandlerFunc(func(http.ResponseWriter, *http.Request) {})
	hub.Go(ctx, func(ctx context.Context) error {
		slowly(ok).ServeHTTP(httptest.NewRecorder(), r) // want `time\.Sleep blocks the hub \[sleep, probable\]`
		quickly(ok).ServeHTTP(httptest.NewRecorder(), r)
		return nil
	})
	hub.Go(ctx, func(ctx context.Context) error {
		chain(ok, quickly, slowly).ServeHTTP(httptest.NewRecorder(), r) // want `time\.Sleep blocks the hub`
		return nil
	})
}

// Quiet: a server calls it, on a goroutine for each request.
func registers(ctx context.Context) {
	hub.Go(ctx, func(ctx context.Context) error {
		http.HandleFunc("/", func(http.ResponseWriter, *http.Request) { nap() })
		return nil
	})
}

// The other ways to wait for a program.
func programs(ctx context.Context, cmd *exec.Cmd) {
	hub.Go(ctx, func(ctx context.Context) error {
		if _, err := cmd.Output(); err != nil { // want `\(\*exec\.Cmd\)\.Output blocks the hub \[exec, definite\]`
			return err
		}
		if _, err := cmd.CombinedOutput(); err != nil { // want `\(\*exec\.Cmd\)\.CombinedOutput blocks the hub \[exec, definite\]`
			return err
		}
		return cmd.Wait() // want `\(\*exec\.Cmd\)\.Wait blocks the hub \[exec, definite\]`
	})
}

// Locks of files, and system calls made by hand.
func kernel(ctx context.Context, fd int) {
	hub.Go(ctx, func(ctx context.Context) error {
		if err := syscall.Flock(fd, syscall.LOCK_EX); err != nil { // want `syscall\.Flock blocks the hub \[(file|syscall), definite\]`
			return err
		}
		return syscall.Flock(fd, syscall.LOCK_EX|syscall.LOCK_NB)
	})
}

// A tree of files, by way of an interface.
func trees(ctx context.Context, fsys fs.FS) {
	hub.Go(ctx, func(ctx context.Context) error {
		if err := os.CopyFS("x", fsys); err != nil { // want `os\.CopyFS blocks the hub \[file, definite\]`
			return err
		}
		return fs.WalkDir(os.DirFS("."), ".", func(string, fs.DirEntry, error) error { // want `fs\.WalkDir blocks the hub \[file`
			return nil
		})
	})
}

// Quiet: neither waits for anybody.
func memory(ctx context.Context, p *sync.Pool, m *sync.Map, n *atomic.Int64) {
	hub.Go(ctx, func(ctx context.Context) error {
		p.Put(p.Get())
		m.Store(1, 2)
		m.LoadOrStore(1, 2)
		n.Add(1)
		log.Print("x")
		slog.Info("x")
		slog.Default().Warn("x")
		return nil
	})
}

// A pipe in memory is no network, but it waits.
func pipes(ctx context.Context) {
	a, b := net.Pipe()
	hub.Go(ctx, func(ctx context.Context) error {
		_, err := a.Read(nil) // want `net\.Pipe\.Read blocks the hub \[chan, definite\]`
		_ = b
		return err
	})
}

// A method of a value that another package gave a type to.
func methodValues(ctx context.Context, s mid.Service) {
	save := s.Save
	expr := mid.Service.Save
	hub.Go(ctx, func(ctx context.Context) error {
		if err := save(); err != nil { // want `\(\*sql\.DB\)\.Exec blocks the hub \[db, definite\]`
			return err
		}
		return expr(s) // quiet: the same operation again
	})
}

// A generic type of another package.
func genericType(ctx context.Context, q *low.Queue[string]) {
	hub.Go(ctx, func(ctx context.Context) error {
		q.Pop() // want `\(\*low\.Queue\)\.Pop → low/low\.go:\d+ channel receive`
		return nil
	})
}

// An option of another package, which stores a function there.
func foreignOption(ctx context.Context) {
	w := low.NewWorker(low.WithStep(nap))
	hub.Go(ctx, func(ctx context.Context) error {
		w.Step() // want `time\.Sleep blocks the hub \[sleep, probable\]`
		return nil
	})
}

// A variable of another package, which that one calls.
func foreignVariable(ctx context.Context) {
	low.Hook = nap
	hub.Go(ctx, func(ctx context.Context) error {
		low.CallHook() // want `more\.nap as low\.Hook → more/more\.go:\d+ time\.Sleep$`
		return nil
	})
}

type keeper struct {
	ctx context.Context
	ev  event.Event
}

func newKeeper() *keeper { return &keeper{ctx: context.Background()} }

// A context that somebody stored, which is no task's.
func (k *keeper) wait(context.Context) error {
	return k.ev.Wait(k.ctx) // want `\(\*event\.Event\)\.Wait with context\.Background\(\) blocks the hub \[ctx`
}

func storedContext(ctx context.Context, k *keeper) { hub.Go(ctx, k.wait) }

// The buffer of a writer.
func buffered(ctx context.Context) {
	hub.Go(ctx, func(ctx context.Context) error {
		var b bytes.Buffer
		l := log.New(&b, "", 0)
		l.Print("x")
		return slog.New(slog.NewTextHandler(&b, nil)).Handler().Handle(ctx, slog.Record{})
	})
}

type store interface{ save() }

// Quiet: only a mock of the tests sleeps.
func saves(ctx context.Context, s store) {
	hub.Go(ctx, func(ctx context.Context) error {
		s.save()
		return nil
	})
}

func init() { nap() }

func main() { nap(); _ = newKeeper }
