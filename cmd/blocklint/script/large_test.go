package script

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
)

// newProgram makes a module of packages with tasks, each with sleeps. Package
// n imports package n-1 and calls it.
func newProgram(t testing.TB, packages, tasks, sleeps int) string {
	t.Helper()
	dir := t.TempDir()
	if err := newModule(dir); err != nil {
		t.Fatal(err)
	}
	for p := range packages {
		var b strings.Builder
		fmt.Fprintf(&b, "package p%d\n\nimport (\n\t\"context\"\n\t\"time\"\n\n\t\"github.com/seed6bcf1587/coop/hub\"\n", p)
		if p > 0 {
			fmt.Fprintf(&b, "\n\t\"example.com/app/p%d\"\n", p-1)
		}
		b.WriteString(")\n\nfunc Start(ctx context.Context) {\n")
		if p > 0 {
			fmt.Fprintf(&b, "\tp%d.Start(ctx)\n", p-1)
		}
		for range tasks {
			b.WriteString("\thub.Go(ctx, func(ctx context.Context) error {\n" + strings.Repeat("\t\ttime.Sleep(1)\n", sleeps) + "\t\treturn nil\n\t})\n")
		}
		b.WriteString("\t_ = time.Second\n}\n")
		name := filepath.Join(dir, fmt.Sprintf("p%d", p), "p.go")
		if err := os.Mkdir(filepath.Dir(name), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte(b.String()), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func run(dir string, args ...string) (stdout, stderr []byte, status int) {
	cmd := exec.Command(tool(), args...)
	cmd.Dir = dir
	var out, errs bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errs
	_ = cmd.Run() // the status says it
	return out.Bytes(), errs.Bytes(), cmd.ProcessState.ExitCode()
}

// TestLimits checks 10,000 findings against what GitHub's code scanning takes
// in one file, and what it shows of it.
func TestLimits(t *testing.T) {
	dir := newProgram(t, 1, 100, 100)
	out, errs, status := run(dir, "-format=sarif")
	if want := "blocklint: 10000 findings: GitHub shows the first 5000\n"; status != 1 || string(errs) != want {
		t.Fatalf("status %d, %q; want 1 and %q", status, errs, want)
	}
	if err := checkSARIF(out); err != nil {
		t.Error(err)
	}
	var packed bytes.Buffer
	z := gzip.NewWriter(&packed)
	if _, err := z.Write(out); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	t.Logf("%d bytes, %d compressed", len(out), packed.Len())
	if packed.Len() > 10_000_000 {
		t.Errorf("%d bytes, compressed; GitHub takes 10 MB", packed.Len())
	}
	var log struct {
		Runs []struct {
			Tool struct {
				Driver struct {
					Rules []struct{ Properties struct{ Tags []string } }
				}
			}
			Results []struct {
				Locations []json.RawMessage
				CodeFlows []struct {
					ThreadFlows []struct{ Locations []json.RawMessage }
				}
				PartialFingerprints map[string]string
			}
		}
	}
	if err := json.Unmarshal(out, &log); err != nil {
		t.Fatal(err)
	}
	if len(log.Runs) != 1 || len(log.Runs[0].Results) != 10_000 {
		t.Fatalf("%d runs, %d results", len(log.Runs), len(log.Runs[0].Results))
	}
	for _, r := range log.Runs[0].Tool.Driver.Rules {
		if n := len(r.Properties.Tags); n > 10 {
			t.Errorf("a rule has %d tags, of which GitHub shows 10", n)
		}
	}
	prints := make(map[string]bool)
	for _, r := range log.Runs[0].Results {
		if len(r.Locations) != 1 || len(r.CodeFlows) != 1 || len(r.CodeFlows[0].ThreadFlows[0].Locations) > 1000 {
			t.Fatalf("%d locations, %d flows", len(r.Locations), len(r.CodeFlows))
		}
		prints[r.PartialFingerprints["primaryLocationLineHash"]] = true
	}
	if len(prints) != 10_000 {
		t.Errorf("%d fingerprints for 10,000 findings", len(prints))
	}

	// More than GitHub takes at all: the rest is left out, and that is said.
	dir = newProgram(t, 3, 100, 100)
	out, errs, status = run(dir, "-format=sarif")
	if want := "blocklint: 5000 findings left out: GitHub refuses a file with more than 25000\n"; status != 1 || string(errs) != want {
		t.Fatalf("status %d, %q; want 1 and %q", status, errs, want)
	}
	if n := bytes.Count(out, []byte(`"ruleId"`)); n != 25_000 {
		t.Errorf("%d results, want 25,000", n)
	}
}

// TestAtOnce runs the tool several times at once in one module: each prints
// what it prints alone, and the baseline that they all write is whole.
func TestAtOnce(t *testing.T) {
	dir := newProgram(t, 5, 2, 2)
	alone, _, _ := run(dir, "-format=json")
	type outcome struct{ stdout, stderr string }
	for _, args := range [][]string{{"-format=json"}, {"-format=json", "-baseline=known.txt"}} {
		outcomes := make([]outcome, 6)
		var wg sync.WaitGroup
		for i := range outcomes {
			wg.Go(func() {
				stdout, stderr, _ := run(dir, args...)
				outcomes[i] = outcome{string(stdout), string(stderr)}
			})
		}
		wg.Wait()
		for _, o := range outcomes {
			// With the baseline, a run sees all or, when another was faster, nothing.
			held := len(args) > 1 && strings.Contains(o.stdout, `"findings": []`) && o.stderr == ""
			if o.stdout != string(alone) && !held {
				t.Errorf("%v: another result than alone:\n%s%s", args, o.stdout, o.stderr)
			}
		}
	}
	if stdout, stderr, status := run(dir, "-baseline=known.txt"); status != 0 || len(stdout)+len(stderr) > 0 {
		t.Errorf("status %d, %s%s: the baseline is not whole", status, stdout, stderr)
	}
	left, err := filepath.Glob(filepath.Join(dir, ".blocklint-*"))
	if err != nil || len(left) > 0 {
		t.Errorf("temporary files are left: %v %v", left, err)
	}
}
