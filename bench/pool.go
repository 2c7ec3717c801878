package bench

import (
	"context"
	"sync"

	"github.com/alitto/pond/v2"
	"github.com/panjf2000/ants/v2"
	concpool "github.com/sourcegraph/conc/pool"

	"github.com/seed6bcf1587/coop/pool"
)

func poolRows() []Row {
	var rows []Row
	for _, r := range []struct {
		by         string
		goroutines int
		number     int
	}{
		{"", 1, 20},
		{", 8 goroutines", 8, 0},
	} {
		for _, peer := range []struct {
			name string
			work func(goroutines int) func(n int)
		}{{"ants v2", antsPool}, {"pond v2", pondPool}, {"conc", concPool}} {
			row := Row{r.number, "pool Submit and Get" + r.by, peer.name, 1, 0, coopPool(r.goroutines), peer.work(r.goroutines)}
			if r.number == 0 {
				row.Bar = 0
			}
			rows = append(rows, row)
		}
	}
	return rows
}

// workers is the size of all pools.
const workers = 8

// An outcome is what a job sends to who waits for it, with pools that have no results.
type outcome struct {
	value int
	err   error
}

func job(context.Context) (int, error) { return 1, nil }

// among does n pieces of work on as many goroutines as named.
func among(goroutines, n int, piece func()) {
	var wg sync.WaitGroup
	for range goroutines {
		wg.Go(func() {
			for range rounds(n, goroutines) {
				piece()
			}
		})
	}
	wg.Wait()
}

func coopPool(goroutines int) func(n int) {
	return func(n int) {
		ctx := context.Background()
		p := pool.New(workers)
		defer p.Close()
		among(goroutines, n, func() {
			if v, err := pool.Submit(p, job).Get(ctx); v != 1 || err != nil {
				panic("bench: wrong result")
			}
		})
	}
}

func antsPool(goroutines int) func(n int) {
	return func(n int) {
		ctx := context.Background()
		p, err := ants.NewPool(workers)
		if err != nil {
			panic(err)
		}
		defer p.Release()
		among(goroutines, n, func() {
			c := make(chan outcome, 1)
			if err := p.Submit(func() {
				v, err := job(ctx)
				c <- outcome{v, err}
			}); err != nil {
				panic(err)
			}
			if o := <-c; o.value != 1 || o.err != nil {
				panic("bench: wrong result")
			}
		})
	}
}

func pondPool(goroutines int) func(n int) {
	return func(n int) {
		ctx := context.Background()
		p := pond.NewResultPool[int](workers)
		defer p.StopAndWait()
		among(goroutines, n, func() {
			if v, err := p.SubmitErr(func() (int, error) { return job(ctx) }).Wait(); v != 1 || err != nil {
				panic("bench: wrong result")
			}
		})
	}
}

func concPool(goroutines int) func(n int) {
	return func(n int) {
		ctx := context.Background()
		p := concpool.New().WithMaxGoroutines(workers)
		defer p.Wait()
		among(goroutines, n, func() {
			c := make(chan outcome, 1)
			p.Go(func() {
				v, err := job(ctx)
				c <- outcome{v, err}
			})
			if o := <-c; o.value != 1 || o.err != nil {
				panic("bench: wrong result")
			}
		})
	}
}
