package hub

// SetMaxDump sets up to how many goroutines the stack of a stalled task is looked for among the stacks of all, until restore is called.
func SetMaxDump(n int) (restore func()) {
	was := maxDump
	maxDump = n
	return func() { maxDump = was }
}
