package pool

import (
	"context"
	"fmt"
	"math"
	"runtime"

	"github.com/seed6bcf1587/coop/internal/lend"
	"github.com/seed6bcf1587/coop/internal/park"
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
// when the pool is closed, terminated or made smaller, and when nobody refers to the pool any more and its jobs have ended.
//
// # Jobs that wait for jobs
//
// When all places are taken by jobs that wait for others, which have no place, nothing would ever go on. Therefore a job that waits for
// other jobs of its own pool lends them its place: those of them that have not begun begin, one after the other, until the wait is over. That
// holds for Get of a Result of [Submit], and of those that event.Then, Catch, All and First make of it, and for [SubmitWait], [Pool.GoWait], [Map],
// [IMap] and [IMapUnordered]. The job must wait with the context that it was given, or one made from that. Jobs that wait for
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
type Pool struct {
	*core // apart from Pool, which nobody may refer to any more while goroutines still work
}

// New returns a pool that runs at most size jobs at a time. It panics if size is less than 1.
func New(size int, opts ...Option) *Pool {
	if size < 1 {
		panic(fmt.Sprintf("pool.New: size %d: must be at least 1", size))
	}
	c := &core{size: size, backlog: math.MaxInt}
	for _, o := range opts {
		o.apply(c)
	}
	c.ctx, c.cancel = context.WithCancelCause(context.WithValue(context.Background(), lend.Key, c))
	p := &Pool{c}
	runtime.AddCleanup(p, (*core).Close, c)
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
func (c *core) Go(fn func(ctx context.Context) error) error {
	if fn == nil {
		panic("pool.Pool.Go: nil function")
	}
	return c.submit(&action{st: state{core: c}, fn: fn})
}

// GoWait is [Pool.Go], except that it waits while there is no room in the backlog; who waits longest is served first. If ctx ends
// first, it returns the cause, and fn is not called. It also returns [ErrClosed] or [ErrTerminated] when the pool ends meanwhile.
//
// Called by a job of the pool, GoWait does not wait for room: fn runs in the place of that job, and GoWait returns when fn has ended, or ctx
// has.
//
//blocklint:offload fn
//blocklint:cooperative
func (c *core) GoWait(ctx context.Context, fn func(ctx context.Context) error) error {
	if fn == nil {
		panic("pool.Pool.GoWait: nil function")
	}
	return c.submitWait(ctx, &action{st: state{core: c}, fn: fn}, "pool.Pool.GoWait")
}

// Close lets no more jobs in. Who waits for room gets [ErrClosed]; what the pool has accepted is run. Closing a pool that has been closed or
// terminated does nothing.
func (c *core) Close() {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.closed == nil {
		c.shut(ErrClosed)
	}
}

// Terminate ends the pool at once. It cancels the context of the jobs that run, with the cause [ErrTerminated]; their Results are what they return, where a
// bare context.Canceled becomes an error that is also ErrTerminated. Jobs that have not begun are dropped, and their Results fail with
// ErrTerminated. Who waits for room gets ErrTerminated, too.
//
// Terminate does not wait for the jobs that run: [Pool.Join] does. It may be called by a job, and again, which does nothing.
func (c *core) Terminate() {
	c.mu.Lock()
	c.shut(ErrTerminated)
	var dropped []job
	for j := c.pop(); j != nil; j = c.pop() {
		dropped = append(dropped, j)
	}
	c.mu.Unlock()
	c.cancel(ErrTerminated)
	c.drop(dropped)
}

// Join waits until no job of the pool runs or waits, their callbacks included, and returns at once if there is none. If ctx ends first, it
// returns its cause. The pool may be used after; to be sure that it is the end, call [Pool.Close] or [Pool.Terminate] before, and
// when Join has returned no goroutine of the pool is left.
//
// Join panics when a job of the pool calls it, which would wait for itself.
//
//blocklint:cooperative
func (c *core) Join(ctx context.Context) error {
	if ctx.Err() != nil {
		return park.Err(ctx)
	}
	if c.isJob(ctx) {
		panic("pool.Pool.Join: called by a job of the pool, which would wait for itself")
	}
	if over := park.Outside(ctx); over != nil {
		defer over()
	}
	c.mu.Lock()
	if c.unfinished == 0 {
		c.mu.Unlock()
		return nil
	}
	return c.wait(ctx, &c.joiners, offer{}, "pool.Pool.Join")
}

// Resize makes n the size of the pool. If there are more places then, jobs that wait begin; if there are fewer, those that run are left in peace, and
// the next begin when fewer than n are left. The bound of the backlog stays. Resize panics if n is less than 1.
func (c *core) Resize(n int) {
	if n < 1 {
		panic(fmt.Sprintf("pool.Pool.Resize: size %d: must be at least 1", n))
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.size = n
	for c.busy < c.size {
		j := c.take()
		if j == nil {
			break
		}
		c.busy++
		c.start(j)
	}
	for len(c.idle) > 0 && c.busy+len(c.idle) > c.size {
		c.popIdle().jobs <- nil
	}
}

// Size returns how many jobs the pool runs at a time.
func (c *core) Size() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.size
}
