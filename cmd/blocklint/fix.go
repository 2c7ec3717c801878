package main

import (
	"bytes"
	"io"
	"os"
	"path/filepath"
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
			_, _ = io.WriteString(stdout, relativeDiff(out.String()))
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

// relativeDiff makes the file names in a diff relative to the working
// directory, as patch wants them.
func relativeDiff(diff string) string {
	wd, err := os.Getwd()
	if err != nil {
		return diff
	}
	var b strings.Builder
	for line := range strings.Lines(diff) {
		for _, mark := range []string{"--- ", "+++ "} {
			if name, ok := strings.CutPrefix(line, mark+wd+string(filepath.Separator)); ok {
				line = mark + name
			}
		}
		b.WriteString(line)
	}
	return b.String()
}
