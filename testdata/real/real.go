// Package real has roots of event loops, by way of their real modules.
package real

import (
	"context"
	"time"

	"github.com/cloudwego/netpoll"
	mqtt "github.com/eclipse/paho.mqtt.golang"
	"github.com/hashicorp/memberlist"
	"github.com/hashicorp/raft"
	"github.com/rivo/tview"
)

func nap() { time.Sleep(1) }

// A handler of messages.
func subscribe(c mqtt.Client) {
	c.Subscribe("x", 0, func(c mqtt.Client, m mqtt.Message) {
		nap() // want `time\.Sleep blocks the MQTT client's network loop \[sleep, definite\]: func literal in subscribe, nonblocking by mqtt\.MessageHandler`
		go nap()
	})
	c.Subscribe("y", 0, onMessage)
}

func onMessage(c mqtt.Client, m mqtt.Message) {
	t := c.Publish("y", 0, false, "") // want `select blocks the MQTT client.s network loop \[select, probable\]: .*\(\*mqtt\.client\)\.Publish as c\.Publish`
	t.Wait()                          // want `\(mqtt\.Token\)\.Wait blocks the MQTT client's network loop \[wait, definite\]`
}

type delegate struct{ ch chan []byte }

func (d *delegate) NodeMeta(limit int) []byte { return nil }
func (d *delegate) NotifyMsg(b []byte) {
	nap() // want `time\.Sleep blocks memberlist's receive loop`
	select {
	case d.ch <- b:
	default:
	}
}
func (d *delegate) GetBroadcasts(overhead, limit int) [][]byte { return nil }
func (d *delegate) LocalState(join bool) []byte                { return nil }
func (d *delegate) MergeRemoteState(buf []byte, join bool)     {}

var _ memberlist.Delegate = (*delegate)(nil)

type fsm struct{ raft.FSM }

func (f *fsm) Apply(l *raft.Log) any {
	nap() // want `time\.Sleep blocks raft's FSM loop`
	return nil
}

// A handler of keys.
func window(app *tview.Application) {
	b := tview.NewButton("x")
	b.SetSelectedFunc(func() {
		nap() // want `time\.Sleep blocks the tview event loop`
		go func() {
			nap()
			app.QueueUpdateDraw(func() {})
		}()
	})
}

var prepare netpoll.OnPrepare = func(c netpoll.Connection) context.Context {
	nap() // want `time\.Sleep blocks netpoll's poller`
	return nil
}
