// Package hubtest tests programs of tasks under many schedules.
//
// Tasks of a hub switch only where they wait, and the hub picks who is next. So a program with a race among its tasks, say a value that is
// read before a wait and written after it, fails in some orders and not in others, and each order can be had again. [Explore] looks for one in
// which a test fails, and shows the shortest that it finds.
//
//	func TestTransfer(t *testing.T) {
//		hubtest.Explore(t, 1000, func(ctx context.Context) error {
//			...
//			return nil
//		})
//	}
//
// What it does not find: what fails only when several processors take part. Code that goroutines share is for the race detector.
package hubtest
