package pool_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"slices"
	"testing"
	"time"

	"github.com/seed6bcf1587/coop/internal/worlds"
	"github.com/seed6bcf1587/coop/pool"
)

// upTo counts from 0 to n-1, and notes in taken how far it came.
func upTo(n int, taken *int) iter.Seq[int] {
	return func(yield func(int) bool) {
		for i := range n {
			*taken = i + 1
			if !yield(i) {
				return
			}
		}
	}
}

// zigzag takes the longer the smaller v is, in groups of four.
func zigzag(ctx context.Context, v int) (int, error) {
	return sleepFor(time.Duration(4-v%4)*time.Second, 10*v)(ctx)
}

func TestMap(t *testing.T) {
	worlds.Outside(t, func(t *testing.T, w *worlds.World) {
		p := pool.New(4)
		defer end(t, w, p)
		taken := 0
		start := time.Now()
		got, err := pool.Map(w.Ctx, p, upTo(8, &taken), zigzag)
		if err != nil || !slices.Equal(got, []int{0, 10, 20, 30, 40, 50, 60, 70}) {
			t.Errorf("got %v, %v", got, err)
		}
		if d := time.Since(start); d != 5*time.Second {
			t.Errorf("took %v", d)
		}
		if got, err := pool.Map(w.Ctx, p, upTo(0, &taken), zigzag); got != nil || err != nil {
			t.Errorf("of nothing: %v, %v", got, err)
		}
	})
}

func TestMapFails(t *testing.T) {
	worlds.Outside(t, func(t *testing.T, w *worlds.World) {
		p := pool.New(3)
		defer end(t, w, p)
		var ended worlds.Log[int]
		taken := 0
		got, err := pool.Map(w.Ctx, p, upTo(100, &taken), func(ctx context.Context, v int) (int, error) {
			switch v {
			case 4:
				return 0, io.EOF
			case 5:
				<-ctx.Done()
				time.Sleep(time.Second)
				ended.Add(v)
				return 0, errors.New("later")
			}
			if v > 5 {
				return sleepFor(time.Second, v)(ctx)
			}
			return v, nil
		})
		if got != nil || err != io.EOF {
			t.Errorf("got %v, %v", got, err)
		}
		if taken > 10 {
			t.Errorf("%d values were taken", taken)
		}
		if vs := ended.Take(); taken > 5 && !slices.Equal(vs, []int{5}) {
			t.Errorf("Map returned before its jobs ended")
		}
	})
}

func TestIMap(t *testing.T) {
	worlds.Outside(t, func(t *testing.T, w *worlds.World) {
		p := pool.New(4)
		defer end(t, w, p)
		taken, n := 0, 0
		var got []int
		for v, err := range pool.IMap(w.Ctx, p, upTo(8, &taken), zigzag) {
			if err != nil {
				t.Error(err)
			}
			got = append(got, v)
			if n++; taken > n+3 {
				t.Errorf("%d values were taken for %d results", taken, n)
			}
		}
		if !slices.Equal(got, []int{0, 10, 20, 30, 40, 50, 60, 70}) {
			t.Errorf("got %v", got)
		}
	})
}

func TestIMapUnordered(t *testing.T) {
	worlds.Outside(t, func(t *testing.T, w *worlds.World) {
		p := pool.New(4)
		defer end(t, w, p)
		taken, n := 0, 0
		var got []int
		for v, err := range pool.IMapUnordered(w.Ctx, p, upTo(8, &taken), zigzag) {
			if err != nil {
				t.Error(err)
			}
			got = append(got, v)
			if n++; taken > n+3 {
				t.Errorf("%d values were taken for %d results", taken, n)
			}
		}
		// Each makes room for one of the others, which end at the same moment.
		slices.Sort(got[4:])
		if !slices.Equal(got, []int{30, 20, 10, 0, 40, 50, 60, 70}) {
			t.Errorf("got %v", got)
		}
	})
}

type mapping func(ctx context.Context, p *pool.Pool, in iter.Seq[int], fn func(ctx context.Context, v int) (int, error)) iter.Seq2[int, error]

var mappings = map[string]mapping{"IMap": pool.IMap[int, int], "IMapUnordered": pool.IMapUnordered[int, int]}

// TestIMapErrors checks that a value that fails is reported in its turn and the others go on.
func TestIMapErrors(t *testing.T) {
	for name, imap := range mappings {
		worlds.Outside(t, func(t *testing.T, w *worlds.World) {
			p := pool.New(2)
			defer end(t, w, p)
			taken := 0
			var got []string
			for v, err := range imap(w.Ctx, p, upTo(6, &taken), func(_ context.Context, v int) (int, error) {
				switch v {
				case 1:
					return 0, io.EOF
				case 3:
					panic("three")
				}
				return v, nil
			}) {
				if pe := (*pool.PanicError)(nil); errors.As(err, &pe) {
					err = fmt.Errorf("panic %v", pe.Value)
				}
				got = append(got, fmt.Sprint(v, " ", err))
			}
			if name == "IMapUnordered" {
				slices.Sort(got)
				if s := fmt.Sprint(got); s != "[0 <nil> 0 EOF 0 panic three 2 <nil> 4 <nil> 5 <nil>]" {
					t.Errorf("got %s", s)
				}
			} else if s := fmt.Sprint(got); s != "[0 <nil> 0 EOF 2 <nil> 0 panic three 4 <nil> 5 <nil>]" {
				t.Errorf("got %s", s)
			}
		})
	}
}

// TestIMapEnds ends the loop in every way: nothing of it runs any more after, and the pool is as good as before.
func TestIMapEnds(t *testing.T) {
	for name, imap := range mappings {
		for _, how := range []string{"break", "panic", "panic of in", "cancel", "close", "terminate"} {
			t.Run(name+" "+how, func(t *testing.T) {
				worlds.Outside(t, func(t *testing.T, w *worlds.World) {
					p := pool.New(3)
					defer end(t, w, p)
					b := new(busy)
					ctx, cancel := context.WithCancelCause(w.Ctx)
					defer cancel(nil)
					var last error
					in := func(yield func(int) bool) {
						for i := range 100 {
							if i == 20 && how == "panic of in" {
								panic("in")
							}
							if !yield(i) {
								return
							}
						}
					}
					n := 0
					func() {
						defer func() {
							if v := recover(); v != nil && !(v == "body" && how == "panic") && !(v == "in" && how == "panic of in") {
								t.Errorf("panic %v", v)
							}
						}()
						for _, err := range imap(ctx, p, in, func(ctx context.Context, v int) (int, error) {
							b.in()
							defer b.out()
							if v < 10 {
								return v, nil
							}
							return sleepFor(time.Duration(v)*time.Second, v)(ctx)
						}) {
							last = err
							n++
							if n != 12 {
								continue
							}
							switch how {
							case "break":
								return
							case "panic":
								panic("body")
							case "cancel":
								cancel(io.EOF)
							case "close":
								p.Close()
							case "terminate":
								p.Terminate()
							}
						}
					}()
					w.Settle()
					if b.now.Load() != 0 {
						t.Errorf("%d jobs still run", b.now.Load())
					}
					want := map[string]error{"cancel": io.EOF, "close": pool.ErrClosed, "terminate": pool.ErrTerminated}[how]
					if !errors.Is(last, want) {
						t.Errorf("the last error was %v", last)
					}
					if how == "close" || how == "terminate" {
						return
					}
					if v, err := pool.Submit(p, sleepFor(0, 1)).Get(w.Ctx); v != 1 || err != nil {
						t.Errorf("after the loop: %d, %v", v, err)
					}
				})
			})
		}
	}
}

// TestMapStubborn cancels a Map whose jobs ignore that: it does not wait for them.
func TestMapStubborn(t *testing.T) {
	worlds.Outside(t, func(t *testing.T, w *worlds.World) {
		p := pool.New(2)
		defer end(t, w, p)
		ctx, cancel := w.Timeout(w.Ctx, time.Second)
		defer cancel()
		start := time.Now()
		taken := 0
		_, err := pool.Map(ctx, p, upTo(10, &taken), func(context.Context, int) (int, error) {
			time.Sleep(time.Minute)
			return 0, nil
		})
		if d := time.Since(start); !errors.Is(err, context.DeadlineExceeded) || d != time.Second {
			t.Errorf("%v after %v", err, d)
		}
	})
}

// TestIMapResized reads ahead as far as the size is at that moment.
func TestIMapResized(t *testing.T) {
	worlds.Outside(t, func(t *testing.T, w *worlds.World) {
		p := pool.New(1)
		defer end(t, w, p)
		taken, n := 0, 0
		for range pool.IMap(w.Ctx, p, upTo(20, &taken), func(ctx context.Context, v int) (int, error) { return sleepFor(time.Second, v)(ctx) }) {
			if n++; n == 5 {
				p.Resize(4)
			}
			if most := n + p.Size() - 1; taken > most {
				t.Errorf("%d values were taken for %d results", taken, n)
			}
		}
		if n != 20 {
			t.Errorf("%d results", n)
		}
	})
}

// TestIMapMakesRoom ends a loop whose next job has not begun: its place in the backlog goes to who waits for one.
func TestIMapMakesRoom(t *testing.T) {
	worlds.Outside(t, func(t *testing.T, w *worlds.World) {
		p := pool.New(1, pool.WithBacklog(1))
		defer end(t, w, p)
		pool.Submit(p, sleepFor(time.Hour, 0))
		w.Go(func(ctx context.Context) {
			short, cancel := w.Timeout(ctx, time.Minute)
			defer cancel()
			taken := 0
			for _, err := range pool.IMap(short, p, upTo(1, &taken), zigzag) {
				if !errors.Is(err, context.DeadlineExceeded) {
					t.Error(err)
				}
			}
		})
		w.Settle()
		start := time.Now()
		r, err := pool.SubmitWait(w.Ctx, p, sleepFor(0, 1))
		if d := time.Since(start); err != nil || d != time.Minute {
			t.Errorf("%v after %v", err, d)
			return
		}
		if v, err := r.Get(w.Ctx); v != 1 || err != nil {
			t.Errorf("got %d, %v", v, err)
		}
	})
}

// TestMapPanicTakesBack lets the input panic while one job runs and another has not begun: that one never does.
func TestMapPanicTakesBack(t *testing.T) {
	for name, run := range map[string]func(ctx context.Context, p *pool.Pool, in iter.Seq[int], fn func(context.Context, int) (int, error)){
		"Map": func(ctx context.Context, p *pool.Pool, in iter.Seq[int], fn func(context.Context, int) (int, error)) {
			_, _ = pool.Map(ctx, p, in, fn)
		},
		"IMap": func(ctx context.Context, p *pool.Pool, in iter.Seq[int], fn func(context.Context, int) (int, error)) {
			for range pool.IMap(ctx, p, in, fn) {
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			worlds.Outside(t, func(t *testing.T, w *worlds.World) {
				p := pool.New(4)
				defer end(t, w, p)
				for range 3 {
					pool.Submit(p, sleepFor(time.Second, 0))
				}
				w.Settle()
				var ran worlds.Log[int]
				func() {
					defer func() { _ = recover() }()
					run(w.Ctx, p, func(yield func(int) bool) {
						for v := range 3 {
							yield(v)
						}
						panic("in")
					}, func(_ context.Context, v int) (int, error) {
						ran.Add(v)
						time.Sleep(10 * time.Second) // whatever the context says
						return v, nil
					})
				}()
				if got := ran.Take(); !slices.Equal(got, []int{0}) {
					t.Errorf("ran: %v", got)
				}
			})
		})
	}
}
