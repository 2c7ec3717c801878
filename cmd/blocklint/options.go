package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/seed6bcf1587/coop/analyzer"
)

const usage = `Blocklint finds blocking calls that run on an event loop.

usage: blocklint [flags] [packages]                  packages: ./... by default
       go vet -vettool=$(which blocklint) [packages]

What to check
  -min LEVEL           definite, probable (default) or possible
  -profile NAMES       of the profiles that ship, use only these
  -tests=false         leave out what test files run on a loop
  -tags LIST, -C DIR   as for the go command
How to show it
  -format FORMAT       text, oneline, json, sarif, github, dot, svg or html
  -source              with source line and caret; by default on a terminal
Adopting it
  -baseline FILE       report what is not in FILE; write it if there is none
  -new-from REV        report what a change since that git revision touches
Understanding and fixing
  -roots               list what runs on a loop, and what says so
  -why PKG.FUNC        say why a function is said to block
  -explain CATEGORY    the harm, wrong and right code; all: the categories
  -fix, -diff          apply the suggested fixes, or print them
  -version, -h         the version; this text

Exit status: 0 clean, 1 findings, 2 could not run. More: docs/blocklint.md
`

// options is what the command line says.
type options struct {
	min, profile   string
	tests          bool
	tags, dir      string
	format, source string
	baseline       string
	newFrom        string
	roots          bool
	why, explain   string
	fix, diff      bool
	version        bool
	patterns       []string
}

// triState is a flag that is neither true nor false until it is given.
type triState struct{ value *string }

func (t triState) String() string   { return "" }
func (t triState) IsBoolFlag() bool { return true }
func (t triState) Set(s string) error {
	if s != "true" && s != "false" {
		return errors.New("write true or false")
	}
	*t.value = s
	return nil
}

func newFlagSet(o *options) *flag.FlagSet {
	fs := flag.NewFlagSet("blocklint", flag.ContinueOnError)
	fs.SetOutput(io.Discard) // an error is one line, which run prints
	fs.StringVar(&o.min, "min", "probable", "")
	fs.StringVar(&o.profile, "profile", "", "")
	fs.BoolVar(&o.tests, "tests", true, "")
	fs.StringVar(&o.tags, "tags", "", "")
	fs.StringVar(&o.dir, "C", "", "")
	fs.StringVar(&o.format, "format", "text", "")
	fs.Var(triState{&o.source}, "source", "")
	fs.StringVar(&o.baseline, "baseline", "", "")
	fs.StringVar(&o.newFrom, "new-from", "", "")
	fs.BoolVar(&o.roots, "roots", false, "")
	fs.StringVar(&o.why, "why", "", "")
	fs.StringVar(&o.explain, "explain", "", "")
	fs.BoolVar(&o.fix, "fix", false, "")
	fs.BoolVar(&o.diff, "diff", false, "")
	fs.BoolVar(&o.version, "version", false, "")
	return fs
}

// parseOptions reads the command line. The error is flag.ErrHelp if it asks
// for help.
func parseOptions(args []string) (*options, error) {
	o := new(options)
	fs := newFlagSet(o)
	if err := fs.Parse(args); errors.Is(err, flag.ErrHelp) {
		return nil, err
	} else if err != nil {
		return nil, fmt.Errorf("%w%s (blocklint -h lists the flags)", err, suggestFlag(fs, err.Error()))
	}
	for _, arg := range fs.Args() {
		if strings.HasPrefix(arg, "-") {
			return nil, fmt.Errorf("%s: flags come before packages", arg)
		}
	}
	if o.patterns = fs.Args(); len(o.patterns) == 0 {
		o.patterns = []string{"./..."}
	}
	return o, o.check(fs)
}

// check refuses values that do not exist, and flags that exclude each other
// or would be ignored.
func (o *options) check(fs *flag.FlagSet) error {
	if _, ok := formats[o.format]; !ok {
		return fmt.Errorf("-format %s: the formats are %s%s", o.format, list(formatNames), analyzer.Suggest(o.format, formatNames))
	}
	if levels := []string{"definite", "probable", "possible"}; !slices.Contains(levels, o.min) {
		return fmt.Errorf("-min %s: write definite, probable or possible%s", o.min, analyzer.Suggest(o.min, levels))
	}
	if o.profile != "" {
		names := profileNames()
		for name := range strings.SplitSeq(o.profile, ",") {
			if !slices.Contains(names, name) {
				return fmt.Errorf("-profile %s: the profiles are %s%s", name, list(names), analyzer.Suggest(name, names))
			}
		}
	}
	var modes, empty []string
	given := make(map[string]bool)
	fs.Visit(func(f *flag.Flag) {
		given[f.Name] = true
		if f.Value.String() == "" && slices.Contains([]string{"baseline", "new-from", "why", "explain", "C"}, f.Name) {
			empty = append(empty, f.Name)
		}
		if slices.Contains([]string{"roots", "why", "explain", "fix", "diff", "version"}, f.Name) && f.Value.String() != "false" {
			modes = append(modes, "-"+f.Name)
		}
	})
	if len(empty) > 0 { // often a command in a script that failed
		return fmt.Errorf("-%s: the value is empty", empty[0])
	}
	if len(modes) > 1 {
		return fmt.Errorf("%s and %s cannot be given together", modes[0], modes[1])
	}
	if len(modes) == 0 {
		return nil
	}
	for _, name := range []string{"baseline", "new-from"} {
		if given[name] {
			return fmt.Errorf("-%s and %s cannot be given together", name, modes[0])
		}
	}
	if o.format != "text" && !o.fix && !(o.format == "json" && (o.roots || o.why != "")) {
		return fmt.Errorf("%s prints no %s", modes[0], o.format)
	}
	return nil
}

func suggestFlag(fs *flag.FlagSet, message string) string {
	_, name, ok := strings.Cut(message, "not defined: -")
	if !ok {
		return ""
	}
	var names []string
	fs.VisitAll(func(f *flag.Flag) { names = append(names, "-"+f.Name) })
	return analyzer.Suggest("-"+name, names)
}

// build returns the flags that the go command is to have as well.
func (o *options) build() []string {
	if o.tags == "" {
		return nil
	}
	return []string{"-tags=" + o.tags}
}

func profileNames() []string {
	var out []string
	for _, p := range analyzer.Profiles() {
		out = append(out, p.Name)
	}
	return out
}

// list joins names the way one says them.
func list(names []string) string {
	last := len(names) - 1
	return strings.Join(names[:last], ", ") + " and " + names[last]
}
