// Package loops has one root of each event loop that a profile knows. The
// interfaces of ebiten, which needs the headers of a window system, and of
// gnet and Cadence, which not every module proxy has, are declared again in
// stubs.
package loops

import (
	"context"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"
	"github.com/dop251/goja"
	"github.com/dop251/goja_nodejs/eventloop"
	"github.com/hajimehoshi/ebiten/v2"
	"github.com/hashicorp/serf/serf"
	"github.com/panjf2000/gnet/v2"
	"go.opentelemetry.io/otel/sdk/trace"
	"go.temporal.io/sdk/workflow"
	cadence "go.uber.org/cadence/workflow"
	"k8s.io/client-go/tools/cache"

	"github.com/seed6bcf1587/coop/testdata/plain"
)

func nap() { time.Sleep(1) }

type handler struct{}

func (handler) OnAdd(obj any, first bool) {
	nap() // want `time\.Sleep blocks the informer's event loop \[sleep, definite\]: \(handler\)\.OnAdd of a cache\.ResourceEventHandler`
}
func (handler) OnUpdate(old, obj any) { go nap() }
func (handler) OnDelete(obj any)      {}

// Functions in the fields of a handler, one of them through a wrapper.
func informer(inf cache.SharedInformer, queue chan any) {
	_, _ = inf.AddEventHandler(cache.ResourceEventHandlerFuncs{
		AddFunc: func(obj any) {
			nap() // want `time\.Sleep blocks the informer's event loop .*nonblocking by cache\.ResourceEventHandlerFuncs\.AddFunc`
		},
		DeleteFunc: func(obj any) { go nap() },
	})
	_, _ = inf.AddEventHandler(onUpdate(func(obj any) {
		nap() // want `time\.Sleep blocks the informer's event loop`
	}))
}

// A handler of a package that knows nothing of informers.
func foreign(inf cache.SharedInformer) {
	_, _ = inf.AddEventHandler(plain.Handler{}) // want `time\.Sleep blocks the informer's event loop \[sleep, definite\]: \(plain\.Handler\)\.OnAdd of a cache\.ResourceEventHandler → plain/plain\.go:\d+ time\.Sleep$`
}

func onUpdate(f func(any)) cache.ResourceEventHandler {
	return cache.ResourceEventHandlerFuncs{UpdateFunc: func(_, obj any) { f(obj) }}
}

// Workflow waits where it must not, and where it may.
func Workflow(ctx workflow.Context, name string) error {
	time.Sleep(1) // want `time\.Sleep blocks the workflow's dispatcher \[sleep, definite\]: Workflow, nonblocking by its first parameter, workflow\.Context`
	workflow.Go(ctx, func(ctx workflow.Context) {
		nap() // want `time\.Sleep blocks the workflow's dispatcher .*: func literal in Workflow, a task started by workflow\.Go`
	})
	_ = workflow.SetQueryHandler(ctx, "state", func() (string, error) {
		nap() // want `time\.Sleep blocks the workflow's dispatcher`
		return name, nil
	})
	workflow.SideEffect(ctx, func(workflow.Context) any {
		nap() // want `time\.Sleep blocks the workflow's dispatcher`
		return 1
	})
	f := workflow.ExecuteActivity(ctx, Activity, name)
	ch := workflow.GetSignalChannel(ctx, "x")
	s := workflow.NewSelector(ctx)
	s.AddReceive(ch, func(c workflow.ReceiveChannel, more bool) {
		c.Receive(ctx, nil)
		nap() // want `time\.Sleep blocks the workflow's dispatcher`
	})
	s.AddFuture(f, func(f workflow.Future) { _ = f.Get(ctx, nil) })
	s.Select(ctx)
	workflow.GetLogger(ctx).Info("quiet")
	wg := workflow.NewWaitGroup(ctx)
	wg.Wait(ctx)
	if err := f.Get(ctx, nil); err != nil {
		return err
	}
	return workflow.Sleep(ctx, time.Second)
}

// Activity may block: a worker has a goroutine for it.
func Activity(ctx context.Context, name string) error {
	nap()
	return nil
}

// Cadence likewise.
func Cadence(ctx cadence.Context, ch chan int) error {
	<-ch // want `channel receive blocks the workflow's dispatcher`
	return cadence.Sleep(ctx, time.Second)
}

type game struct{}

func (game) Update() error {
	nap() // want `time\.Sleep blocks the game loop`
	return nil
}
func (game) Draw(*ebiten.Image)         {}
func (game) Layout(w, h int) (int, int) { return w, h }

type server struct{ done chan int }

func (s *server) OnBoot(gnet.Engine) gnet.Action           { return 0 }
func (s *server) OnOpen(c gnet.Conn) ([]byte, gnet.Action) { return nil, 0 }
func (s *server) OnClose(c gnet.Conn, err error) gnet.Action {
	<-s.done // want `channel receive blocks the gnet event loop`
	return 0
}
func (s *server) OnTraffic(c gnet.Conn) gnet.Action {
	buf, _ := c.Next(-1)
	_, _ = c.Write(buf)
	return 0
}

func script(l *eventloop.EventLoop) {
	l.RunOnLoop(func(*goja.Runtime) {
		nap() // want `time\.Sleep blocks the JavaScript event loop`
	})
}

type processor struct{}

func (processor) OnStart(context.Context, trace.ReadWriteSpan) {
	nap() // want `time\.Sleep blocks the code that is traced`
}
func (processor) OnEnd(trace.ReadOnlySpan) {}

// Quiet: who shuts it down waits for it.
func (processor) Shutdown(context.Context) error   { nap(); return nil }
func (processor) ForceFlush(context.Context) error { nap(); return nil }

func window() {
	_ = widget.NewButton("x", func() {
		nap() // want `time\.Sleep blocks the fyne event loop`
	})
	b := &widget.Button{}
	b.OnTapped = func() {
		go func() {
			nap()
			fyne.Do(func() {})
		}()
		fyne.DoAndWait(func() {}) // want `fyne\.DoAndWait blocks the fyne event loop \[loop, definite\]`
	}
}

type merge struct{}

func (merge) NotifyMerge([]*serf.Member) error {
	nap() // want `time\.Sleep blocks memberlist's receive loop`
	return nil
}
