package main

import (
	"fmt"
	"regexp"
	"strings"
)

// compileError matches file:line:col: message, perhaps after "vet: ".
var compileError = regexp.MustCompile(`^(?:vet: )?(?:\./)?(\S[^:]*\.(?:go|mod):\d+(?::\d+)?): (.*)$`)

// goError turns what the go command printed on standard error into one line
// that says what is wrong and what to do about it.
func goError(stderr string, runErr error) error {
	var lines []string
	for line := range strings.Lines(stderr) {
		if line = strings.TrimSpace(line); line != "" && !strings.HasPrefix(line, "#") {
			lines = append(lines, line)
		}
	}
	first := ""
	errors := 0
	for _, line := range lines {
		switch {
		case strings.Contains(line, "go.mod file not found"), strings.Contains(line, "cannot find main module"),
			strings.Contains(line, "does not contain main module"):
			return fmt.Errorf("no go.mod here or above: run it in a module, or make one with go mod init")
		case strings.Contains(line, "matched no packages"):
			return fmt.Errorf("%s: check the pattern", pattern(line))
		case strings.Contains(line, "no such file or directory"), strings.Contains(line, "directory not found"):
			if !compileError.MatchString(line) {
				return fmt.Errorf("%s: check the pattern", pattern(line))
			}
		}
		if m := compileError.FindStringSubmatch(line); m != nil {
			if errors++; first == "" {
				first = fmt.Sprintf("%s: %s", m[1], m[2])
			}
		}
	}
	first = strings.TrimSuffix(first, "; to add it:")
	if first != "" {
		more := ""
		if errors > 1 {
			more = fmt.Sprintf(" (and %d more)", errors-1)
		}
		return fmt.Errorf("%s%s: mend this first, only code that builds can be checked", first, more)
	}
	for _, line := range lines {
		if strings.HasPrefix(line, "exit status") || strings.HasPrefix(line, "go: warning:") || strings.HasPrefix(line, "go: downloading") {
			continue
		}
		if name, dir, ok := strings.Cut(line, " is not in std ("); ok && dir != "" {
			name = strings.TrimPrefix(name, "package ")
			return fmt.Errorf("there is no package %s: write ./%s for a directory", name, name)
		}
		return fmt.Errorf("%s", strings.TrimPrefix(line, "go: "))
	}
	return fmt.Errorf("go vet failed: %v", runErr)
}

// pattern returns what a warning says of a pattern: `"./x/..." matched no
// packages`.
func pattern(line string) string {
	return strings.TrimPrefix(strings.TrimPrefix(line, "go: "), "warning: ")
}
