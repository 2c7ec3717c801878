// Command gevent prints what the hub takes for a switch, for a task and for a value through a queue, beside what Python's gevent takes for the same. It needs
// a Python that has gevent, such as Debian's package python3-gevent, and says so where there is none.
package main

import (
	_ "embed"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"strconv"
	"strings"
	"time"

	"github.com/seed6bcf1587/coop/bench"
)

//go:embed gevent.py
var script string

func main() {
	theirs, err := gevent()
	if err != nil {
		fmt.Printf("Not beside gevent: %v.\n", err)
	}
	fmt.Printf("%s, %s %s/%s, %d CPUs; gevent %s\n\n", time.Now().Format(time.DateOnly), runtime.Version(), runtime.GOOS, runtime.GOARCH, runtime.NumCPU(),
		theirs["version"])
	fmt.Printf("%-32s %8s   %-37s %8s  %6s\n", "ours", "ns", "gevent's", "ns", "ratio")
	for _, f := range bench.BesideGevent() {
		ours := f.Median(200_000, 7)
		n, err := strconv.ParseFloat(theirs[f.Name], 64)
		if err != nil {
			fmt.Printf("%-32s %8.0f   %-37s %8s\n", f.Ours, ours, f.Theirs, "-")
			continue
		}
		fmt.Printf("%-32s %8.0f   %-37s %8.0f  %6.3f\n", f.Ours, ours, f.Theirs, n, ours/n)
	}
}

// gevent returns what the script prints, by the names in it.
func gevent() (map[string]string, error) {
	figures := map[string]string{"version": "-"}
	// The first python3 in the path may be another one than Debian's, for which Debian's packages are.
	for _, python := range []string{"python3", "/usr/bin/python3"} {
		cmd := exec.Command(python, "-c", script)
		cmd.Stderr = os.Stderr
		out, err := cmd.Output()
		var exit *exec.ExitError
		if errors.As(err, &exit) && exit.ExitCode() == 3 || errors.Is(err, exec.ErrNotFound) || errors.Is(err, os.ErrNotExist) {
			continue // no gevent, or no Python
		}
		if err != nil {
			return figures, fmt.Errorf("%s: %w", python, err)
		}
		for line := range strings.Lines(string(out)) {
			name, value, _ := strings.Cut(strings.TrimSpace(line), "\t")
			figures[name] = value
		}
		return figures, nil
	}
	return figures, errors.New("no Python here has gevent: apt-get install python3-gevent")
}
