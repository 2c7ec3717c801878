// Command bank simulates a day in a bank: customers come at random, wait for one of two counters, and leave when they have waited too long. What they
// sign goes to the back office, which takes its time.
//
// The counters are a semaphore, closing time is an event, and the way to the back office is a queue. It is a simulation on a virtual
// clock: it ends at once, and prints the same for the same seed.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"log"
	"math/rand/v2"
	"os"
	"time"

	"github.com/seed6bcf1587/coop/event"
	"github.com/seed6bcf1587/coop/hub"
	"github.com/seed6bcf1587/coop/queue"
	"github.com/seed6bcf1587/coop/semaphore"
)

const (
	hours    = 8 * time.Hour
	between  = 4 * time.Minute  // two customers, on average
	service  = 7 * time.Minute  // at the counter, on average
	patience = 10 * time.Minute // at least; at most twice that
	filing   = 3 * time.Minute  // in the back office, always
)

// bank is the state of the simulation. Its tasks need no lock for it: they run one at a time.
type bank struct {
	rng      *rand.Rand
	open     time.Time
	counters *semaphore.Bounded
	closing  event.Event
	forms    *queue.Queue[int]

	came, served, lost, filed int
	waited, longest           time.Duration
}

// about returns a random duration, exponentially distributed with the given mean.
func (b *bank) about(mean time.Duration) time.Duration {
	return time.Duration(b.rng.ExpFloat64() * float64(mean))
}

// arrive lets customers come until closing time.
func (b *bank) arrive(ctx context.Context) error {
	customers := hub.NewGroup(ctx)
	for b.mayCome(ctx) {
		b.came++
		number := b.came
		customers.Go(func(ctx context.Context) error { return b.customer(ctx, number) })
	}
	if err := customers.Wait(ctx); err != nil { // who is inside is served, or leaves
		return err
	}
	b.forms.Shutdown(false)
	return nil
}

// mayCome waits for the next customer, and reports whether the bank is still open then.
func (b *bank) mayCome(ctx context.Context) bool {
	ctx, cancel := hub.WithTimeout(ctx, b.about(between))
	defer cancel()
	return errors.Is(b.closing.Wait(ctx), context.DeadlineExceeded)
}

// customer waits for a counter, is served and signs a form.
func (b *bank) customer(ctx context.Context, number int) error {
	came := hub.Now(ctx)
	limit := patience + time.Duration(b.rng.Int64N(int64(patience)))
	err := b.acquire(ctx, limit)
	waited := hub.Now(ctx).Sub(came)
	b.waited += waited
	b.longest = max(b.longest, waited)
	if errors.Is(err, context.DeadlineExceeded) {
		b.lost++
		return nil
	}
	if err != nil {
		return err
	}
	defer b.counters.Release(1)
	if err := hub.Sleep(ctx, b.about(service)); err != nil {
		return err
	}
	b.served++
	return b.forms.Put(ctx, number)
}

// acquire waits for a counter until patience runs out.
func (b *bank) acquire(ctx context.Context, limit time.Duration) error {
	ctx, cancel := hub.WithTimeout(ctx, limit)
	defer cancel()
	return b.counters.Acquire(ctx, 1)
}

// office files the forms, one after the other, until no more will come.
func (b *bank) office(ctx context.Context) error {
	for {
		_, err := b.forms.Get(ctx)
		if errors.Is(err, queue.ErrShutdown) {
			return nil
		}
		if err != nil {
			return err
		}
		if err := hub.Sleep(ctx, filing); err != nil {
			return err
		}
		b.filed++
	}
}

func simulate(ctx context.Context, out io.Writer, seed uint64) error {
	b := &bank{
		rng:      rand.New(rand.NewPCG(seed, 0)),
		open:     time.Date(2026, 1, 5, 9, 0, 0, 0, time.UTC),
		counters: semaphore.NewBounded(2),
		forms:    queue.NewFIFO[int](0),
	}
	return hub.Run(ctx, func(ctx context.Context) error {
		hub.AfterFunc(ctx, hours, func(context.Context) error {
			b.closing.Set()
			return nil
		}, hub.Name("closing time"))
		customers := hub.Go(ctx, b.arrive, hub.Name("door"))
		office := hub.Go(ctx, b.office, hub.Name("office"))
		if err := customers.Join(ctx); err != nil {
			return err
		}
		left := hub.Now(ctx)
		if err := office.Join(ctx); err != nil {
			return err
		}
		fmt.Fprintf(out, "%d customers came, %d were served, %d lost patience\n", b.came, b.served, b.lost)
		fmt.Fprintf(out, "waiting time: %v on average, %v at most\n",
			(b.waited / time.Duration(b.came)).Round(time.Second), b.longest.Round(time.Second))
		fmt.Fprintf(out, "the last customer left at %s, the %d forms were filed at %s\n",
			left.Format(time.TimeOnly), b.filed, hub.Now(ctx).Format(time.TimeOnly))
		return nil
	}, hub.WithVirtualClock(b.open))
}

func main() {
	seed := flag.Uint64("seed", 1, "which day it is")
	flag.Parse()
	if err := simulate(context.Background(), os.Stdout, *seed); err != nil {
		log.Fatal(err)
	}
}
