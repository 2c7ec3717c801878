package queue_test

import (
	"context"
	"errors"
	"io"
	"runtime"
	"slices"
	"testing"

	"github.com/seed6bcf1587/coop/internal/worlds"
	"github.com/seed6bcf1587/coop/queue"
)

// TestTaskDoneBeforeGet reports values done that are still in the queue: an immediate shutdown does not count them twice.
func TestTaskDoneBeforeGet(t *testing.T) {
	for name, d := range disciplines {
		if name == "rendezvous" {
			continue
		}
		t.Run(name, func(t *testing.T) {
			for early := range 4 {
				worlds.Each(t, func(t *testing.T, w *worlds.World) {
					q := d.make(0)
					for v := range 3 {
						_ = q.TryPut(v)
					}
					for range early {
						q.TaskDone()
					}
					q.Shutdown(true)
					if err := q.Join(w.Ctx); err != nil {
						t.Error(err)
					}
					defer func() {
						if recover() == nil {
							t.Errorf("%d early: one TaskDone more than values", early)
						}
					}()
					q.TaskDone()
				})
			}
		})
	}
}

// TestPutAllEnded puts the values of a sequence with a context that has ended: the sequence is not asked.
func TestPutAllEnded(t *testing.T) {
	q := queue.NewFIFO[int](0)
	ctx, cancel := context.WithCancelCause(t.Context())
	cancel(io.EOF)
	for _, vs := range [][]int{nil, {1, 2}} {
		asked := false
		err := q.PutAll(ctx, func(yield func(int) bool) {
			asked = true
			slices.Values(vs)(yield)
		})
		if !errors.Is(err, io.EOF) || !errors.Is(err, context.Canceled) || asked || q.Len() != 0 {
			t.Errorf("%v: %v, the sequence was asked: %v", vs, err, asked)
		}
	}
}

// TestPutAllEnds shuts a queue down, and cancels, while PutAll waits: what it has put stays, the rest is not asked for.
func TestPutAllEnds(t *testing.T) {
	worlds.Each(t, func(t *testing.T, w *worlds.World) {
		for _, immediate := range []bool{false, true} {
			q := queue.NewFIFO[int](2)
			asked := 0
			values := func(yield func(int) bool) {
				for ; asked < 5 && yield(asked); asked++ {
				}
			}
			var ended worlds.Log[error]
			ctx, cancel := context.WithCancel(w.Ctx)
			w.Go(func(context.Context) {})
			w.Settle()
			cancel()
			if err := q.PutAll(ctx, values); !errors.Is(err, context.Canceled) || asked != 0 {
				t.Errorf("cancelled: %v, asked for %d", err, asked)
			}
			w.Go(func(ctx context.Context) { ended.Add(q.PutAll(ctx, values)) })
			w.Settle()
			q.Shutdown(immediate)
			w.Settle()
			if errs := ended.Take(); !slices.Equal(errs, []error{queue.ErrShutdown}) || asked != 2 {
				t.Errorf("%v: %v, asked for %d", immediate, errs, asked)
			}
			vs := slices.Collect(q.All(w.Ctx))
			if want := map[bool]int{false: 2, true: 0}[immediate]; len(vs) != want {
				t.Errorf("%v: left %v", immediate, vs)
			}
		}
	})
}

// TestLessPanicsInGetN lets less panic at each comparison of a GetN: no value is lost, and none comes twice.
func TestLessPanicsInGetN(t *testing.T) {
	for at := range 20 {
		left := -1
		q := queue.NewPriority(0, func(a, b int) bool {
			if left--; left == -1 {
				panic(io.EOF)
			}
			return a < b
		})
		want := []int{1, 2, 3, 4, 5, 6, 7}
		for _, v := range []int{4, 2, 7, 5, 1, 6, 3} {
			_ = q.TryPut(v)
		}
		left = at
		var got []int
		func() {
			defer func() { _ = recover() }()
			got, _ = q.GetN(t.Context(), 10)
		}()
		left = -1
		for v, err := q.TryGet(); err == nil; v, err = q.TryGet() {
			got = append(got, v)
		}
		if !slices.Equal(got, want) {
			t.Errorf("panic at comparison %d: got %v", at, got)
		}
	}
}

// TestLessGoexit lets less call Goexit at each comparison, of those on behalf of a putter that waits, too: the queue can be used.
func TestLessGoexit(t *testing.T) {
	worlds.Outside(t, func(t *testing.T, w *worlds.World) {
		for at := range 12 {
			left := -1
			q := queue.NewPriority(5, func(a, b int) bool {
				if left--; left == -1 {
					runtime.Goexit()
				}
				return a < b
			})
			for _, v := range []int{4, 2, 5, 1, 3} {
				_ = q.TryPut(v)
			}
			var put worlds.Log[error]
			for range 2 {
				w.Go(func(ctx context.Context) {
					defer func() { _ = recover() }()
					put.Add(q.Put(ctx, 0))
				})
			}
			w.Settle()
			done := make(chan struct{})
			var got []int
			go func() {
				defer close(done)
				left = at
				if v, err := q.TryGet(); err == nil {
					got = append(got, v)
				}
			}()
			<-done
			left = -1
			w.Settle()
			if q.Len() != 5 {
				t.Errorf("Goexit at comparison %d: %d values, and somebody waits to put", at, q.Len())
			}
			for v, err := q.TryGet(); err == nil; v, err = q.TryGet() {
				got = append(got, v)
			}
			w.Settle()
			if q.Len() != 0 || len(got) < 5 {
				t.Errorf("Goexit at comparison %d: got %v, %d left", at, got, q.Len())
			}
			q.Shutdown(true)
			w.Settle()
		}
	})
}
