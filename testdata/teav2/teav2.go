// Package teav2 has models of Bubble Tea v2.
package teav2

import (
	"net/http"
	"os/exec"
	"time"

	tea "charm.land/bubbletea/v2"

	"github.com/seed6bcf1587/coop/testdata/low"
)

type done struct{}

type model struct {
	prog  *tea.Program
	child child
	ch    chan int
}

// Blocking: Init runs on the loop.
func (m model) Init() tea.Cmd {
	low.Sleep() // want `time\.Sleep blocks the bubbletea event loop \[sleep, definite\]: \(model\)\.Init of a tea\.Model → teav2/teav2\.go:\d+ low\.Sleep → low/low\.go:\d+ time\.Sleep$`
	return nil
}

// Update has one case for each way to block or not to.
func (m model) Update(msg tea.Msg) (tea.Model, tea.Cmd) {
	switch msg := msg.(type) {
	case int:
		return m, fetch // quiet: a command may block
	case int8:
		return m, func() tea.Msg { time.Sleep(1); return done{} } // quiet
	case int16:
		fetch() // want `http\.Get blocks the bubbletea event loop`
	case int32:
		cmd := tick(time.Second)
		cmd() // want `→ teav2/teav2\.go:\d+ func literal in tick → teav2/teav2\.go:\d+ time\.Sleep$`
	case int64:
		m.prog.Send(done{}) // want `\(\*tea\.Program\)\.Send blocks the bubbletea event loop \[chan, definite\]`
	case uint:
		go m.prog.Send(done{}) // quiet
	case uint8:
		return m, eager() // want `\(\*exec\.Cmd\)\.Run blocks the bubbletea event loop \[exec, definite\]`
	case uint16:
		m.child.update(msg) // want `→ teav2/teav2\.go:\d+ \(\*child\)\.update → teav2/teav2\.go:\d+ channel receive$`
	case uint32:
		return m, tea.Batch(fetch, tick(1)) // quiet
	case uint64:
		return m, tea.Tick(time.Second, func(time.Time) tea.Msg { time.Sleep(1); return done{} }) // quiet
	case string:
		select { // quiet
		case <-m.ch:
		default:
		}
	}
	return m, tea.Quit
}

func fetch() tea.Msg {
	_, _ = http.Get("http://localhost")
	return done{}
}

// tick returns a command that blocks.
func tick(d time.Duration) tea.Cmd {
	return func() tea.Msg {
		time.Sleep(d)
		return done{}
	}
}

// eager blocks before it returns the command.
func eager() tea.Cmd {
	_ = exec.Command("true").Run()
	return nil
}

// A child is no model, but part of one.
type child struct{ ch chan int }

func (c *child) update(tea.Msg) { <-c.ch }

// Quiet: nothing that the loop calls.
func (m model) Fetch() { fetch() }

// Blocking: View runs on the loop.
func (m model) View() tea.View {
	<-m.ch // want `channel receive blocks the bubbletea event loop`
	return tea.NewView("")
}
