package hub

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"strings"
	"time"

	"github.com/seed6bcf1587/coop/internal/recovered"
)

// WithSeed lets the hub run the tasks that can run in an order that seed picks, instead of first in, first out. The same program
// with the same seed runs the same schedule; other seeds find what only happens in another order. Package hubtest tries many.
func WithSeed(seed uint64) Option { return WithSchedule(rand.New(rand.NewPCG(seed, 0)).IntN) }

// WithSchedule lets choose pick the next task whenever more than one can run. It is called with their number, 2 or more, and answers with an index: 0
// is the task that has been able to run longest. With a choose that always says 0, the hub runs first in, first out, as it does
// without one.
//
// choose is called by whoever has control, between two steps. It must not wait or use the hub. When an answer is out of range, or choose panics, all tasks are
// cancelled, and Run panics when they have ended.
func WithSchedule(choose func(n int) int) Option {
	if choose == nil {
		panic("hub.WithSchedule: nil function")
	}
	return option(func(h *Hub) { h.pick = choose })
}

// WithEventLog writes to w, a line each, what happens in the hub: which tasks start, how each step ends and so which is next, and how tasks
// end. On a virtual clock each line begins with the time; on the real one, where times differ from run to run, it does not. So the same program writes
// the same log, byte for byte, if all that it waits for is in the hub.
//
// w is used by whoever has control, between two steps, and should be fast: a bytes.Buffer, or a bufio.Writer that is flushed when Run has
// returned. The first error of w, or its panic, ends the log, and is joined into Run's.
func WithEventLog(w io.Writer) Option {
	if w == nil {
		panic("hub.WithEventLog: nil writer")
	}
	return option(func(h *Hub) { WithObserver(&eventLog{hub: h, w: w}).apply(h) })
}

// choose asks which of n tasks is next. Whoever has control now may be in the midst of anything, and is not to blame for what comes of that: so a panic is
// Run's.
func (h *Hub) choose(n int) (i int) {
	defer func() {
		if v := recover(); v != nil {
			i = 0
			h.noteMisuse(recovered.New(v))
		}
	}()
	i = h.pick(n)
	if i < 0 || i >= n {
		h.noteMisuse(fmt.Sprintf("hub.WithSchedule: choice %d of %d tasks", i, n))
		return 0
	}
	return i
}

func (h *Hub) noteMisuse(v any) {
	h.pick, h.misuse = nil, v
	h.stop(context.Canceled, errMisuse)
}

// errMisuse is why tasks are cancelled when what was given to WithSchedule has panicked.
var errMisuse = errors.New("hub.WithSchedule: the function has panicked")

// putFirst lets the task with index i be the next to run, and the first take its place.
func (h *Hub) putFirst(i int) {
	first, other := h.ready.At(0), h.ready.At(i)
	*first, *other = *other, *first
}

// An eventLog is an observer that writes what it is told.
type eventLog struct {
	NoObserver
	hub *Hub
	w   io.Writer // nil after an error
}

func (l *eventLog) write(t *Task, format string, args ...any) {
	if l.w == nil {
		return
	}
	var line []byte
	if l.hub.virtual {
		line = fmt.Appendf(line, "%-12v ", l.hub.timers.now)
	}
	line = fmt.Appendf(line, "task %d %q ", t.id, t.Name())
	line = fmt.Appendf(line, format+"\n", args...)
	if err := l.put(line); err != nil {
		l.hub.strays.add(fmt.Errorf("hub.WithEventLog: %w", err))
		l.w = nil
	}
}

// put writes a line. Whoever has control is not to blame for a panic of the writer, and must not be stopped by it.
func (l *eventLog) put(line []byte) (err error) {
	defer func() {
		if v := recover(); v != nil {
			err = recovered.New(v)
		}
	}()
	_, err = l.w.Write(line)
	return err
}

func (l *eventLog) Spawned(t *Task) {
	if t.parent == 0 {
		l.write(t, "is started from outside")
	} else {
		l.write(t, "is started by task %d", t.parent)
	}
}

func (l *eventLog) Turn(t *Task, _ time.Duration) {
	switch {
	case t.state.Load() == ended:
	case t.worker.wait.what != "":
		l.write(t, "waits in %s", t.worker.wait.what)
	default:
		l.write(t, "yields")
	}
}

func (l *eventLog) Ended(t *Task, err error) {
	switch {
	case err == nil:
		l.write(t, "ends")
	case t.failed:
		l.write(t, "fails: %s", firstLine(err))
	default:
		l.write(t, "ends, cancelled: %s", firstLine(err))
	}
}

// firstLine returns the first line of what err says, and marks that there is more.
func firstLine(err error) string {
	line, rest, _ := strings.Cut(err.Error(), "\n")
	if rest != "" {
		line += " ..."
	}
	return line
}
