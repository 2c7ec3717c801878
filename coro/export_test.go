package coro

// Homes returns the number of goroutines of which it is known that greenlets belong to them.
func Homes() (n int) {
	for i := range homes {
		s := &homes[i]
		s.RLock()
		n += len(s.of)
		s.RUnlock()
	}
	return n
}
