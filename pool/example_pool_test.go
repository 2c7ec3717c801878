package pool_test

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/seed6bcf1587/coop/pool"
)

// Five workers do ten jobs, each with a callback, as with Pool(5) and apply_async in Python.
func ExamplePool() {
	p := pool.New(5)
	results := make(chan int, 10)
	for i := range 10 {
		r := pool.Submit(p, func(context.Context) (int, error) { return i * i, nil })
		r.OnDone(func(v int, err error) { results <- v })
	}
	p.Close()
	if err := p.Join(context.Background()); err != nil {
		fmt.Println(err)
	}
	close(results)

	var squares []int
	for v := range results {
		squares = append(squares, v)
	}
	slices.Sort(squares) // they came as they were ready
	fmt.Println(squares)
	// Output: [0 1 4 9 16 25 36 49 64 81]
}

func ExampleSubmit() {
	p := pool.New(2)
	defer p.Close()
	answer := pool.Submit(p, func(context.Context) (int, error) { return 42, nil })
	broken := pool.Submit(p, func(context.Context) (int, error) { panic("no such question") })

	ctx := context.Background()
	fmt.Println(answer.Get(ctx))
	_, err := broken.Get(ctx)
	var pe *pool.PanicError
	if errors.As(err, &pe) {
		fmt.Println("it panicked:", pe.Value)
	}
	// Output:
	// 42 <nil>
	// it panicked: no such question
}

// A job that submits to its own pool, which is full, and waits: it lends its place.
func ExampleSubmit_nested() {
	p := pool.New(1)
	defer p.Close()
	outer := pool.Submit(p, func(ctx context.Context) (string, error) {
		inner := pool.Submit(p, func(context.Context) (string, error) { return "inner", nil })
		v, err := inner.Get(ctx)
		return "outer and " + v, err
	})
	fmt.Println(outer.Get(context.Background()))
	// Output: outer and inner <nil>
}

func ExampleMap() {
	p := pool.New(3)
	defer p.Close()
	words := []string{"one", "three", "eleven"}
	lengths, err := pool.Map(context.Background(), p, slices.Values(words), func(_ context.Context, w string) (int, error) {
		return len(w), nil
	})
	fmt.Println(lengths, err)
	// Output: [3 5 6] <nil>
}

// IMap takes no more out of an endless input than its results are wanted.
func ExampleIMap() {
	p := pool.New(4)
	defer p.Close()
	naturals := func(yield func(int) bool) {
		for i := 0; yield(i); i++ {
		}
	}
	for v, err := range pool.IMap(context.Background(), p, naturals, func(_ context.Context, n int) (int, error) { return n * n, nil }) {
		if err != nil || v > 50 {
			break
		}
		fmt.Print(v, " ")
	}
	// Output: 0 1 4 9 16 25 36 49
}

func ExampleIMapUnordered() {
	p := pool.New(3)
	defer p.Close()
	naps := map[string]time.Duration{"long": 100 * time.Millisecond, "short": time.Millisecond, "medium": 40 * time.Millisecond}
	for name := range pool.IMapUnordered(context.Background(), p, maps.Keys(naps), func(_ context.Context, name string) (string, error) {
		time.Sleep(naps[name])
		return name, nil
	}) {
		fmt.Println(name)
	}
	// Unordered output:
	// short
	// medium
	// long
}

// One place, and room for one job more: who submits a third is refused, or waits.
func ExampleWithBacklog() {
	p := pool.New(1, pool.WithBacklog(1))
	defer p.Close()
	release := make(chan struct{})
	job := func(context.Context) (string, error) {
		<-release
		return "done", nil
	}
	first, second, third := pool.Submit(p, job), pool.Submit(p, job), pool.Submit(p, job)

	ctx := context.Background()
	_, err := third.Get(ctx)
	fmt.Println(err)
	close(release)
	fmt.Println(first.Get(ctx))
	fmt.Println(second.Get(ctx))
	fourth, err := pool.SubmitWait(ctx, p, job)
	if err == nil {
		fmt.Println(fourth.Get(ctx))
	}
	// Output:
	// pool: full
	// done <nil>
	// done <nil>
	// done <nil>
}

// The figures of a pool, while one job runs and two wait, and after.
func ExampleStats() {
	p := pool.New(1)
	release := make(chan struct{})
	for range 3 {
		pool.Submit(p, func(context.Context) (int, error) {
			<-release
			return 0, nil
		})
	}
	s := p.Stats()
	fmt.Println(s.Running, "runs,", s.Waiting, "wait")
	close(release)
	p.Close()
	if err := p.Join(context.Background()); err != nil {
		fmt.Println(err)
	}
	s = p.Stats()
	fmt.Println(s.Completed, "of", s.Submitted, "completed")
	// Output:
	// 1 runs, 2 wait
	// 3 of 3 completed
}
