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

const usage = `Blocklint finds blocking calls that run on an event loop.

Usage:
    blocklint [flags] [packages]                   packages default to ./...
    go vet -vettool=$(which blocklint) [packages]

Flags:
    -format text       each finding with its path, at the blocking call (default)
    -format oneline    one line a finding, as go vet prints it
    -min probable      report what is at least definite, probable or possible
    -tests=false       leave out what test files run on a loop
    -h                 this text

Exit status: 0 nothing found, 1 findings, 2 could not run.

Directives, on the line above a declaration or a statement:
    //blocklint:nonblocking            this function runs on a loop
    //blocklint:task fn                the argument fn runs as a task on a loop
    //blocklint:offload fn             the argument fn runs elsewhere
    //blocklint:cooperative            parks the task, does not stall the loop
    //blocklint:blocking net reason    blocks, whatever the body looks like
    //blocklint:ignore chan reason     accept this finding, here
Categories: sleep chan select lock wait net file exec db stdio syscall cgo ctx
    held spin loop
`

// run is the whole command. It returns the exit status.
func run(args []string, stdout, stderr io.Writer) int {
	if slices.Contains(args, "-V=full") {
		return printVersion(stdout, stderr)
	}
	if isVetProtocol(args) {
		unitchecker.Main(analyzer.Analyzer) // does not return
	}
	fs := flag.NewFlagSet("blocklint", flag.ContinueOnError)
	fs.SetOutput(io.Discard) // errors are one line, printed below
	format := fs.String("format", "text", "")
	tests := fs.Bool("tests", true, "")
	least := fs.String("min", "probable", "")
	if err := fs.Parse(args); errors.Is(err, flag.ErrHelp) {
		fmt.Fprint(stdout, usage)
		return exitClean
	} else if err != nil {
		return fail(stderr, "%v (blocklint -h lists the flags)", err)
	}
	if *format != "text" && *format != "oneline" {
		return fail(stderr, "-format %s: the formats are text and oneline", *format)
	}
	if !slices.Contains([]string{"definite", "probable", "possible"}, *least) {
		return fail(stderr, "-min %s: write definite, probable or possible", *least)
	}
	for _, arg := range fs.Args() {
		if strings.HasPrefix(arg, "-") {
			return fail(stderr, "%s: flags come before packages", arg)
		}
	}
	patterns := fs.Args()
	if len(patterns) == 0 {
		patterns = []string{"./..."}
	}

	if wd, err := os.Getwd(); err == nil {
		if err := analyzer.CheckConfig(wd); err != nil {
			return fail(stderr, "%v", err)
		}
	}
	res := vet(patterns, *tests, *least)
	if *format == "oneline" {
		printOneLine(stdout, res.findings)
	} else {
		printText(stdout, res.findings)
	}
	switch {
	case res.err != nil:
		return fail(stderr, "%v", res.err)
	case len(res.findings) > 0:
		return exitFindings
	case res.roots == 0:
		fmt.Fprintln(stderr, "blocklint: no root found: nothing here starts a task or runs on an event loop that blocklint knows")
	}
	return exitClean
}

// isVetProtocol reports whether the go command is calling: it asks for the
// tool's version and flags, and then names one configuration file a package.
func isVetProtocol(args []string) bool {
	return slices.Contains(args, "-V=full") || slices.Contains(args, "-flags") ||
		len(args) > 0 && strings.HasSuffix(args[len(args)-1], ".cfg")
}

func fail(stderr io.Writer, format string, args ...any) int {
	fmt.Fprintf(stderr, "blocklint: "+format+"\n", args...)
	return exitFailed
}
