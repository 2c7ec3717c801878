package loops

import (
	"net/http"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/dialog"
	"fyne.io/fyne/v2/widget"
	"github.com/dop251/goja"
	"github.com/dop251/goja_nodejs/eventloop"
	"github.com/hashicorp/memberlist"
	"github.com/rivo/tview"
	"go.temporal.io/sdk/worker"
	"go.temporal.io/sdk/workflow"
	"k8s.io/client-go/tools/cache"
	"k8s.io/client-go/util/workqueue"
)

// Callbacks of a form and its buttons, which must not wait for the loop.
func form(app *tview.Application) {
	tview.NewForm().
		AddInputField("name", "", 20, nil, func(string) {
			nap() // want `time\.Sleep blocks the tview event loop`
		}).
		AddButton("save", func() {
			app.QueueUpdateDraw(func() {}) // want `\(\*tview\.Application\)\.QueueUpdateDraw blocks the tview event loop \[loop, definite\]`
		}).
		AddButton("draw", func() {
			app.Draw() // want `\(\*tview\.Application\)\.Draw blocks the tview event loop \[loop, definite\]`
		})
	// Quiet: the update comes from another goroutine, and the terminal is
	// handed over on purpose.
	tview.NewList().AddItem("poll", "", 'p', func() {
		go app.QueueUpdateDraw(func() {})
		app.Suspend(nap)
	})
	// Quiet: a text changes where it is written.
	tview.NewTextView().SetChangedFunc(func() { app.Draw() })
}

// Callbacks that draw the rows of a list, and one of a dialog. What the
// toolkit does for its own widgets is its own affair.
func rows(w fyne.Window, label *widget.Label) {
	widget.NewList(func() int { return 1 }, func() fyne.CanvasObject { return label }, func(int, fyne.CanvasObject) {
		nap() // want `time\.Sleep blocks the fyne event loop`
	})
	dialog.ShowConfirm("a", "b", func(bool) {
		nap() // want `time\.Sleep blocks the fyne event loop`
	}, w)
	widget.NewButton("set", func() { label.SetText("x") })
	fyne.Do(func() { label.SetText("x") })
}

type field struct{ widget.BaseWidget }

func (f *field) Tapped(*fyne.PointEvent) {
	nap() // want `time\.Sleep blocks the fyne event loop`
}

// What a script calls by name.
func natives(loop *eventloop.EventLoop) {
	loop.Run(func(vm *goja.Runtime) {
		_ = vm.Set("fetch", func(goja.FunctionCall) goja.Value {
			_, _ = http.Get("http://localhost") // want `http\.Get blocks the JavaScript event loop`
			return nil
		})
		_ = vm.Set("later", func() { go nap() })
	})
}

type alive struct{}

func (alive) NotifyAlive(*memberlist.Node) error {
	nap() // want `time\.Sleep blocks memberlist's receive loop`
	return nil
}

// A workflow without a name.
func registers(w worker.Worker) {
	w.RegisterWorkflowWithOptions(func(ctx workflow.Context) error {
		time.Sleep(1) // want `time\.Sleep blocks the workflow's dispatcher`
		wait := func(ctx workflow.Context) error { return workflow.Sleep(ctx, 1) }
		return wait(ctx)
	}, workflow.RegisterOptions{Name: "x"})
}

// Quiet: the key goes into a queue without bound.
func enqueues(inf cache.SharedInformer, q workqueue.TypedRateLimitingInterface[string]) {
	_, _ = inf.AddEventHandler(cache.ResourceEventHandlerFuncs{
		AddFunc:    func(any) { q.Add("x") },
		UpdateFunc: func(_, _ any) { q.AddRateLimited("x") },
		DeleteFunc: func(any) { q.AddAfter("x", time.Second); q.Forget("x") },
	})
}
