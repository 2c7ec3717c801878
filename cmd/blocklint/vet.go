package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strconv"
	"strings"
)

// A result is what one run over some packages gave.
type result struct {
	findings []finding
	roots    int
	err      error // why it is not complete
}

// vet lets the go command run this very program as its vet tool. So both
// ways to run it give the same findings, and the go command's cache keeps
// facts and findings of what did not change.
func vet(patterns []string, tests bool, least string) result {
	gocmd, err := exec.LookPath("go")
	if err != nil {
		return result{err: errors.New("cannot find the go command: install Go, or add the directory that holds it to PATH")}
	}
	self, err := os.Executable()
	if err != nil {
		return result{err: fmt.Errorf("cannot find this program: %w", err)}
	}
	args := append([]string{"vet", "-vettool=" + self, "-json", "-blocklint.detail", fmt.Sprintf("-blocklint.tests=%t", tests), "-blocklint.min=" + least}, patterns...)
	cmd := exec.Command(gocmd, args...)
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	runErr := cmd.Run()

	res := decode(&stdout)
	locate(gocmd, res.findings)
	res.findings = sortedUnique(res.findings)
	if runErr != nil {
		res.err = explain(stderr.String(), runErr)
	} else if res.err == nil {
		res.err = unmatched(stderr.String())
	}
	return res
}

// jsonDiagnostic is what the vet tool prints for each diagnostic.
type jsonDiagnostic struct {
	Category string `json:"category"`
	Posn     string `json:"posn"`
	Message  string `json:"message"`
	Related  []struct {
		Posn    string `json:"posn"`
		Message string `json:"message"`
	} `json:"related"`
}

// decode reads the output of the vet tool: one object for each package,
// which maps the package to the analyzer to the diagnostics or the error.
func decode(r io.Reader) result {
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
			for _, raw := range byAnalyzer {
				var diags []jsonDiagnostic
				if err := json.Unmarshal(raw, &diags); err != nil {
					var failure struct {
						Err string `json:"error"`
					}
					_ = json.Unmarshal(raw, &failure)
					res.err = fmt.Errorf("%s: %s", pkg, failure.Err)
					continue
				}
				for _, d := range diags {
					if d.Category == "roots" {
						n, _ := strconv.Atoi(d.Message)
						res.roots += n
						continue
					}
					res.findings = append(res.findings, newFinding(d))
				}
			}
		}
	}
}

// unmatched reports a pattern that matched nothing, of which the go command
// only warns when another one matched.
func unmatched(stderr string) error {
	for line := range strings.Lines(stderr) {
		if strings.Contains(line, "matched no packages") {
			return explain(stderr, nil)
		}
	}
	return nil
}
