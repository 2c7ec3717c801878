// Package odd has ordinary Go in shapes that an analysis gets wrong easily.
package odd

import (
	"context"
	"iter"
	"sync"
	"time"

	"github.com/seed6bcf1587/coop/hub"
)

func nap() { time.Sleep(1) }

// The body of a loop over an iterator function of this package.
func seq(n int) iter.Seq[int] {
	return func(yield func(int) bool) {
		for i := range n {
			if !yield(i) {
				return
			}
		}
	}
}

func rangeFunc(ctx context.Context) {
	hub.Go(ctx, func(ctx context.Context) error {
		for range seq(3) { // want `time\.Sleep blocks the hub \[sleep, definite\]`
			nap()
		}
		return nil
	})
}

func slowSeq(yield func(int) bool) {
	nap()
	yield(1)
}

func rangeSlow(ctx context.Context) {
	hub.Go(ctx, func(ctx context.Context) error {
		for range slowSeq { // want `time\.Sleep blocks the hub \[sleep, definite\]`
		}
		return nil
	})
}

func deferInRangeFunc(ctx context.Context) {
	hub.Go(ctx, func(ctx context.Context) error {
		for range seq(3) { // want `time\.Sleep blocks the hub \[sleep, definite\]`
			defer nap()
		}
		return nil
	})
}

func gotoLoop(ctx context.Context) {
	hub.Go(ctx, func(ctx context.Context) error {
		i := 0
	again:
		i++
		if i < 3 {
			goto again
		}
		nap() // want `time\.Sleep blocks the hub \[sleep, definite\]`
		return nil
	})
}

type Op func()

func (o Op) Run() { o() }

func namedFunc(ctx context.Context) {
	hub.Go(ctx, func(ctx context.Context) error {
		Op(nap).Run() // want `time\.Sleep blocks the hub \[sleep, definite\]`
		Op(func() {}).Run()
		return nil
	})
}

type number interface{ ~int }

type box[T any] struct {
	f  func(T)
	ch chan T
}

func (b *box[T]) do(x T) { b.f(x) }
func (b *box[T]) get() T { return <-b.ch }

func generic(ctx context.Context) {
	b := &box[int]{f: func(int) { nap() }}
	hub.Go(ctx, func(ctx context.Context) error {
		b.do(1)     // want `time\.Sleep blocks the hub \[sleep, probable\]`
		_ = b.get() // want `channel receive blocks the hub \[chan, definite\]`
		return nil
	})
}

type base struct{ mu sync.Mutex }

func (b *base) wait(wg *sync.WaitGroup) { wg.Wait() }

type middle struct{ base }
type top struct{ *middle }

func embedded(ctx context.Context, t top, wg *sync.WaitGroup) {
	hub.Go(ctx, func(ctx context.Context) error {
		t.wait(wg) // want `\(\*sync\.WaitGroup\)\.Wait blocks the hub \[wait, definite\]`
		return nil
	})
}

func typeSwitch(ctx context.Context, x any) {
	hub.Go(ctx, func(ctx context.Context) error {
		switch x := x.(type) {
		case func():
			x()
		case chan int:
			<-x // want `channel receive blocks the hub \[chan, definite\]`
		}
		return nil
	})
}

func variadic(fs ...func()) {
	for _, f := range fs {
		f()
	}
}

func variadicCall(ctx context.Context) {
	hub.Go(ctx, func(ctx context.Context) error {
		variadic(func() {}, nap) // want `time\.Sleep blocks the hub \[sleep, definite\]`
		variadic()
		fs := []func(){nap}
		variadic(fs...)
		return nil
	})
}

func ack(n int) {
	if n > 0 {
		ack2(n - 1)
	}
}
func ack2(n int) { ack(n); nap() }

func recursion(ctx context.Context) {
	hub.Go(ctx, func(ctx context.Context) error {
		ack(3) // want `time\.Sleep blocks the hub \[sleep, definite\]`
		return nil
	})
}

var table = map[string]func(){"nap": nap}
var hook = nap
var registry []func()

func init()             { register(nap) }
func register(f func()) { registry = append(registry, f) }

func vars(ctx context.Context) {
	hub.Go(ctx, func(ctx context.Context) error {
		table["nap"]() // want `time\.Sleep blocks the hub \[sleep, probable\]`
		hook()
		for _, f := range registry {
			f()
		}
		return nil
	})
}

type conn struct{ ch chan int }

func newConn(n int) *conn { return &conn{ch: make(chan int, n)} }

func sendField(ctx context.Context, c *conn) {
	hub.Go(ctx, func(ctx context.Context) error {
		c.ch <- 1
		d := &conn{ch: make(chan int)}
		d.ch <- 1 // ?
		return nil
	})
}

func sendLoop(ctx context.Context) {
	hub.Go(ctx, func(ctx context.Context) error {
		ch := make(chan int, 2)
		for i := range 3 {
			ch <- i // want `channel send blocks the hub \[chan, definite\]`
		}
		return nil
	})
}

func sendExclusive(ctx context.Context, b bool) {
	hub.Go(ctx, func(ctx context.Context) error {
		ch := make(chan int, 1)
		if b {
			ch <- 1
		} else {
			ch <- 2
		}
		return nil
	})
}

func earlyDefer(ctx context.Context, ch chan int) {
	hub.Go(ctx, func(ctx context.Context) error {
		defer func(x int) {}(<-ch) // want `channel receive blocks the hub \[chan, definite\]`
		defer close(ch)
		return nil
	})
}

func labels(ctx context.Context, ch chan int) {
	hub.Go(ctx, func(ctx context.Context) error {
	outer:
		for {
			select { // want `select blocks the hub \[select, definite\]`
			case <-ch:
				break outer
			case ch <- 1:
			}
		}
		for {
			select {
			case <-ch:
				continue
			default:
			}
			break
		}
		return nil
	})
}

func emptySelect(ctx context.Context) {
	hub.Go(ctx, func(ctx context.Context) error {
		select {} // want `select blocks the hub \[select, definite\]`
	})
}

func rangeChan(ctx context.Context, ch <-chan int) {
	hub.Go(ctx, func(ctx context.Context) error {
		for x := range ch { // want `channel receive blocks the hub \[chan, definite\]`
			_ = x
		}
		return nil
	})
}

func singleSelect(ctx context.Context, ch <-chan int) {
	hub.Go(ctx, func(ctx context.Context) error {
		select {
		case <-ch: // want `channel receive blocks the hub \[chan, definite\]`
		}
		return nil
	})
}

type opt func(*cfg)
type cfg struct{ hook func() }

func withHook(f func()) opt { return func(c *cfg) { c.hook = f } }
func build(opts ...opt) *cfg {
	c := new(cfg)
	for _, o := range opts {
		o(c)
	}
	return c
}

func functional(ctx context.Context) {
	c := build(withHook(nap))
	hub.Go(ctx, func(ctx context.Context) error {
		c.hook() // want `time\.Sleep blocks the hub \[sleep, probable\]`
		return nil
	})
}

// quiet: ends the select by a nil guard
func loopvar(ctx context.Context) {
	for _, d := range []func(){nap} {
		hub.Go(ctx, func(ctx context.Context) error {
			d() // want `time\.Sleep blocks the hub \[sleep, probable\]`
			return nil
		})
	}
}

func panics(ctx context.Context) {
	hub.Go(ctx, func(ctx context.Context) error {
		panic("x")
		nap()
		return nil
	})
}

func recovered(ctx context.Context) {
	hub.Go(ctx, func(ctx context.Context) (err error) {
		defer func() { // want `time\.Sleep blocks the hub \[sleep, definite\]`
			if recover() != nil {
				nap()
			}
		}()
		return nil
	})
}

type iface interface{ Do() }
type impl struct{}

func (impl) Do() { nap() }

func throughIface(ctx context.Context) {
	var i iface = impl{}
	hub.Go(ctx, func(ctx context.Context) error {
		i.Do() // want `time\.Sleep blocks the hub \[sleep, probable\]`
		f := i.Do
		f()
		g := iface.Do
		g(i)
		return nil
	})
}

func genericConstraint[T iface](x T) { x.Do() }

func viaConstraint(ctx context.Context) {
	hub.Go(ctx, func(ctx context.Context) error {
		genericConstraint(impl{}) // want `time\.Sleep blocks the hub \[sleep, probable\]`
		return nil
	})
}

type embIface struct{ iface }

func viaEmbedded(ctx context.Context) {
	e := embIface{impl{}}
	hub.Go(ctx, func(ctx context.Context) error {
		e.Do() // want `time\.Sleep blocks the hub \[sleep, probable\]`
		return nil
	})
}

func goMethod(ctx context.Context, t impl) {
	hub.Go(ctx, func(ctx context.Context) error {
		go t.Do()
		f := t.Do
		go f()
		once := sync.OnceFunc(nap)
		once() // want `time\.Sleep blocks the hub \[sleep, definite\]`
		_ = time.AfterFunc(1, nap)
		return nil
	})
}

func timer(ctx context.Context) {
	hub.Go(ctx, func(ctx context.Context) error {
		t := time.NewTimer(1)
		<-t.C // want `channel receive blocks the hub \[chan, definite\]`
		tk := time.Tick(1)
		<-tk // want `channel receive blocks the hub \[chan, definite\]`
		return nil
	})
}

func doneCtx(ctx context.Context) {
	hub.Go(ctx, func(ctx context.Context) error {
		<-ctx.Done() // want `channel receive blocks the hub \[chan, definite\]`
		c, cancel := context.WithCancel(ctx)
		cancel()
		<-c.Done()
		return nil
	})
}
func handled(ctx context.Context) {
	hub.Go(ctx, func(ctx context.Context) error {
		_ = hub.Run(ctx, func(ctx context.Context) error { return nil }) // want `hub\.Run blocks the hub \[loop, definite\]`
		return nil
	})
}

func spreadSlice(ctx context.Context) {
	hub.Go(ctx, func(ctx context.Context) error {
		fs := []func(){nap}
		variadic(fs...) // want `time\.Sleep blocks the hub \[sleep, definite\]`
		return nil
	})
}

func packageVariable(ctx context.Context) {
	hub.Go(ctx, func(ctx context.Context) error {
		hook() // want `time\.Sleep blocks the hub \[sleep, probable\]`
		return nil
	})
}

func registered(ctx context.Context) {
	hub.Go(ctx, func(ctx context.Context) error {
		for _, f := range registry {
			f() // want `time\.Sleep blocks the hub \[sleep, probable\]`
		}
		return nil
	})
}

func unknownInterface(ctx context.Context, i iface) {
	hub.Go(ctx, func(ctx context.Context) error {
		f := i.Do
		f() // want `time\.Sleep blocks the hub \[sleep, probable\]: .*\(odd\.impl\)\.Do as i\.Do`
		return nil
	})
}

func interfaceMethodValue(ctx context.Context) {
	hub.Go(ctx, func(ctx context.Context) error {
		var i iface = impl{}
		f := i.Do
		f() // want `time\.Sleep blocks the hub \[sleep, probable\]`
		return nil
	})
}

func interfaceMethodExpression(ctx context.Context) {
	hub.Go(ctx, func(ctx context.Context) error {
		var i iface = impl{}
		g := iface.Do
		g(i) // want `time\.Sleep blocks the hub \[sleep, probable\]`
		return nil
	})
}

func constraint(ctx context.Context) {
	hub.Go(ctx, func(ctx context.Context) error {
		genericConstraint(impl{}) // want `time\.Sleep blocks the hub \[sleep, probable\]`
		return nil
	})
}

func genericField(ctx context.Context) {
	hub.Go(ctx, func(ctx context.Context) error {
		(&box[string]{f: func(string) { nap() }}).do("") // want `time\.Sleep blocks the hub \[sleep, probable\]`
		return nil
	})
}

func deferredInLiteral(ctx context.Context) {
	hub.Go(ctx, func(ctx context.Context) error {
		func() { defer func() { nap() }() }() // want `time\.Sleep blocks the hub \[sleep, definite\]`
		return nil
	})
}

func structCopy(ctx context.Context) {
	hub.Go(ctx, func(ctx context.Context) error {
		var x struct{ f func() }
		x.f = nap
		y := x
		y.f() // want `time\.Sleep blocks the hub \[sleep, probable\]`
		return nil
	})
}

func arrayElement(ctx context.Context) {
	hub.Go(ctx, func(ctx context.Context) error {
		a := [2]func(){nap}
		a[0]() // want `time\.Sleep blocks the hub \[sleep, probable\]`
		return nil
	})
}

func pointerToVariable(ctx context.Context) {
	hub.Go(ctx, func(ctx context.Context) error {
		p := &hook
		(*p)() // want `time\.Sleep blocks the hub \[sleep, probable\]`
		return nil
	})
}

func throughChannel(ctx context.Context) {
	hub.Go(ctx, func(ctx context.Context) error {
		ch := make(chan func(), 1)
		ch <- nap
		(<-ch)() // want `time\.Sleep blocks the hub \[sleep, probable\]`
		return nil
	})
}

func onceValue(ctx context.Context) {
	hub.Go(ctx, func(ctx context.Context) error {
		sync.OnceValue(func() int { nap(); return 1 })() // want `time\.Sleep blocks the hub \[sleep, definite\]`
		return nil
	})
}

func mapRange(ctx context.Context) {
	hub.Go(ctx, func(ctx context.Context) error {
		m := sync.Map{}
		m.Range(func(k, v any) bool { nap(); return true }) // want `time\.Sleep blocks the hub \[sleep, definite\]`
		return nil
	})
}

func assignedInBranch(ctx context.Context) {
	hub.Go(ctx, func(ctx context.Context) error {
		f := func() {}
		if ctx != nil {
			f = nap
		}
		f() // want `time\.Sleep blocks the hub \[sleep, definite\]`
		return nil
	})
}

func sliceOfSlices(ctx context.Context) {
	hub.Go(ctx, func(ctx context.Context) error {
		fs := [][]func(){{nap}}
		fs[0][0]() // want `time\.Sleep blocks the hub \[sleep, probable\]`
		return nil
	})
}

func mapOfSlices(ctx context.Context) {
	hub.Go(ctx, func(ctx context.Context) error {
		fs := map[string][]func(){"": {nap}}
		fs[""][0]() // want `time\.Sleep blocks the hub \[sleep, probable\]`
		return nil
	})
}

func copied(ctx context.Context) {
	hub.Go(ctx, func(ctx context.Context) error {
		fs := make([]func(), 1)
		copy(fs, []func(){nap})
		fs[0]() // want `time\.Sleep blocks the hub \[sleep, probable\]`
		return nil
	})
}

// Not seen, and quiet: too many steps.
func notSeenVariadicResult(ctx context.Context) {
	hub.Go(ctx, func(ctx context.Context) error {
		min := func(fs ...func()) func() { return fs[0] }
		min(nap)()
		return nil
	})
}

func asserted(ctx context.Context) {
	hub.Go(ctx, func(ctx context.Context) error {
		var v any = nap
		v.(func())() // want `time\.Sleep blocks the hub \[sleep, probable\]`
		return nil
	})
}

func secondField(ctx context.Context) {
	hub.Go(ctx, func(ctx context.Context) error {
		set := struct{ a, b func() }{nil, nap}
		set.b() // want `time\.Sleep blocks the hub \[sleep, probable\]`
		if set.a != nil {
			set.a()
		}
		return nil
	})
}

func timeoutContext(ctx context.Context) {
	hub.Go(ctx, func(ctx context.Context) error {
		ctx2, c := context.WithTimeout(ctx, 1)
		defer c()
		<-ctx2.Done() // want `channel receive blocks the hub \[chan, definite\]`
		return nil
	})
}

func embeddedWaitGroup(ctx context.Context) {
	hub.Go(ctx, func(ctx context.Context) error {
		var e struct{ sync.WaitGroup }
		e.Wait() // want `\(\*sync\.WaitGroup\)\.Wait blocks the hub \[wait, definite\]`
		return nil
	})
}

func methodExpressionOfStd(ctx context.Context) {
	hub.Go(ctx, func(ctx context.Context) error {
		f := (*sync.WaitGroup).Wait
		f(new(sync.WaitGroup)) // want `\(\*sync\.WaitGroup\)\.Wait blocks the hub \[wait, definite\]`
		return nil
	})
}

func quietLocker(ctx context.Context) {
	hub.Go(ctx, func(ctx context.Context) error {
		var l sync.Locker = &sync.Mutex{}
		l.Lock()
		return nil
	})
}

func promotedFromValue(ctx context.Context) {
	hub.Go(ctx, func(ctx context.Context) error {
		type T struct{ impl }
		T{}.Do() // want `time\.Sleep blocks the hub \[sleep, definite\]`
		return nil
	})
}

// A function of a function of a function.
func functionOfFunction(ctx context.Context) {
	hub.Go(ctx, func(ctx context.Context) error {
		apply := func(f func(func())) { f(nap) }
		apply(func(g func()) { g() }) // want `time\.Sleep blocks the hub \[sleep, definite\]`
		return nil
	})
}

// Quiet: as many sends as there is room.
func loopFits(ctx context.Context) {
	hub.Go(ctx, func(ctx context.Context) error {
		ch := make(chan int, 3)
		for i := range 3 {
			ch <- i
		}
		<-time.After(0)
		<-time.NewTimer(0).C
		return nil
	})
}

// Three sends counted by hand, into room for two.
func loopByHand(ctx context.Context) {
	hub.Go(ctx, func(ctx context.Context) error {
		ch := make(chan int, 2)
		for i := 0; i < 3; i++ {
			ch <- i // want `channel send blocks the hub \[chan, definite\]`
		}
		return nil
	})
}

// Quiet: not in each turn.
func loopSometimes(ctx context.Context) {
	hub.Go(ctx, func(ctx context.Context) error {
		ch := make(chan int, 2)
		for i := 0; i < 3; i++ {
			if i == 1 {
				ch <- i
			}
		}
		return nil
	})
}
