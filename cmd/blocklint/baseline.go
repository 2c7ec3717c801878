package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
)

// A baseline is a file of findings that are known: a line of words on what
// was checked, and one line a finding, with its fingerprint, its package
// and, for readers, what it is. The lines are sorted and have no line
// numbers in them, so that changes to the file are changes of findings.
type baseline struct {
	checked string // the options that narrow what is found
	entries []entry
}

type entry struct{ fingerprint, pkg, text string }

const baselineHead = "# blocklint baseline 1: "

// fingerprintForm is what a fingerprint looks like.
var fingerprintForm = regexp.MustCompile(`^[0-9a-f]{20}:[1-9][0-9]*$`)

// checked describes the options that say what is looked for.
func checked(o *options) string {
	return fmt.Sprintf("-min=%s -profile=%s -tests=%t -tags=%s", o.min, o.profile, o.tests, o.tags)
}

// holdTo returns the findings that the file does not have. A file that does
// not exist is written; all findings are new then, so that a mistyped name
// does not let a build pass. With complete, every finding of the packages is
// at hand, and entries without one are reported as fixed.
func holdTo(file string, findings []finding, complete bool, o *options, stderr io.Writer) ([]finding, error) {
	old, err := readBaseline(file)
	if errors.Is(err, fs.ErrNotExist) {
		if !complete {
			return nil, fmt.Errorf("%s: no such file: write it without -new-from first", file)
		}
		b := newBaseline(findings, o)
		if err := b.write(file); err != nil {
			return nil, err
		}
		fmt.Fprintf(stderr, "blocklint: wrote %s with %s; with it in place only what is new is reported\n", file, count(len(b.entries), "finding"))
		return findings, nil
	} else if err != nil {
		return nil, err
	}
	known := make(map[string]bool)
	for _, e := range old.entries {
		known[e.fingerprint] = true
	}
	still := make(map[string]bool)
	var fresh []finding
	for _, f := range findings {
		if still[f.Fingerprint] = true; !known[f.Fingerprint] {
			fresh = append(fresh, f)
		}
	}
	if complete && old.checked == checked(o) {
		old.reportFixed(file, still, o, stderr)
	}
	return fresh, nil
}

// reportFixed names the entries that nothing was found for. Only the
// packages of this run count.
func (b *baseline) reportFixed(file string, still map[string]bool, o *options, stderr io.Writer) {
	var fixed []entry
	for _, e := range b.entries {
		if !still[e.fingerprint] {
			fixed = append(fixed, e)
		}
	}
	if len(fixed) == 0 {
		return
	}
	packages, gone := packagesOf(o, fixed)
	fixed = slices.DeleteFunc(fixed, func(e entry) bool { return !packages[e.pkg] && !gone[e.pkg] })
	for _, e := range fixed {
		fmt.Fprintf(stderr, "blocklint: fixed: %s: %s\n", e.pkg, e.text)
	}
	if len(fixed) > 0 {
		fmt.Fprintf(stderr, "blocklint: %s of %s fixed: delete the lines, or what is fixed may come back unseen\n", count(len(fixed), "entry"), file)
	}
}

// packagesOf returns the packages that the patterns of this run match, and
// those of the entries that do not exist any more.
func packagesOf(o *options, entries []entry) (matched, gone map[string]bool) {
	matched, gone = make(map[string]bool), make(map[string]bool)
	path, err := gocmd()
	if err != nil {
		return matched, gone
	}
	listed := func(flags []string, patterns ...string) []byte {
		args := append(append([]string{"list"}, o.build()...), flags...)
		out, _ := exec.Command(path, append(append(args, "--"), patterns...)...).Output()
		return out
	}
	for p := range strings.FieldsSeq(string(listed(nil, o.patterns...))) {
		matched[p] = true
	}
	var names []string
	for _, e := range entries {
		names = append(names, e.pkg)
	}
	slices.Sort(names)
	for p := range strings.Lines(string(listed([]string{"-e", "-find", "-f", "{{if not .Dir}}{{.ImportPath}}{{end}}"}, slices.Compact(names)...))) {
		gone[strings.TrimSpace(p)] = true
	}
	return matched, gone
}

func newBaseline(findings []finding, o *options) *baseline {
	b := &baseline{checked: checked(o)}
	for _, f := range findings {
		text := f.head()
		if f.Root != nil {
			text += " from " + f.Root.Name
		}
		b.entries = append(b.entries, entry{f.Fingerprint, f.Package, text})
	}
	slices.SortFunc(b.entries, func(x, y entry) int {
		return slices.Compare([]string{x.pkg, x.text, x.fingerprint}, []string{y.pkg, y.text, y.fingerprint})
	})
	return b
}

// write replaces the file in one step: another run at the same time reads
// the old or the new one.
func (b *baseline) write(file string) error {
	var out bytes.Buffer
	fmt.Fprintf(&out, "%s%s\n", baselineHead, b.checked)
	for _, e := range b.entries {
		fmt.Fprintf(&out, "%s\t%s\t%s\n", e.fingerprint, e.pkg, e.text)
	}
	tmp, err := os.CreateTemp(filepath.Dir(file), ".blocklint-*")
	if err != nil {
		return fmt.Errorf("%s: %w", file, errors.Unwrap(err))
	}
	defer os.Remove(tmp.Name())
	_, err = tmp.Write(out.Bytes())
	err = errors.Join(err, tmp.Chmod(0o644), tmp.Close())
	if err == nil {
		err = os.Rename(tmp.Name(), file)
	}
	return err
}

func readBaseline(file string) (*baseline, error) {
	if st, err := os.Stat(file); err != nil {
		return nil, err
	} else if !st.Mode().IsRegular() { // a device may never end
		return nil, fmt.Errorf("%s: not a regular file", file)
	}
	data, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	b := new(baseline)
	n := 0
	for line := range strings.Lines(string(data)) {
		n++
		line = strings.TrimRight(line, "\r\n")
		if n == 1 {
			var ok bool
			if b.checked, ok = strings.CutPrefix(line, baselineHead); !ok {
				return nil, fmt.Errorf("%s:1: no baseline of this version: delete it and write it anew", file)
			}
			continue
		}
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		fields := strings.SplitN(line, "\t", 3)
		if len(fields) != 3 || !fingerprintForm.MatchString(fields[0]) {
			return nil, fmt.Errorf("%s:%d: not an entry, which is a fingerprint, a package and a text with tabs between them", file, n)
		}
		b.entries = append(b.entries, entry{fields[0], fields[1], fields[2]})
	}
	if n == 0 {
		return nil, fmt.Errorf("%s: empty: delete it and write it anew", file)
	}
	return b, nil
}

// count says "1 finding", "2 findings", "2 entries".
func count(n int, noun string) string {
	if n != 1 {
		if stem, ok := strings.CutSuffix(noun, "y"); ok {
			noun = stem + "ie"
		}
		noun += "s"
	}
	return fmt.Sprintf("%d %s", n, noun)
}
