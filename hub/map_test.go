package hub_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/seed6bcf1587/coop/event"
	"github.com/seed6bcf1587/coop/hub"
	"github.com/seed6bcf1587/coop/queue"
)

type mapFunc func(ctx context.Context, limit int, in iter.Seq[int], fn func(context.Context, int) (string, error)) iter.Seq2[string, error]

// eachMap runs body for Map and MapUnordered.
func eachMap(t *testing.T, body func(t *testing.T, ctx context.Context, m mapFunc, ordered bool), opts ...hub.Option) {
	for _, ordered := range []bool{true, false} {
		m := hub.MapUnordered[int, string]
		if ordered {
			m = hub.Map[int, string]
		}
		t.Run(fmt.Sprintf("ordered=%v", ordered), func(t *testing.T) {
			err := runVirtual(t, func(ctx context.Context) error {
				body(t, ctx, m, ordered)
				return nil
			}, opts...)
			if err != nil {
				t.Error(err)
			}
		})
	}
}

func numbers(n int) iter.Seq[int] {
	return func(yield func(int) bool) {
		for i := range n {
			if !yield(i) {
				return
			}
		}
	}
}

// TestMap maps with various delays, and checks the order, the time, how many run at once and how far the input is read ahead.
func TestMap(t *testing.T) {
	eachMap(t, func(t *testing.T, ctx context.Context, m mapFunc, ordered bool) {
		const limit = 3
		start := hub.Now(ctx)
		read, busy, yielded := 0, 0, 0
		in := func(yield func(int) bool) {
			for i := range 9 {
				if read++; read-yielded > limit {
					t.Errorf("%d read, %d yielded", read, yielded)
				}
				if !yield(i) {
					return
				}
			}
		}
		var got []string
		for v, err := range m(ctx, limit, in, func(ctx context.Context, i int) (string, error) {
			if busy++; busy > limit {
				t.Errorf("%d run", busy)
			}
			defer func() { busy-- }()
			return fmt.Sprint(i), hub.Sleep(ctx, time.Duration(3-i%3)*time.Second)
		}) {
			if err != nil {
				t.Error(err)
			}
			yielded++
			got = append(got, v+"@"+fmt.Sprint(hub.Now(ctx).Sub(start).Seconds()))
		}
		want := "0@3 1@3 2@3 3@6 4@6 5@6 6@9 7@9 8@9"
		if !ordered {
			want = "2@1 1@2 0@3 3@4 4@4 5@4 8@5 7@6 6@7"
		}
		if s := strings.Join(got, " "); s != want {
			t.Errorf("got  %s\nwant %s", s, want)
		}
		for range m(ctx, 1, numbers(0), nil2) {
			t.Error("a value of no values")
		}
	})
}

func nil2(context.Context, int) (string, error) { return "", nil }

// TestMapFailures has functions fail, panic and exit: each in its place, and no slot is lost.
func TestMapFailures(t *testing.T) {
	eachMap(t, func(t *testing.T, ctx context.Context, m mapFunc, ordered bool) {
		var got []string
		for v, err := range m(ctx, 2, numbers(12), func(ctx context.Context, i int) (string, error) {
			switch i % 4 {
			case 1:
				return "", io.EOF
			case 2:
				panic("oops")
			case 3:
				runtime.Goexit()
			}
			return fmt.Sprint(i), nil
		}) {
			var p *hub.PanicError
			switch {
			case errors.As(err, &p):
				v = fmt.Sprint("panic ", p.Value)
			case err != nil:
				v = err.Error()
			}
			got = append(got, v)
		}
		const goexit = "hub: task ended by runtime.Goexit"
		want := []string{"0", "EOF", "panic oops", goexit, "4", "EOF", "panic oops", goexit, "8", "EOF", "panic oops", goexit}
		if !slices.Equal(got, want) { // they end in the order in which they begin
			t.Errorf("got %q", got)
		}
	})
}

// TestMapEndsEarly ends loops by break, by panics of the loop and of the iterator, and by the end of the context: the tasks that are
// left have ended when the loop has.
func TestMapEndsEarly(t *testing.T) {
	eachMap(t, func(t *testing.T, ctx context.Context, m mapFunc, ordered bool) {
		left := 0
		slow := func(ctx context.Context, i int) (string, error) {
			left++
			defer func() { left-- }()
			if i == 0 {
				return "first", nil
			}
			err := hub.Sleep(ctx, time.Hour)
			_ = hub.Sleep(context.WithoutCancel(ctx), time.Second) // cleaning up takes time
			return "", err
		}
		for name, loop := range map[string]func(){
			"break": func() {
				for v, err := range m(ctx, 4, numbers(100), slow) {
					if v != "first" || err != nil {
						t.Error(v, err)
					}
					break
				}
			},
			"panic": func() {
				_ = panicOf(func() {
					for range m(ctx, 4, numbers(100), slow) {
						panic("oops")
					}
				})
			},
			"iterator": func() {
				in := func(yield func(int) bool) {
					yield(1)
					yield(2)
					panic("oops")
				}
				if v := panicOf(func() {
					for range m(ctx, 4, in, slow) {
					}
				}); v != "oops" {
					t.Errorf("panic %v", v)
				}
			},
			"context": func() {
				short, cancel := hub.WithTimeout(ctx, time.Minute)
				defer cancel()
				n := 0
				for v, err := range m(short, 4, numbers(100), slow) {
					if n++; n > 1 && !errors.Is(err, context.DeadlineExceeded) {
						t.Errorf("%q, %v", v, err)
					}
				}
				if n < 2 || n > 5 { // in the end each task that there is may say so, and the loop does
					t.Errorf("%d yielded", n)
				}
			},
			"ended context": func() {
				ended, cancel := context.WithCancel(ctx)
				cancel()
				n := 0
				for _, err := range m(ended, 4, numbers(100), slow) {
					if n++; !errors.Is(err, context.Canceled) {
						t.Error(err)
					}
				}
				if n != 1 {
					t.Errorf("%d yielded", n)
				}
			},
		} {
			if loop(); left != 0 {
				t.Errorf("%s: %d tasks are left", name, left)
			}
		}
	})
}

// TestMapFromQueue reads from an iterator that waits.
func TestMapFromQueue(t *testing.T) {
	eachMap(t, func(t *testing.T, ctx context.Context, m mapFunc, ordered bool) {
		q := queue.NewFIFO[int](1)
		hub.Go(ctx, func(ctx context.Context) error {
			for i := range 20 {
				if err := q.Put(ctx, i); err != nil {
					return err
				}
				_ = hub.Sleep(ctx, time.Second)
			}
			q.Shutdown(false)
			return nil
		})
		sum := 0
		for v, err := range m(ctx, 3, q.All(ctx), func(ctx context.Context, i int) (string, error) {
			return strings.Repeat("x", i), hub.Sleep(ctx, 2*time.Second)
		}) {
			if err != nil {
				t.Error(err)
			}
			sum += len(v)
		}
		if sum != 190 {
			t.Errorf("sum %d", sum)
		}
	})
}

// TestMapWithinMap maps in the functions of a map, and in the loop over it.
func TestMapWithinMap(t *testing.T) {
	eachMap(t, func(t *testing.T, ctx context.Context, m mapFunc, ordered bool) {
		n := 0
		for range m(ctx, 2, numbers(5), func(ctx context.Context, i int) (string, error) {
			for range m(ctx, 2, numbers(4), func(ctx context.Context, j int) (string, error) { n++; return "", hub.Yield(ctx) }) {
			}
			return "", nil
		}) {
			for range m(ctx, 1, numbers(3), nil2) {
				n++
			}
		}
		if n != 5*4+5*3 {
			t.Errorf("%d calls", n)
		}
	})
}

func TestMapMisuse(t *testing.T) {
	for want, f := range map[string]func(){
		"hub.Map: limit less than 1":          func() { hub.Map(t.Context(), 0, numbers(1), nil2) },
		"hub.Map: nil function":               func() { hub.Map[int, int](t.Context(), 1, numbers(1), nil) },
		"hub.MapUnordered: limit less than 1": func() { hub.MapUnordered(t.Context(), -1, numbers(1), nil2) },
		"hub.MapUnordered: nil function":      func() { hub.MapUnordered[int](t.Context(), 1, nil, nil2) },
		"hub.Map: ctx carries no task: call it inside hub.Run": func() {
			for range hub.Map(t.Context(), 1, numbers(1), nil2) {
			}
		},
	} {
		if got := panicOf(f); got != want {
			t.Errorf("panic %v\nwant  %v", got, want)
		}
	}
}

// TestMapLateFailure breaks a loop whose other task then fails in earnest: that is logged, and no error of Run.
func TestMapLateFailure(t *testing.T) {
	var log strings.Builder
	eachMap(t, func(t *testing.T, ctx context.Context, m mapFunc, ordered bool) {
		for range m(ctx, 2, numbers(2), func(ctx context.Context, i int) (string, error) {
			if i == 1 {
				_ = new(event.Event).Wait(ctx)
				return "", io.ErrNoProgress
			}
			return "", nil
		}) {
			break
		}
	}, logTo(&log))
	if n := strings.Count(log.String(), io.ErrNoProgress.Error()); n != 2 {
		t.Errorf("log: %s", &log)
	}
}
