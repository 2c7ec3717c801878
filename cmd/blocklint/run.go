package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"golang.org/x/tools/go/analysis/unitchecker"

	"github.com/seed6bcf1587/coop/analyzer"
)

// Exit statuses.
const (
	exitClean    = 0
	exitFindings = 1
	exitFailed   = 2
)

// run is the whole command. It returns the exit status.
func run(args []string, stdout, stderr io.Writer) int {
	if slices.Contains(args, "-V=full") {
		return printVetVersion(stdout, stderr)
	}
	if isVetProtocol(args) {
		unitchecker.Main(analyzer.Analyzer) // does not return
	}
	o, err := parseOptions(args)
	if errors.Is(err, flag.ErrHelp) {
		fmt.Fprint(stdout, usage)
		return exitClean
	} else if err != nil {
		return fail(stderr, "%v", err)
	}
	switch {
	case o.version:
		return printVersion(stdout)
	case o.explain != "":
		return explain(o.explain, stdout, stderr)
	}
	if o.dir != "" {
		if err := os.Chdir(o.dir); err != nil {
			return fail(stderr, "-C %s: %v", o.dir, errors.Unwrap(err))
		}
	}
	if wd, err := os.Getwd(); err == nil {
		if err := analyzer.CheckConfig(wd); err != nil {
			return fail(stderr, "%s", nearNames(err.Error()))
		}
	}
	switch {
	case o.roots:
		return printRoots(o, stdout, stderr)
	case o.why != "":
		return printWhy(o, stdout, stderr)
	case o.fix, o.diff:
		return applyFixes(o, stdout, stderr)
	}
	return check(o, stdout, stderr)
}

// check reports what blocks.
func check(o *options, stdout, stderr io.Writer) int {
	changed, err := changesSince(o.newFrom)
	if err != nil {
		return fail(stderr, "-new-from %s: %v", o.newFrom, err)
	}
	res := vet(o, o.patterns, stderr)
	if res.err != nil {
		// What could be checked is shown all the same, but a baseline would
		// be wrong for good.
		o.baseline = ""
	}
	findings := res.findings
	if changed != nil {
		findings = slices.DeleteFunc(findings, func(f finding) bool { return !changed.touches(&f) })
	}
	if o.baseline != "" {
		if findings, err = holdTo(o.baseline, findings, changed == nil, o, stderr); err != nil {
			return fail(stderr, "-baseline %v", err)
		}
	}
	r := &report{findings: findings, roots: len(res.roots), palette: paletteFor(stdout)}
	r.source = o.source == "true" || o.source == "" && isTerminal(stdout)
	if err := formats[o.format](stdout, r); err != nil {
		return fail(stderr, "cannot write: %v", err)
	}
	for _, note := range r.notes {
		fmt.Fprintf(stderr, "blocklint: %s\n", note)
	}
	switch {
	case res.err != nil:
		return fail(stderr, "%v", res.err)
	case len(findings) > 0:
		return exitFindings
	}
	noteRoots(o, res.roots, stderr)
	return exitClean
}

// noteRoots says so when it is no wonder that nothing was found.
func noteRoots(o *options, roots []finding, stderr io.Writer) {
	if len(roots) == 0 && o.profile == "" {
		fmt.Fprintln(stderr, "blocklint: no root found: nothing here starts a task or runs on an event loop that blocklint knows")
		return
	}
	if o.profile == "" {
		return
	}
	var idle []string
	for name := range strings.SplitSeq(o.profile, ",") {
		if !slices.ContainsFunc(roots, func(f finding) bool { return f.Root.Profile == name }) {
			idle = append(idle, name)
		}
	}
	if len(idle) > 0 {
		fmt.Fprintf(stderr, "blocklint: no root found by profile %s: nothing here runs on such a loop\n", strings.Join(idle, ", "))
	}
}

// isVetProtocol reports whether the go command is calling: it asks for the
// tool's version and flags, and then names one configuration file a package.
func isVetProtocol(args []string) bool {
	return slices.Contains(args, "-flags") || len(args) > 0 && strings.HasSuffix(args[len(args)-1], ".cfg")
}

func fail(stderr io.Writer, format string, args ...any) int {
	fmt.Fprintf(stderr, "blocklint: "+format+"\n", args...)
	return exitFailed
}
