// Command ratios prints how coop compares with its peers, beside the bars that it holds itself to, and exits with status 1 when one
// falls short.
package main

import (
	"flag"
	"fmt"
	"os"
	"runtime"
	"time"

	"github.com/seed6bcf1587/coop/bench"
)

func main() {
	first := flag.Int("from", 0, "first row; 0 is what has no bar")
	last := flag.Int("to", 99, "last row")
	pairs := flag.Int("pairs", 15, "pairs of runs; the median counts")
	flag.Parse()

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
	show(bench.MemoryRows(), "B", func(r bench.Row) bench.Measurement { return r.MeasureBytes(3) })
	if short > 0 {
		fmt.Printf("\n%d rows fall short.\n", short)
		os.Exit(1)
	}
}
