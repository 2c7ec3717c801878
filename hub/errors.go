package hub

import (
	"errors"
	"fmt"
	"strings"

	"github.com/seed6bcf1587/coop/internal/recovered"
)

// A PanicError is the error of a task that panicked. Value is what panic was called with, and Stack the task's own stack at
// that moment. It unwraps to Value if that is an error.
type PanicError = recovered.PanicError

// A DeadlockError says that no task could run and nothing was left that could wake one.
type DeadlockError struct {
	Tasks []TaskInfo // the tasks that had not ended, in the order of their ids
}

// Error names the tasks, what they waited for, how long by the hub's clock, and where, a line each.
func (e *DeadlockError) Error() string {
	var b strings.Builder
	b.WriteString("deadlock: no task can run and no timer is set")
	for _, t := range e.Tasks {
		fmt.Fprintf(&b, "\n\ttask %q waits in %s for %v", t.Name, t.WaitingOn, t.For)
		if t.At != "" {
			b.WriteString(", at " + t.At)
		}
	}
	return b.String()
}

var (
	// errGoexit is the error of a task that called runtime.Goexit.
	errGoexit = errors.New("hub: task ended by runtime.Goexit")

	// errEnded is the cause of the end of a context whose task has ended.
	errEnded = errors.New("hub: the task of this context has ended")

	// errOver is why daemons are cancelled.
	errOver = errors.New("hub: all tasks but the daemons have ended")
)
