// Command lint prints what blocklint costs beside go vet: on a large module with nothing cached, and again with nothing changed. It
// takes minutes, so it stands apart from the other figures.
package main

import (
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

func main() {
	module := flag.String("module", "golang.org/x/tools", "a `module` that the root or the fixtures depend on")
	again := flag.Int("again", 5, "how often to run each again; the median counts")
	flag.Parse()
	if err := run(*module, *again); err != nil {
		fmt.Fprintln(os.Stderr, "lint:", err)
		os.Exit(2)
	}
}

func run(module string, again int) error {
	tmp, err := os.MkdirTemp("", "lint")
	if err != nil {
		return err
	}
	defer os.RemoveAll(tmp)
	var out []byte
	for _, dir := range []string{"..", "../testdata"} {
		list := exec.Command("go", "list", "-m", "-f", "{{.Dir}}", module)
		list.Dir = dir
		if out, err = list.Output(); err == nil {
			break
		}
	}
	if err != nil {
		return fmt.Errorf("go list -m %s: %w", module, err)
	}
	// A module in the cache cannot be the main one.
	src := filepath.Join(tmp, "src")
	if err := os.CopyFS(src, os.DirFS(strings.TrimSpace(string(out)))); err != nil {
		return err
	}
	tool := filepath.Join(tmp, "blocklint.exe")
	build := exec.Command("go", "build", "-o", tool, "./cmd/blocklint")
	build.Dir = ".."
	if out, err := build.CombinedOutput(); err != nil {
		return fmt.Errorf("go build: %w\n%s", err, out)
	}

	ours := &side{dir: src, cache: filepath.Join(tmp, "ours"), command: []string{tool, "./..."}}
	theirs := &side{dir: src, cache: filepath.Join(tmp, "theirs"), command: []string{"go", "vet", "./..."}}
	a, b := ours.cpu(), theirs.cpu()
	print := func(row int, what string, a, b time.Duration, bar float64) {
		fmt.Printf("%2d  blocklint %-8s %7.2f s   go vet %7.2f s   ratio %.2f   bar %.1f\n", row, what, a.Seconds(), b.Seconds(), a.Seconds()/b.Seconds(), bar)
	}
	fmt.Printf("%s, user and system time\n", module)
	print(24, "cold", a, b, 1.5)
	var as, bs []time.Duration
	for range again {
		as, bs = append(as, ours.cpu()), append(bs, theirs.cpu())
	}
	slices.Sort(as)
	slices.Sort(bs)
	print(25, "again", as[len(as)/2], bs[len(bs)/2], 1.2)
	return nil
}

// A side is one of the two tools, with a build cache of its own.
type side struct {
	dir, cache string
	command    []string
}

// cpu runs the tool and returns the processor time that it and what it
// started took: elapsed time says more about who else uses the machine.
func (s *side) cpu() time.Duration {
	cmd := exec.Command(s.command[0], s.command[1:]...)
	cmd.Dir = s.dir
	cmd.Env = append(os.Environ(), "GOCACHE="+s.cache, "GOWORK=off")
	if out, err := cmd.CombinedOutput(); err != nil && cmd.ProcessState.ExitCode() != 1 { // 1: there are findings
		fmt.Fprintf(os.Stderr, "lint: %v: %v\n%s", s.command, err, out)
		os.Exit(2)
	}
	return cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()
}
