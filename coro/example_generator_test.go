package coro_test

import (
	"fmt"

	"github.com/seed6bcf1587/coop/coro"
)

// A running average: numbers go in, the average so far comes out, and the count is the result.
func ExampleGenerator() {
	average := coro.New(func(y *coro.Yielder[float64, float64]) (int, error) {
		sum, n := 0.0, 0
		for avg := 0.0; ; avg = sum / float64(n) {
			x, err := y.Yield(avg)
			if err != nil {
				return n, err // coro.ErrExit, when closed
			}
			sum += x
			n++
		}
	})
	average.Next() // up to the first Yield
	for _, x := range []float64{10, 20, 60} {
		avg, _ := average.Send(x)
		fmt.Println(avg)
	}
	n, err := average.Close()
	fmt.Println(n, err)
	// Output:
	// 10
	// 15
	// 30
	// 3 <nil>
}
