package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"slices"
	"strings"

	"github.com/seed6bcf1587/coop/analyzer"
)

// A result is what one run over some packages gave.
type result struct {
	findings []finding // what is wrong
	roots    []finding
	whys     []finding
	config   []string // what is wrong with the configuration
	notes    []string // with that of other modules
	err      error    // why it is not complete
}

// gocmd finds the go command.
func gocmd() (string, error) {
	path, err := exec.LookPath("go")
	if err != nil {
		return "", errors.New("cannot find the go command: install Go, or add the directory that holds it to PATH")
	}
	return path, nil
}

// vetCommand lets the go command run this very program as its vet tool. So
// both ways to run it give the same findings, and the go command's cache
// keeps facts and findings of what did not change.
func vetCommand(o *options, vetFlags, patterns []string) (*exec.Cmd, error) {
	path, err := gocmd()
	if err != nil {
		return nil, err
	}
	self, err := os.Executable()
	if err != nil {
		return nil, fmt.Errorf("cannot find this program: %w", err)
	}
	args := append([]string{"vet", "-vettool=" + self}, o.build()...)
	args = append(args, fmt.Sprintf("-blocklint.tests=%t", o.tests), "-blocklint.min="+o.min)
	if o.profile != "" {
		args = append(args, "-blocklint.profile="+o.profile)
	}
	return exec.Command(path, append(append(append(args, vetFlags...), "--"), patterns...)...), nil
}

// vet runs the analysis.
func vet(o *options, patterns []string, progress io.Writer, vetFlags ...string) result {
	cmd, err := vetCommand(o, append([]string{"-json", "-blocklint.detail"}, vetFlags...), patterns)
	if err != nil {
		return result{err: err}
	}
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		return result{err: err}
	}
	if err := cmd.Start(); err != nil {
		return result{err: fmt.Errorf("cannot run the go command: %w", err)}
	}
	meter := startMeter(progress)
	res := decode(stdout, meter)
	_, _ = io.Copy(io.Discard, stdout) // after an error: let it end
	runErr := cmd.Wait()
	meter.stop()

	locate(cmd.Path, o.build(), res.findings)
	locate(cmd.Path, o.build(), res.roots)
	locate(cmd.Path, o.build(), res.whys)
	res.findings, res.roots, res.whys = oneEach(sortedUnique(res.findings)), sortedUnique(res.roots), sortedUnique(res.whys)
	mark(res.findings)
	slices.Sort(res.notes)
	for _, note := range slices.Compact(res.notes) {
		fmt.Fprintf(progress, "blocklint: warning: %s\n", nearNames(note))
	}
	if runErr != nil {
		res.err = goError(stderr.String(), runErr)
	} else if res.err == nil {
		res.err = unmatched(stderr.String())
	}
	if len(res.config) > 0 && res.err == nil {
		res.findings = nil // as for a configuration that cannot be read
		res.err = errors.New(nearNames(slices.Min(res.config)))
	}
	return res
}

// jsonDiagnostic is what the vet tool prints for each diagnostic.
type jsonDiagnostic struct {
	Message string `json:"message"`
	Related []struct {
		Message string `json:"message"`
	} `json:"related"`
}

// decode reads the output of the vet tool: one object for each package,
// which maps the package to the analyzer to the diagnostics or the error.
func decode(r io.Reader, meter *meter) result {
	var res result
	dec := json.NewDecoder(r)
	for {
		var tree map[string]map[string]json.RawMessage
		if err := dec.Decode(&tree); err == io.EOF {
			return res
		} else if err != nil {
			res.err = fmt.Errorf("cannot read what go vet printed: %w", err)
			return res
		}
		for pkg, byAnalyzer := range tree {
			meter.add(pkg)
			for _, raw := range byAnalyzer {
				var diags []jsonDiagnostic
				if err := json.Unmarshal(raw, &diags); err != nil {
					var failure struct {
						Err string `json:"error"`
					}
					_ = json.Unmarshal(raw, &failure)
					res.err = fmt.Errorf("%s: %s", pkg, nearNames(failure.Err))
					continue
				}
				for _, d := range diags {
					res.add(d)
				}
			}
		}
	}
}

func (res *result) add(d jsonDiagnostic) {
	if len(d.Related) == 0 {
		return
	}
	f, ok := analyzer.FindingOf(d.Related[0].Message)
	if !ok {
		return
	}
	switch f.Kind {
	case "config":
		res.config = append(res.config, f.Message)
	case "note":
		res.notes = append(res.notes, f.Message)
	case "root":
		res.roots = append(res.roots, finding{Finding: f})
	case "why":
		res.whys = append(res.whys, finding{Finding: f})
	default:
		res.findings = append(res.findings, finding{Finding: f})
	}
}

// unmatched reports a pattern that matched nothing, of which the go command
// only warns when another one matched.
func unmatched(stderr string) error {
	for line := range strings.Lines(stderr) {
		if strings.Contains(line, "matched no packages") {
			return goError(stderr, nil)
		}
	}
	return nil
}
