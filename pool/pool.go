package pool

import (
	"context"
	"fmt"
	"math"
	"sync"
	"sync/atomic"

	"github.com/seed6bcf1587/coop/internal/lend"
	"github.com/seed6bcf1587/coop/internal/park"
	"github.com/seed6bcf1587/coop/internal/ring"
)

// A Pool runs jobs on goroutines of its own, at most as many at a time as its size says: Python's multiprocessing.pool.ThreadPool. [New] makes one;
// the zero value does not work.
//
// Jobs begin in the order in which they are submitted. Those that have no place yet wait in the backlog, and who submits more than that takes
// waits or is refused, as he asked for.
//
// # Goroutines
//
// A pool begins without any. One is started for a job that finds no idle one, and is idle when nothing is left to do. They end
// when the pool is closed, terminated or made smaller: a pool that is never closed keeps as many as were needed at a time, and itself.
//
// # Jobs that wait for jobs
//
// When all places are taken by jobs that wait for others, which have no place, nothing would ever go on. Therefore a job that waits for
// other jobs of its own pool lends them its place: those of them that have not begun begin, one after the other, until the wait is over. That
// holds for Get of a Result of [Submit], and of those that event.Then, Catch, All and First make of it, and for [SubmitWait], [Pool.GoWait], [Map],
// [IMap] and [IMapUnordered]. The job must wait with the context that it was given, or one made from that. One that
// waits in several goroutines, or tasks, at a time lends a place for each of these waits, so that more run than there are places. Jobs that wait for
// each other by channels, or across two pools, can still deadlock.
//
// # Memory ordering
//
// In the terms of the Go memory model, what comes before the submission of a job synchronizes before the job, and the end of a job
// before the return of a Get of its Result, and of a [Pool.Join] that waited for it.
//
// # Which one to use
//
// errgroup.Group runs functions that belong together, once, and starts a goroutine for each: use that for a handful within one call.
// x/sync/semaphore bounds how many goroutines do something at a time, and leaves it to you to start them. A Pool is for a stream of jobs
// that come from all over a program, where the goroutines are worth keeping, or the results are wanted one by one.
//
// A Pool must not be copied after first use.
type Pool struct {
	ctx     context.Context // of all jobs; carries the Pool as their lend.Lender
	cancel  context.CancelCauseFunc
	backlog int // how many jobs may wait at most

	mu sync.Mutex
	// Guarded by mu. A place is the right to run a job. Jobs wait only while all places are taken, busy >= size, and those who submit wait
	// for room only while, besides, waiting == backlog. Nobody waits for room, and no worker is idle, in a pool that is shut.
	size       int
	busy       int // places that are taken; more than size after a Resize, and when a job took back a place that it had lent
	line       ring.Ring[job]
	waiting    int // jobs in line that have not begun; those that have, because somebody lent them his place, are skipped
	idle       []*worker
	loans      map[job]*loan    // of jobs that run in a lent place
	room       park.List[offer] // who waits to submit, with his job
	joiners    park.List[offer] // who waits until nothing is unfinished
	closed     error            // nil, ErrClosed or ErrTerminated
	submitted  uint64
	unfinished int // jobs that were accepted and whose callbacks have not all run

	// How jobs ended, counted before their Results are set.
	completed, failed, dropped atomic.Uint64
}

// New returns a pool that runs at most size jobs at a time. It panics if size is less than 1.
func New(size int, opts ...Option) *Pool {
	if size < 1 {
		panic(fmt.Sprintf("pool.New: size %d: must be at least 1", size))
	}
	p := &Pool{size: size, backlog: math.MaxInt}
	for _, o := range opts {
		o.apply(p)
	}
	p.ctx, p.cancel = context.WithCancelCause(context.WithValue(context.Background(), lend.Key, p))
	return p
}

// Go makes fn a job of the pool. It does not wait: it returns [ErrFull] when there is no room in the backlog, and [ErrClosed] or
// [ErrTerminated] after the pool's end; then fn is not called.
//
// Nobody asks for the outcome of fn. Its error is logged to [slog.Default], a panic as a *[PanicError], unless the pool was terminated and fn returns the
// cancellation. fn may call runtime.Goexit, which counts as a failure. Use [Submit] for what somebody waits for. Go panics if fn is nil.
//
// The context that fn is given ends with [Pool.Terminate]. It carries no task of a hub: what fn waits for stops its goroutine.
//
//blocklint:offload fn
func (p *Pool) Go(fn func(ctx context.Context) error) error {
	if fn == nil {
		panic("pool.Pool.Go: nil function")
	}
	return p.submit(&action{st: state{pool: p}, fn: fn})
}

// GoWait is [Pool.Go], except that it waits while there is no room in the backlog; who waits longest is served first. If ctx ends
// first, it returns the cause, and fn is not called. It also returns [ErrClosed] or [ErrTerminated] when the pool ends meanwhile.
//
// Called by a job of the pool, GoWait does not wait for room: fn runs in the place of that job, and GoWait returns when fn has ended, or ctx
// has.
//
//blocklint:offload fn
//blocklint:cooperative
func (p *Pool) GoWait(ctx context.Context, fn func(ctx context.Context) error) error {
	if fn == nil {
		panic("pool.Pool.GoWait: nil function")
	}
	return p.submitWait(ctx, &action{st: state{pool: p}, fn: fn}, "pool.Pool.GoWait")
}

// Close lets no more jobs in. Who waits for room gets [ErrClosed]; what the pool has accepted is run. Closing a pool that has been closed or
// terminated does nothing.
func (p *Pool) Close() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.closed == nil {
		p.shut(ErrClosed)
	}
}

// Terminate ends the pool at once. It cancels the context of the jobs that run, with the cause [ErrTerminated]; their Results are what they return, where a
// bare context.Canceled becomes an error that is also ErrTerminated. Jobs that have not begun are dropped, and their Results fail with
// ErrTerminated. Who waits for room gets ErrTerminated, too.
//
// Terminate does not wait for the jobs that run: [Pool.Join] does. It may be called by a job, and again, which does nothing.
func (p *Pool) Terminate() {
	p.mu.Lock()
	p.shut(ErrTerminated)
	var dropped []job
	for j := p.pop(); j != nil; j = p.pop() {
		dropped = append(dropped, j)
	}
	p.mu.Unlock()
	p.cancel(ErrTerminated)
	p.drop(dropped)
}

// Join waits until no job of the pool runs or waits, their callbacks included, and returns at once if there is none. If ctx ends first, it
// returns its cause. The pool may be used after; to be sure that it is the end, call [Pool.Close] or [Pool.Terminate] before, and
// when Join has returned no goroutine of the pool is left.
//
// Join panics when a job of the pool calls it, which would wait for itself.
//
//blocklint:cooperative
func (p *Pool) Join(ctx context.Context) error {
	if ctx.Err() != nil {
		return park.Err(ctx)
	}
	if p.isJob(ctx) {
		panic("pool.Pool.Join: called by a job of the pool, which would wait for itself")
	}
	if over := park.Outside(ctx); over != nil {
		defer over()
	}
	p.mu.Lock()
	if p.unfinished == 0 {
		p.mu.Unlock()
		return nil
	}
	return p.wait(ctx, &p.joiners, offer{}, "pool.Pool.Join")
}

// Resize makes n the size of the pool. If there are more places then, jobs that wait begin; if there are fewer, those that run are left in peace, and
// the next begin when fewer than n are left. The bound of the backlog stays. Resize panics if n is less than 1.
func (p *Pool) Resize(n int) {
	if n < 1 {
		panic(fmt.Sprintf("pool.Pool.Resize: size %d: must be at least 1", n))
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.size = n
	for p.busy < p.size {
		j := p.take()
		if j == nil {
			break
		}
		p.busy++
		p.start(j)
	}
	for len(p.idle) > 0 && p.busy+len(p.idle) > p.size {
		p.popIdle().jobs <- nil
	}
}

// Size returns how many jobs the pool runs at a time.
func (p *Pool) Size() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.size
}
