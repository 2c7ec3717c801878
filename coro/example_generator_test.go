package coro_test

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"time"

	"github.com/seed6bcf1587/coop/coro"
	"github.com/seed6bcf1587/coop/hub"
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

// A baker bakes numbers, and sends the even ones to two customers in turn. They say when they have had enough.
func ExampleGenerator_Send() {
	customer := func(name string, appetite int) *coro.Generator[bool, int, string] {
		return coro.New(func(y *coro.Yielder[bool, int]) (string, error) {
			for eaten := 0; ; eaten++ {
				loaf, err := y.Yield(eaten < appetite)
				if err != nil {
					return fmt.Sprintf("%s ate %d", name, eaten), err
				}
				fmt.Println(name, "eats", loaf)
			}
		})
	}
	ada, bob := customer("Ada", 2), customer("Bob", 3)
	hungry, _ := ada.Next()
	alsoHungry, _ := bob.Next()
	for loaf, next := 1, ada; hungry || alsoHungry; loaf++ {
		if loaf%2 != 0 {
			continue
		}
		if next == ada && hungry || !alsoHungry {
			hungry, _ = ada.Send(loaf)
			next = bob
		} else {
			alsoHungry, _ = bob.Send(loaf)
			next = ada
		}
	}
	fmt.Println(ada.Close())
	fmt.Println(bob.Close())
	// Output:
	// Ada eats 2
	// Bob eats 4
	// Ada eats 6
	// Bob eats 8
	// Bob eats 10
	// Ada ate 2 <nil>
	// Bob ate 3 <nil>
}

// Two generators, stepped in turn by hand.
func ExampleGenerator_Next() {
	count := func(from, step int) *coro.Generator[int, struct{}, struct{}] {
		return coro.New(func(y *coro.Yielder[int, struct{}]) (struct{}, error) {
			for n := from; n > 0; n += step {
				if _, err := y.Yield(n); err != nil {
					return struct{}{}, err
				}
			}
			return struct{}{}, nil
		})
	}
	up, down := count(1, 1), count(3, -1)
	for {
		d, ok := down.Next()
		if !ok {
			break
		}
		u, _ := up.Next()
		fmt.Println(u, d)
	}
	_, _ = up.Close() // it would go on for ever
	// Output:
	// 1 3
	// 2 2
	// 3 1
}

// What Send sends is what the Yield returns at which the body stands.
func ExampleYielder_Yield() {
	g := coro.New(func(y *coro.Yielder[string, int]) (string, error) {
		n, err := y.Yield("ready")
		if err != nil {
			return "", err
		}
		return fmt.Sprint("received ", n), nil
	})
	fmt.Println(g.Next())
	g.Send(999)
	fmt.Println(g.Result())
	// Output:
	// ready true
	// received 999 <nil>
}

// An error that is thrown in is returned by the Yield at which the body stands, which can go on from there.
func ExampleGenerator_Throw() {
	errSkip := errors.New("skip")
	g := coro.New(func(y *coro.Yielder[int, struct{}]) (struct{}, error) {
		for n := 1; ; n++ {
			_, err := y.Yield(n)
			switch {
			case err == errSkip:
				n += 9
			case err != nil:
				return struct{}{}, err
			}
		}
	})
	fmt.Println(g.Next())
	fmt.Println(g.Next())
	fmt.Println(g.Throw(errSkip))
	fmt.Println(g.Throw(errors.New("enough")))
	_, err := g.Result()
	fmt.Println(err)
	// Output:
	// 1 true
	// 2 true
	// 12 true
	// 0 false
	// enough
}

// All places for eight queens of which none can take another. Each row delegates to the next one.
func ExampleFrom() {
	const size = 8
	type board []int // the column of the queen in each row
	safe := func(b board, column int) bool {
		for row, c := range b {
			if d := len(b) - row; c == column || c == column-d || c == column+d {
				return false
			}
		}
		return true
	}
	var place func(b board) *coro.Generator[board, struct{}, int]
	place = func(b board) *coro.Generator[board, struct{}, int] {
		return coro.New(func(y *coro.Yielder[board, struct{}]) (int, error) {
			if len(b) == size {
				_, err := y.Yield(b)
				return 1, err
			}
			found := 0
			for column := range size {
				if safe(b, column) {
					n, err := coro.From(y, place(append(b[:len(b):len(b)], column)))
					found += n
					if err != nil {
						return found, err
					}
				}
			}
			return found, nil
		})
	}
	solutions := place(nil)
	first, _ := solutions.Next()
	fmt.Println(first)
	for range solutions.All() {
	}
	n, err := solutions.Result()
	fmt.Println(n, "in all,", err)
	// Output:
	// [0 4 7 5 2 6 1 3]
	// 92 in all, <nil>
}

// The sieve as a pipeline: each prime adds a stage, which drops its multiples.
func ExampleGenerator_All() {
	type ints = coro.Generator[int, struct{}, struct{}]
	var stages []*ints
	stage := func(in iter.Seq[int], keep func(int) bool) iter.Seq[int] {
		g := coro.New(func(y *coro.Yielder[int, struct{}]) (struct{}, error) {
			for n := range in {
				if keep(n) {
					if _, err := y.Yield(n); err != nil {
						return struct{}{}, err
					}
				}
			}
			return struct{}{}, nil
		})
		stages = append(stages, g)
		return g.All()
	}
	upwards := func(yield func(int) bool) {
		for n := 2; yield(n); n++ {
		}
	}
	numbers := stage(upwards, func(int) bool { return true })
	for len(stages) <= 10 {
		for prime := range numbers { // one
			fmt.Print(prime, " ")
			numbers = stage(numbers, func(n int) bool { return n%prime != 0 })
			break
		}
	}
	for _, g := range stages {
		_, _ = g.Close()
	}
	// Output: 2 3 5 7 11 13 17 19 23 29
}

// A sequence as part of a generator.
func ExampleFromSeq() {
	g := coro.New(func(y *coro.Yielder[rune, struct{}]) (struct{}, error) {
		for _, word := range []string{"un", "deux"} {
			letters := func(yield func(rune) bool) {
				for _, r := range word {
					if !yield(r) {
						return
					}
				}
			}
			if err := coro.FromSeq(y, letters); err != nil {
				return struct{}{}, err
			}
		}
		return struct{}{}, nil
	})
	for r := range g.All() {
		fmt.Print(string(r), " ")
	}
	// Output: u n d e u x
}

// A sequence that can be asked for a value at any time, and left at any.
func ExampleOf() {
	g := coro.Of(func(yield func(string) bool) {
		defer fmt.Println("closed")
		for _, s := range []string{"red", "green", "blue"} {
			if !yield(s) {
				return
			}
		}
	})
	fmt.Println(g.Next())
	fmt.Println(g.Next())
	_, _ = g.Close()
	// Output:
	// red true
	// green true
	// closed
}

// In a task of a hub the body of a generator may wait: the task that called it waits, and others run.
func ExampleNew_inTask() {
	err := hub.Run(context.Background(), func(ctx context.Context) error {
		hub.Go(ctx, func(ctx context.Context) error {
			err := hub.Sleep(ctx, 15*time.Minute)
			fmt.Println("a quarter past")
			return err
		})
		bells := coro.New(func(y *coro.Yielder[string, struct{}]) (struct{}, error) {
			for sound := "ding"; ; sound += " dong" {
				if err := hub.Sleep(ctx, 10*time.Minute); err != nil {
					return struct{}{}, err
				}
				if _, err := y.Yield(sound); err != nil {
					return struct{}{}, err
				}
			}
		})
		defer bells.Close()
		for range 2 {
			fmt.Println(bells.Next())
		}
		return nil
	}, hub.WithVirtualClock(time.Unix(0, 0)))
	fmt.Println(err)
	// Output:
	// ding true
	// a quarter past
	// ding dong true
	// <nil>
}

// A panic of the body reaches who asked for a value.
func ExamplePanicError() {
	g := coro.New(func(*coro.Yielder[int, int]) (int, error) {
		var none []int
		return none[3], nil
	})
	defer func() {
		p := recover().(*coro.PanicError)
		fmt.Println(p.Value) // and p.Stack shows where
	}()
	g.Next()
	// Output: runtime error: index out of range [3] with length 0
}
