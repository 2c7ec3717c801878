package main

import (
	"bytes"
	"errors"
	"fmt"
	"math"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"

	"github.com/seed6bcf1587/coop/analyzer"
)

// changes holds the lines that differ from a git revision, by absolute file
// name. A nil map is no comparison at all.
type changes map[string][]lines

// lines is a range of line numbers, both included.
type lines struct{ first, last int }

// changesSince compares the work tree with rev. Files that git does not
// know yet, and does not ignore, are new.
func changesSince(rev string) (changes, error) {
	if rev == "" {
		return nil, nil
	}
	top, err := git(".", "rev-parse", "--show-toplevel")
	if err != nil {
		return nil, err
	}
	dir := strings.TrimRight(top, "\r\n")
	commit, err := git(dir, "rev-parse", "--verify", "--quiet", "--end-of-options", rev+"^{commit}")
	if err != nil {
		return nil, errors.New("git knows no such revision: in a shallow clone, fetch it first")
	}
	diff, err := git(dir, "-c", "core.quotePath=false", "diff", "--unified=0", "--find-renames", "--no-color", "--no-ext-diff", "--no-textconv",
		"--src-prefix=a/", "--dst-prefix=b/", strings.TrimSpace(commit), "--", "*.go")
	if err != nil {
		return nil, err
	}
	fresh, err := git(dir, "ls-files", "-z", "--others", "--exclude-standard", "--", "*.go")
	if err != nil {
		return nil, err
	}
	c := make(changes)
	c.read(dir, diff)
	for name := range strings.SplitSeq(fresh, "\x00") {
		if name != "" {
			c.add(filepath.Join(dir, name), lines{1, math.MaxInt})
		}
	}
	return c, nil
}

func git(dir string, args ...string) (string, error) {
	cmd := exec.Command("git", append([]string{"-C", dir}, args...)...)
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if errors.Is(err, exec.ErrNotFound) {
		return "", errors.New("cannot find git: install it, or add the directory that holds it to PATH")
	}
	if err != nil {
		first, _, _ := strings.Cut(strings.TrimSpace(stderr.String()), "\n")
		return "", fmt.Errorf("git %s: %s", args[0], strings.TrimPrefix(first, "fatal: "))
	}
	return string(out), nil
}

// hunk matches the head of a hunk: the lines that it has in the new file.
var hunk = regexp.MustCompile(`^@@ -\S+ \+(\d+)(?:,(\d+))? @@`)

// read reads a unified diff without context.
func (c changes) read(dir, diff string) {
	file := ""
	header := false // in the lines above the first hunk of a file
	for line := range strings.Lines(diff) {
		line = strings.TrimRight(line, "\r\n")
		if strings.HasPrefix(line, "diff --git ") {
			file, header = "", true
		}
		if name, ok := strings.CutPrefix(line, "+++ "); ok && header {
			if unquoted, err := strconv.Unquote(name); err == nil {
				name = unquoted
			}
			if name, ok := strings.CutPrefix(strings.TrimSuffix(name, "\t"), "b/"); ok {
				file = filepath.Join(dir, filepath.FromSlash(name))
			}
		}
		m := hunk.FindStringSubmatch(line)
		if m == nil {
			continue
		}
		header = false
		if file == "" {
			continue // the file was deleted
		}
		first, _ := strconv.Atoi(m[1])
		n := 1
		if m[2] != "" {
			n, _ = strconv.Atoi(m[2])
		}
		if n == 0 {
			n = 2 // lines were deleted: those on both sides of the gap count
		}
		c.add(file, lines{first, first + n - 1})
	}
}

func (c changes) add(file string, l lines) {
	file = realPath(file)
	c[file] = append(c[file], l)
}

// realPath returns the file's name without symbolic links, as the work tree
// of git is named.
func realPath(file string) string {
	if real, err := filepath.EvalSymlinks(file); err == nil {
		return real
	}
	return file
}

// touches reports whether a line of f is among the changes: of its
// operation, of a call on the way there, of its root, or of what made it
// one.
func (c changes) touches(f *finding) bool {
	for _, p := range f.places() {
		if c.touch(*p) {
			return true
		}
	}
	return false
}

func (c changes) touch(p analyzer.Place) bool {
	file, err := filepath.Abs(filepath.FromSlash(p.File))
	if err != nil {
		return false
	}
	for _, l := range c[realPath(file)] {
		if l.first <= max(p.Line, p.EndLine) && p.Line <= l.last {
			return true
		}
	}
	return false
}
