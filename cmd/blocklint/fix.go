package main

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
)

// applyFixes lets the go command apply the suggested fixes, or print them,
// and then reports what is left.
func applyFixes(o *options, stdout, stderr io.Writer) int {
	flags := []string{"-fix"}
	if o.diff {
		flags = append(flags, "-diff")
	}
	cmd, err := vetCommand(o, flags, o.patterns)
	if err != nil {
		return fail(stderr, "%v", err)
	}
	var out, errs bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errs
	runErr := cmd.Run()
	if o.diff {
		if strings.Contains(out.String(), "\n+++ ") || strings.HasPrefix(out.String(), "--- ") {
			if _, err := io.WriteString(stdout, patchOf(out.String())); err != nil {
				return fail(stderr, "cannot write: %v", err)
			}
			return exitFindings
		}
		if runErr != nil {
			return fail(stderr, "%v", goError(errs.String(), runErr))
		}
		return exitClean
	}
	if runErr != nil {
		return fail(stderr, "%v", goError(errs.String(), runErr))
	}
	return check(o, stdout, stderr)
}

// hunkHead matches the head of a hunk.
var hunkHead = regexp.MustCompile(`^@@ -(\d+)(,\d+)? \+\d+(,\d+)? @@`)

// patchOf makes a patch for git apply of the diff that the driver prints: with
// names that are relative to the working directory, a/ or b/ before them and
// nothing behind, and with hunks that say right where they end up, which not
// every release of the driver gets right.
func patchOf(diff string) string {
	wd, _ := os.Getwd() // without it the names stay as they are
	var b strings.Builder
	shift := 0 // by which lines of this file have moved
	for line := range strings.Lines(diff) {
		if m := hunkHead.FindStringSubmatchIndex(line); m != nil {
			from, _ := strconv.Atoi(line[m[2]:m[3]])
			length := func(i int) (text string, n int) {
				if m[i] < 0 {
					return "", 1
				}
				n, _ = strconv.Atoi(line[m[i]+1 : m[i+1]])
				return line[m[i]:m[i+1]], n
			}
			oldText, old := length(4)
			newText, now := length(6)
			fmt.Fprintf(&b, "@@ -%d%s +%d%s @@%s", from, oldText, from+shift, newText, line[m[1]:])
			shift += now - old
			continue
		}
		for _, side := range []struct{ mark, label, dir string }{{"--- ", " (old)\n", "a/"}, {"+++ ", " (new)\n", "b/"}} {
			if name, ok := strings.CutPrefix(line, side.mark); ok && strings.HasSuffix(name, side.label) {
				name = strings.TrimSuffix(name, side.label)
				if rel, err := filepath.Rel(wd, name); err == nil {
					name = filepath.ToSlash(rel)
				}
				if strings.ContainsRune(name, ' ') {
					name += "\t" // as git does: other tools end the name at the space
				}
				line = side.mark + side.dir + name + "\n"
				shift = 0
			}
		}
		b.WriteString(line)
	}
	return b.String()
}
