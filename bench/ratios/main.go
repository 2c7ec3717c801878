// Command ratios prints how coop compares with its peers, beside the bars that it holds itself to, and exits with status 1 when one
// falls short.
package main

import (
	"flag"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"strconv"
	"strings"
	"time"

	"github.com/seed6bcf1587/coop/bench"
)

func main() {
	first := flag.Int("from", 0, "first row; 0 is what has no bar")
	last := flag.Int("to", 99, "last row")
	pairs := flag.Int("pairs", 15, "pairs of runs; the median counts")
	hold := flag.String("hold", "", "used by this program itself: print the bytes that `work` of a row holds")
	flag.Parse()
	if *hold != "" {
		fmt.Println(heldBytes(*hold))
		return
	}

	fmt.Printf("%s, %s %s/%s, %d CPUs, %d pairs\n\n", time.Now().Format(time.DateOnly), runtime.Version(), runtime.GOOS, runtime.GOARCH, runtime.NumCPU(), *pairs)
	fmt.Printf("%2s  %-37s %10s   %-36s %10s  %6s  %5s\n", "#", "ours", "", "theirs", "", "ratio", "bar")
	short := 0
	show := func(rows []bench.Row, unit string, measure func(bench.Row) bench.Measurement) {
		for _, r := range rows {
			if r.Number < *first || r.Number > *last {
				continue
			}
			m := measure(r)
			bar, mark := fmt.Sprintf("%5.2f", r.Bar), ""
			if r.Bar == 0 {
				bar = ""
			} else if m.Ratio > r.Bar {
				mark = "  falls short"
				short++
			}
			fmt.Printf("%2d  %-37s %7.2f %2s   %-36s %7.2f %2s  %6.2f  %5s%s\n", r.Number, r.Work, m.Ours, unit, r.Peer, m.Theirs, unit, m.Ratio, bar, mark)
		}
	}
	show(bench.Rows(), "ns", func(r bench.Row) bench.Measurement { return r.Measure(*pairs) })
	show(bench.MemoryRows(), "B", func(r bench.Row) bench.Measurement { return measureBytes(r, 3) })
	if short > 0 {
		fmt.Printf("\n%d rows fall short.\n", short)
		os.Exit(1)
	}
}

// measureBytes measures each side in processes of their own: see bench.Row.HeldBytes.
func measureBytes(r bench.Row, pairs int) bench.Measurement {
	side := func(name string) func() float64 {
		return func() float64 {
			out, err := exec.Command(os.Args[0], "-hold", name).Output()
			if err != nil {
				panic(err)
			}
			bytes, err := strconv.ParseFloat(strings.TrimSpace(string(out)), 64)
			if err != nil {
				panic(err)
			}
			return bytes
		}
	}
	return bench.Compare(pairs, side(r.Work), side(r.Peer))
}

func heldBytes(what string) float64 {
	for _, r := range bench.MemoryRows() {
		switch what {
		case r.Work:
			return r.HeldBytes(r.Ours)
		case r.Peer:
			return r.HeldBytes(r.Theirs)
		}
	}
	panic("nothing holds " + what)
}
