// Command mm1 simulates the simplest queue of queueing theory, M/M/1, and compares it with what theory says: customers come at random, two
// a minute, and one server serves three a minute, if there are any. Both times are exponentially distributed.
//
// It is a simulation on a virtual clock: a million customers, who take almost a year, pass in about a second, and it prints the same for the same seed.
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

	"github.com/seed6bcf1587/coop/hub"
	"github.com/seed6bcf1587/coop/queue"
)

const (
	arrivals = 2.0 // a minute
	services = 3.0 // a minute
)

// station is the queue and its server. Its tasks need no lock for it: they run one at a time.
type station struct {
	rng   *rand.Rand
	line  *queue.Queue[time.Time] // when the customers came
	waits time.Duration           // of all customers together, in line
	stays time.Duration           // of all customers together, in line and at the server
}

// about returns a random duration, exponentially distributed, of which rate fit into a minute on average.
func (s *station) about(rate float64) time.Duration {
	return time.Duration(s.rng.ExpFloat64() / rate * float64(time.Minute))
}

// arrive puts n customers into the line, one after the other.
func (s *station) arrive(ctx context.Context, n int) error {
	defer s.line.Shutdown(false)
	for range n {
		if err := hub.Sleep(ctx, s.about(arrivals)); err != nil {
			return err
		}
		if err := s.line.Put(ctx, hub.Now(ctx)); err != nil {
			return err
		}
	}
	return nil
}

// serve serves who is first in line, until nobody comes any more.
func (s *station) serve(ctx context.Context) error {
	for {
		came, err := s.line.Get(ctx)
		if errors.Is(err, queue.ErrShutdown) {
			return nil
		}
		if err != nil {
			return err
		}
		s.waits += hub.Now(ctx).Sub(came)
		if err := hub.Sleep(ctx, s.about(services)); err != nil {
			return err
		}
		s.stays += hub.Now(ctx).Sub(came)
	}
}

// simulate returns the mean time in line.
func simulate(ctx context.Context, out io.Writer, seed uint64, customers int) (time.Duration, error) {
	s := &station{rng: rand.New(rand.NewPCG(seed, 0)), line: queue.NewFIFO[time.Time](0)}
	start := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	var end time.Time
	err := hub.Run(ctx, func(ctx context.Context) error {
		server := hub.Go(ctx, s.serve, hub.Name("server"))
		if err := s.arrive(ctx, customers); err != nil {
			return err
		}
		err := server.Join(ctx)
		end = hub.Now(ctx)
		return err
	}, hub.WithVirtualClock(start))
	if err != nil {
		return 0, err
	}
	mean := s.waits / time.Duration(customers)
	fmt.Fprintf(out, "%d customers in %.0f days\n", customers, end.Sub(start).Hours()/24)
	fmt.Fprintf(out, "in line:             %5.2fs on average; theory says %5.2fs\n", mean.Seconds(), theory().Seconds())
	fmt.Fprintf(out, "in line and served:  %5.2fs on average; theory says %5.2fs\n",
		(s.stays / time.Duration(customers)).Seconds(), (theory() + rate(services)).Seconds())
	return mean, nil
}

// theory returns the mean time in line, ρ/(μ-λ) with the load ρ = λ/μ.
func theory() time.Duration {
	return time.Duration(arrivals / services * float64(rate(services-arrivals)))
}

// rate returns the time between events of which so many happen in a minute.
func rate(perMinute float64) time.Duration { return time.Duration(float64(time.Minute) / perMinute) }

func main() {
	seed := flag.Uint64("seed", 1, "which random numbers to use")
	customers := flag.Int("customers", 1_000_000, "how many customers come")
	flag.Parse()
	if *customers < 1 {
		log.Fatal("-customers: less than 1")
	}
	if _, err := simulate(context.Background(), os.Stdout, *seed, *customers); err != nil {
		log.Fatal(err)
	}
}
