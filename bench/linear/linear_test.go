package linear

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/anishathalye/porcupine"

	"github.com/seed6bcf1587/coop/queue"
	"github.com/seed6bcf1587/coop/semaphore"
	"github.com/seed6bcf1587/coop/sync2"
)

const (
	clients = 6
	calls   = 12 // of each client
	rounds  = 150
)

// call is one call of a method, and what it returned.
type call struct {
	client int
	method string
	arg    int
	value  int
	ok     bool
}

// A client makes one random call each time, and returns what it did.
type client func(ctx context.Context, id int, rng *rand.Rand) call

// check lets clients at what setUp makes, again and again, and looks each time for an order that the model allows.
func check(t *testing.T, model porcupine.Model, setUp func() client) {
	t.Helper()
	model.DescribeOperation = func(_, out any) string { return fmt.Sprintf("%+v", out) }
	for round := range rounds {
		do := setUp()
		var mu sync.Mutex
		var history []porcupine.Operation
		var wg sync.WaitGroup
		start := time.Now()
		for id := range clients {
			wg.Go(func() {
				rng := rand.New(rand.NewPCG(uint64(round), uint64(id)))
				for range calls {
					ctx, cancel := context.WithTimeout(t.Context(), time.Duration(rng.IntN(50_000)))
					begin := time.Since(start)
					c := do(ctx, id, rng)
					end := time.Since(start)
					cancel()
					mu.Lock()
					history = append(history, porcupine.Operation{ClientId: id, Input: c, Output: c, Call: int64(begin), Return: int64(end)})
					mu.Unlock()
				}
			})
		}
		wg.Wait()
		if r := porcupine.CheckOperationsTimeout(model, history, 10*time.Second); r == porcupine.Illegal {
			for _, op := range history {
				t.Logf("%8d %8d %+v", op.Call, op.Return, op.Output)
			}
			t.Fatalf("round %d: no order explains what was seen", round)
		}
	}
}

// hold is what a client of a lock remembers: whether, or how deep, it holds it. Each client uses its own entry.
type hold [clients]int

func TestMutex(t *testing.T) {
	check(t, porcupine.Model{
		Init: func() any { return false },
		Step: func(state, _, out any) (bool, any) {
			held := state.(bool)
			switch c := out.(call); c.method {
			case "Lock", "TryLock":
				if !c.ok {
					return c.method == "Lock" || held, held // a Lock that failed was cancelled
				}
				return !held, true
			default:
				return held, false
			}
		},
	}, func() client {
		var m sync2.Mutex
		var holds hold
		return func(ctx context.Context, id int, rng *rand.Rand) call {
			if holds[id] > 0 {
				holds[id]--
				m.Unlock()
				return call{client: id, method: "Unlock"}
			}
			c := call{client: id, method: "Lock"}
			if rng.IntN(3) == 0 {
				c.method, c.ok = "TryLock", m.TryLock()
			} else {
				c.ok = m.Lock(ctx) == nil
			}
			if c.ok {
				holds[id]++
			}
			return c
		}
	})
}

func TestRLock(t *testing.T) {
	type state struct{ owner, depth int }
	check(t, porcupine.Model{
		Init: func() any { return state{} },
		Step: func(before, _, out any) (bool, any) {
			s, c := before.(state), out.(call)
			mine := s.depth == 0 || s.owner == c.client
			switch c.method {
			case "Lock", "TryLock":
				if !c.ok {
					return c.method == "Lock" || !mine, s
				}
				return mine, state{c.client, s.depth + 1}
			case "Depth":
				if s.owner != c.client {
					return c.value == 0, s
				}
				return c.value == s.depth, s
			default:
				if s.depth--; s.depth == 0 {
					s.owner = 0
				}
				return mine && s.depth >= 0, s
			}
		},
	}, func() client {
		var l sync2.RLock
		var holds hold
		return func(ctx context.Context, id int, rng *rand.Rand) call {
			c := call{client: id}
			switch n := rng.IntN(6); {
			case n == 0:
				c.method, c.value = "Depth", l.Depth()
			case n <= 2 && holds[id] > 0:
				c.method = "Unlock"
				holds[id]--
				l.Unlock()
			case n == 3:
				c.method, c.ok = "TryLock", l.TryLock()
			default:
				c.method, c.ok = "Lock", l.Lock(ctx) == nil
			}
			if c.ok {
				holds[id]++
			}
			return c
		}
	})
}

func TestSemaphore(t *testing.T) {
	const permits = 3
	check(t, porcupine.Model{
		Init: func() any { return permits },
		Step: func(state, _, out any) (bool, any) {
			free := state.(int)
			switch c := out.(call); c.method {
			case "Acquire":
				if !c.ok {
					return true, free
				}
				return free >= c.arg, free - c.arg
			case "TryAcquire":
				if !c.ok {
					return true, free // somebody may wait in line, which is no part of this model
				}
				return free >= c.arg, free - c.arg
			case "Available":
				return c.value == free, free
			default:
				return free+c.arg <= permits, free + c.arg
			}
		},
	}, func() client {
		s := semaphore.NewBounded(permits)
		var holds hold
		return func(ctx context.Context, id int, rng *rand.Rand) call {
			c := call{client: id, arg: 1 + rng.IntN(permits)}
			switch n := rng.IntN(6); {
			case holds[id] > 0 && n <= 3:
				c.method, c.arg = "Release", holds[id]
				holds[id] = 0
				s.Release(int64(c.arg))
				return c
			case n == 4:
				c.method, c.value = "Available", int(s.Available())
				return c
			case n == 5:
				c.method, c.ok = "TryAcquire", s.TryAcquire(int64(c.arg))
			default:
				c.method, c.ok = "Acquire", s.Acquire(ctx, int64(c.arg)) == nil
			}
			if c.ok {
				holds[id] += c.arg
			}
			return c
		}
	})
}

// A discipline is a kind of queue, and where in a list of values, oldest first, the one stands that leaves next.
type discipline struct {
	make func(capacity int) *queue.Queue[int]
	next func(values []int) int
}

var disciplines = map[string]discipline{
	"FIFO": {queue.NewFIFO[int], func([]int) int { return 0 }},
	"LIFO": {queue.NewLIFO[int], func(values []int) int { return len(values) - 1 }},
	"priority": {
		func(capacity int) *queue.Queue[int] { return queue.NewPriority(capacity, less) },
		func(values []int) int {
			least := 0
			for i := range values {
				if less(values[i], values[least]) {
					least = i
				}
			}
			return least
		},
	},
}

func less(a, b int) bool { return a%10 < b%10 }

func TestQueue(t *testing.T) {
	for name, d := range disciplines {
		for _, capacity := range []int{0, 1, 3} {
			t.Run(fmt.Sprint(name, capacity), func(t *testing.T) {
				check(t, queueModel(capacity, d.next), func() client { return queueClient(d.make(capacity)) })
			})
		}
	}
}

func queueModel(capacity int, next func(values []int) int) porcupine.Model {
	full := func(q []int) bool { return capacity > 0 && len(q) >= capacity }
	return porcupine.Model{
		Init:  func() any { return []int(nil) },
		Equal: func(a, b any) bool { return slices.Equal(a.([]int), b.([]int)) },
		Step: func(state, _, out any) (bool, any) {
			q, c := state.([]int), out.(call)
			switch c.method {
			case "Put", "TryPut":
				if !c.ok {
					return c.method == "Put" || full(q), q
				}
				return !full(q), append(slices.Clone(q), c.arg)
			default:
				if !c.ok {
					return c.method == "Get" || len(q) == 0, q
				}
				if len(q) == 0 {
					return false, q
				}
				i := next(q)
				return q[i] == c.value, slices.Delete(slices.Clone(q), i, i+1)
			}
		},
	}
}

func queueClient(q *queue.Queue[int]) client {
	return func(ctx context.Context, id int, rng *rand.Rand) call {
		c := call{client: id, arg: rng.IntN(1_000_000)}
		var err error
		switch rng.IntN(4) {
		case 0:
			c.method = "Put"
			err = q.Put(ctx, c.arg)
		case 1:
			c.method = "TryPut"
			err = q.TryPut(c.arg)
		case 2:
			c.method = "Get"
			c.value, err = q.Get(ctx)
		case 3:
			c.method = "TryGet"
			c.value, err = q.TryGet()
		}
		c.ok = err == nil
		return c
	}
}
