package main

import (
	"context"
	"net/http"
	"sync"
	"time"

	"github.com/seed6bcf1587/coop/examples/stall/store"
)

// poll stalls: the thread sleeps, 1 call deep.
func (s *server) poll(ctx context.Context) error {
	time.Sleep(time.Second)
	return nil
}

// supervise stalls: a select without default, 2 calls deep.
func (s *server) supervise(ctx context.Context) error { return s.watch(ctx) }

func (s *server) watch(ctx context.Context) error {
	select {
	case <-s.done:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// drain stalls: a receive through a function value, 2 calls deep.
func (s *server) drain(ctx context.Context) error {
	next := func() { <-s.done }
	next()
	return nil
}

// gather stalls: it waits for goroutines, 3 calls deep.
func (s *server) gather(ctx context.Context) error { return s.fanOut() }

func (s *server) fanOut() error {
	var wg sync.WaitGroup
	wg.Go(func() { time.Sleep(time.Second) }) // fine: on a goroutine
	join(&wg)
	return nil
}

func join(wg *sync.WaitGroup) { wg.Wait() }

// record stalls: a database statement, 5 calls deep in another package.
func (s *server) record(ctx context.Context) error { return s.saveAll("a", "b") }

func (s *server) saveAll(ids ...string) error {
	for _, id := range ids {
		if err := s.store.Save(id); err != nil {
			return err
		}
	}
	return nil
}

// maintain stalls: a process runs, 4 calls deep, through a helper that calls
// what it is given.
func (s *server) maintain(ctx context.Context) error { return store.Retry(s.store.Backup) }

// notify stalls: an HTTP request, 4 calls deep, in a deferred call.
func (s *server) notify(ctx context.Context) error {
	defer s.tell("done")
	return nil
}

func (s *server) tell(what string) { post("/" + what) }

func post(path string) { _, _ = get("http://partner.example" + path) }

func get(url string) (*http.Response, error) { return http.Get(url) }
