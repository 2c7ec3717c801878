package queue_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"testing"
	"time"

	"github.com/seed6bcf1587/coop/internal/worlds"
	"github.com/seed6bcf1587/coop/queue"
)

func TestShutdown(t *testing.T) {
	worlds.Each(t, func(t *testing.T, w *worlds.World) {
		for _, immediate := range []bool{false, true} {
			q := queue.NewFIFO[int](2)
			_ = q.TryPut(1)
			_ = q.TryPut(2)
			var put, joined worlds.Log[error]
			w.Go(func(ctx context.Context) { put.Add(q.Put(ctx, 3)) })
			w.Go(func(ctx context.Context) { joined.Add(q.Join(ctx)) })
			w.Settle()
			q.Shutdown(immediate)
			q.Shutdown(immediate)
			w.Settle()
			if errs := put.Take(); !slices.Equal(errs, []error{queue.ErrShutdown}) {
				t.Errorf("a blocked Put got %v", errs)
			}
			if err := q.Put(w.Ctx, 4); err != queue.ErrShutdown {
				t.Errorf("Put: %v", err)
			}
			if err := q.TryPut(4); err != queue.ErrShutdown {
				t.Errorf("TryPut: %v", err)
			}
			if immediate {
				if errs := joined.Take(); !slices.Equal(errs, []error{nil}) {
					t.Errorf("Join got %v when all was dropped", errs)
				}
			} else {
				for want := 1; want <= 2; want++ {
					if errs := joined.Take(); len(errs) > 0 {
						t.Errorf("Join got %v with values left", errs)
					}
					if v, err := q.Get(w.Ctx); v != want || err != nil {
						t.Errorf("Get: %d, %v", v, err)
					}
					q.TaskDone()
				}
				w.Settle()
				if errs := joined.Take(); !slices.Equal(errs, []error{nil}) {
					t.Errorf("Join got %v when all was done", errs)
				}
			}
			if v, err := q.Get(w.Ctx); v != 0 || err != queue.ErrShutdown {
				t.Errorf("Get: %d, %v", v, err)
			}
			if v, err := q.TryGet(); v != 0 || err != queue.ErrShutdown {
				t.Errorf("TryGet: %d, %v", v, err)
			}
		}
	})
}

func TestShutdownWakesGetters(t *testing.T) {
	for name, d := range disciplines {
		t.Run(name, func(t *testing.T) {
			worlds.Each(t, func(t *testing.T, w *worlds.World) {
				q := d.make(1)
				var got worlds.Log[error]
				for range 3 {
					w.Go(func(ctx context.Context) {
						_, err := q.Get(ctx)
						got.Add(err)
					})
				}
				w.Settle()
				q.Shutdown(false)
				w.Settle()
				if errs := got.Take(); !slices.Equal(errs, []error{queue.ErrShutdown, queue.ErrShutdown, queue.ErrShutdown}) {
					t.Errorf("got %v", errs)
				}
			})
		})
	}
}

// TestTakenValuesNeedTaskDone shuts down at once while a value is in work.
func TestTakenValuesNeedTaskDone(t *testing.T) {
	worlds.Each(t, func(t *testing.T, w *worlds.World) {
		q := queue.NewFIFO[int](0)
		for i := range 3 {
			_ = q.TryPut(i)
		}
		_, _ = q.TryGet()
		q.Shutdown(true)
		short, cancel := w.Timeout(w.Ctx, time.Second)
		defer cancel()
		if err := q.Join(short); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("Join: %v", err)
		}
		q.TaskDone()
		if err := q.Join(w.Ctx); err != nil {
			t.Errorf("Join: %v", err)
		}
	})
}

func TestJoinFreshQueue(t *testing.T) {
	q := queue.NewFIFO[int](0)
	if err := q.Join(t.Context()); err != nil {
		t.Error(err)
	}
	defer func() {
		if got := recover(); got != "queue.Queue.TaskDone: called more often than values were put" {
			t.Errorf("panic %v", got)
		}
	}()
	q.TaskDone()
}

func TestRendezvous(t *testing.T) {
	worlds.Each(t, func(t *testing.T, w *worlds.World) {
		q := queue.NewRendezvous[int]()
		if err := q.TryPut(1); err != queue.ErrFull {
			t.Errorf("TryPut with nobody there: %v", err)
		}
		if _, err := q.TryGet(); err != queue.ErrEmpty {
			t.Errorf("TryGet with nobody there: %v", err)
		}
		var put worlds.Log[error]
		w.Go(func(ctx context.Context) { put.Add(q.Put(ctx, 7)) })
		w.Settle()
		if errs := put.Take(); len(errs) > 0 || q.Len() != 0 || q.Cap() != 0 {
			t.Errorf("Put returned %v before a Get; %d of %d", errs, q.Len(), q.Cap())
		}
		if _, ok := q.Peek(); ok {
			t.Error("Peek saw a value that is not there")
		}
		if v, err := q.TryGet(); v != 7 || err != nil {
			t.Errorf("got %d, %v", v, err)
		}
		w.Settle()
		if errs := put.Take(); !slices.Equal(errs, []error{nil}) {
			t.Errorf("Put returned %v after a Get", errs)
		}
	})
}

func TestPeekAndBatches(t *testing.T) {
	worlds.Each(t, func(t *testing.T, w *worlds.World) {
		q := queue.NewPriority(3, func(a, b int) bool { return a < b })
		if _, ok := q.Peek(); ok {
			t.Error("Peek into an empty queue")
		}
		w.Go(func(ctx context.Context) {
			if err := q.PutAll(ctx, slices.Values([]int{5, 3, 4, 1, 2})); err != nil {
				t.Error(err)
			}
			q.Shutdown(false)
		})
		w.Settle()
		if v, ok := q.Peek(); v != 3 || !ok || q.Len() != 3 {
			t.Errorf("Peek: %d, %v", v, ok)
		}
		if vs, err := q.GetN(w.Ctx, 2); err != nil || len(vs) != 2 || vs[0] != 3 {
			t.Errorf("GetN: %v, %v", vs, err)
		}
		w.Settle()
		var rest []int
		for v := range q.All(w.Ctx) {
			rest = append(rest, v)
		}
		if len(rest) != 3 || rest[len(rest)-1] != 5 {
			t.Errorf("All: %v", rest)
		}
		if vs, err := q.GetN(w.Ctx, 2); vs != nil || err != queue.ErrShutdown {
			t.Errorf("GetN after the end: %v, %v", vs, err)
		}
	})
}

// TestLessPanics lets less panic at each comparison, of Put, of Get, and on behalf of a putter that waits: the queue is as before and usable.
func TestLessPanics(t *testing.T) {
	worlds.Each(t, func(t *testing.T, w *worlds.World) {
		left := -1
		q := queue.NewPriority(6, func(a, b int) bool {
			if left--; left == -1 {
				panic(io.EOF)
			}
			return a < b
		})
		panicked := func(f func()) (p any) {
			defer func() { p = recover() }()
			f()
			return nil
		}
		for at := range 12 {
			for _, v := range []int{4, 2, 5, 1, 3} {
				_ = q.TryPut(v)
			}
			left = at
			p1 := panicked(func() { _ = q.TryPut(0) })
			left = at
			var first []int
			p2 := panicked(func() {
				if v, err := q.TryGet(); err == nil {
					first = append(first, v)
				}
			})
			left = -1
			got := first
			for v, err := q.TryGet(); err == nil; v, err = q.TryGet() {
				got = append(got, v)
			}
			want := []int{1, 2, 3, 4, 5}
			if p1 == nil {
				want = append([]int{0}, want...)
			}
			if !slices.Equal(got, want) {
				t.Errorf("panic at comparison %d (%v, %v): got %v", at, p1, p2, got)
			}
		}

		for v := range 6 {
			_ = q.TryPut(v)
		}
		var caught worlds.Log[any]
		w.Go(func(ctx context.Context) {
			caught.Add(panicked(func() { _ = q.Put(ctx, -1) }))
		})
		w.Settle()
		left = 8 // after those of pop
		if v, err := q.TryGet(); v != 0 || err != nil {
			t.Errorf("Get while a putter waits: %d, %v", v, err)
		}
		left = -1
		w.Settle()
		for _, p := range caught.Take() {
			if pe, ok := p.(*queue.PanicError); p != nil && (!ok || pe.Value != any(io.EOF)) {
				t.Errorf("the putter's panic: %v", p)
			}
		}
		q.Shutdown(true)
	})
}

func ExampleNewPriority() {
	type job struct {
		priority int
		name     string
	}
	q := queue.NewPriority(0, func(a, b job) bool { return a.priority < b.priority })
	for _, j := range []job{{2, "sweep"}, {1, "bake"}, {2, "count"}, {0, "put out the fire"}} {
		_ = q.TryPut(j)
	}
	q.Shutdown(false)
	for j := range q.All(context.Background()) {
		fmt.Println(j.priority, j.name)
	}
	// Output:
	// 0 put out the fire
	// 1 bake
	// 2 sweep
	// 2 count
}

func ExampleNewLIFO() {
	q := queue.NewLIFO[string](0)
	for _, plate := range []string{"first", "second", "third"} {
		_ = q.TryPut(plate)
	}
	v, _ := q.TryGet()
	fmt.Println(v)
	// Output: third
}
