package hubtest_test

import (
	"context"
	"fmt"
	"testing"

	"github.com/seed6bcf1587/coop/hub"
	"github.com/seed6bcf1587/coop/hub/hubtest"
)

// printer stands for the *testing.T of a test.
type printer struct{ testing.TB }

func (printer) Helper()                        {}
func (printer) Name() string                   { return "TestTransfer" }
func (printer) Errorf(format string, a ...any) { fmt.Printf(format+"\n", a...) }

// In the order in which tasks became ready one transfer is made after the other. In another the second reads the balance before the first has written it.
func ExampleExplore() {
	var t printer
	hubtest.Explore(t, 100, func(ctx context.Context) error {
		balance := 100
		transfers := hub.NewGroup(ctx)
		for _, delay := range []int{0, 1} {
			transfers.Go(func(ctx context.Context) error {
				for range delay {
					if err := hub.Yield(ctx); err != nil {
						return err
					}
				}
				now := balance
				if err := hub.Yield(ctx); err != nil {
					return err
				}
				balance = now - 10
				return nil
			})
		}
		if err := transfers.Wait(ctx); err != nil {
			return err
		}
		if balance != 80 {
			return fmt.Errorf("balance is %d", balance)
		}
		return nil
	})
	// Output:
	// hubtest: run 2 of 100, seed 1, fails: balance is 90
	// The schedule below does with 1 of 1 choices that are not the first in line:
	// 0s           task 1 "main" is started from outside
	// 0s           task 2 "task-2" is started by task 1
	// 0s           task 3 "task-3" is started by task 1
	// 0s           task 1 "main" waits in hub.Group.Wait
	//              ---- choice 0: number 2 of 2 in line
	// 0s           task 3 "task-3" yields
	// 0s           task 2 "task-2" yields
	// 0s           task 3 "task-3" yields
	// 0s           task 2 "task-2" ends
	// 0s           task 3 "task-3" ends
	// 0s           task 1 "main" fails: balance is 90
	// Again: COOP_SCHEDULE=0:1 go test -run '^TestTransfer$'
	// or, not shortened, with COOP_SEED=1
}
