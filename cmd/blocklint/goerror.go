package main

import (
	"fmt"
	"os"
	"path/filepath"
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
			strings.Contains(line, "does not contain main module") && !inModule():
			return fmt.Errorf("no go.mod here or above: run it in a module, or make one with go mod init")
		case strings.Contains(line, "does not contain main module"):
			return fmt.Errorf("%s: not in this module: run it there, as with -C DIR", matchless(line))
		case strings.Contains(line, "does not contain modules listed in go.work"):
			return fmt.Errorf("%s: no module of the workspace: name the directories of its modules, or write work for all of them", matchless(line))
		case strings.Contains(line, "inconsistent vendoring"):
			return fmt.Errorf("the vendor directory differs from what go.mod or go.work says: run go mod vendor or go work vendor")
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

// matchless returns the pattern that the go command says cannot match:
// "pattern ./...: directory prefix ...".
func matchless(line string) string {
	name, _, _ := strings.Cut(strings.TrimPrefix(pattern(line), "pattern "), ": ")
	return name
}

// inModule reports whether there is a module around the working directory.
func inModule() bool {
	wd, err := os.Getwd()
	return err == nil && exists(filepath.Join(moduleRoot(wd), "go.mod"))
}

// nearNames shortens the names of files below the working directory in text.
func nearNames(text string) string {
	wd, err := os.Getwd()
	if err != nil {
		return text
	}
	return strings.ReplaceAll(text, wd+string(filepath.Separator), "")
}

// pattern returns what a warning says of a pattern: `"./x/..." matched no
// packages`.
func pattern(line string) string {
	return strings.TrimPrefix(strings.TrimPrefix(line, "go: "), "warning: ")
}
