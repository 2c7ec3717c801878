package main

import (
	"cmp"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

// A finding is one diagnostic of the analyzer.
type finding struct {
	posn    place // where the vet driver reports it
	message string

	// What follows is empty for a diagnostic about a directive.
	root  step   // the function that must not block
	how   string // how it came to be one
	start place  // for the verb %s in how, while it is still an import path
	steps []step // the way from there to the operation, which is the last
	fix   string
}

// A step is one line of a path.
type step struct {
	at   place
	name string
}

// A place is a position in a source file.
type place struct {
	file      string // relative to the working directory if it is below
	line, col int
}

func (p place) String() string {
	return p.file + ":" + strconv.Itoa(p.line) + ":" + strconv.Itoa(p.col)
}

func (p place) short() string { return p.file + ":" + strconv.Itoa(p.line) }

func (p place) compare(q place) int {
	return cmp.Or(cmp.Compare(p.file, q.file), cmp.Compare(p.line, q.line), cmp.Compare(p.col, q.col))
}

// parsePlace reads file:line:col.
func parsePlace(s string) place {
	rest, col, _ := cutLast(s, ":")
	file, line, _ := cutLast(rest, ":")
	p := place{file: file}
	p.line, _ = strconv.Atoi(line)
	p.col, _ = strconv.Atoi(col)
	return p
}

func cutLast(s, sep string) (before, after string, found bool) {
	if i := strings.LastIndex(s, sep); i >= 0 {
		return s[:i], s[i+len(sep):], true
	}
	return s, "", false
}

// newFinding reads a diagnostic. The files of steps are still import paths.
func newFinding(d jsonDiagnostic) finding {
	f := finding{posn: relative(parsePlace(d.Posn)), message: d.Message}
	for _, r := range d.Related {
		kind, text, _ := strings.Cut(r.Message, ": ")
		switch kind {
		case "root":
			f.root = step{relative(parsePlace(r.Posn)), text}
		case "rootat": // of another package
			at, name, _ := strings.Cut(text, " ")
			f.root = step{parsePlace(at), name}
		case "startat":
			at, how, _ := strings.Cut(text, " ")
			f.how, f.start = how, parsePlace(at)
		case "start":
			f.how = strings.ReplaceAll(text, "%s", relative(parsePlace(r.Posn)).short())
		case "hop":
			at, name, _ := strings.Cut(text, " ")
			f.steps = append(f.steps, step{parsePlace(at), name})
		case "fix":
			f.fix = text
		}
	}
	return f
}

// relative shortens the file name to one relative to the working directory,
// if that is above it.
func relative(p place) place {
	if wd, err := os.Getwd(); err == nil {
		if rel, err := filepath.Rel(wd, p.file); err == nil && !strings.HasPrefix(rel, "..") {
			p.file = rel
		}
	}
	return p
}

// locate replaces the import paths in the steps by directories, for the
// packages that lie below the working directory.
func locate(gocmd string, findings []finding) {
	dirs := make(map[string]string)
	var places []*place // those that are still import paths
	for i := range findings {
		f := &findings[i]
		for j := range f.steps {
			places = append(places, &f.steps[j].at)
		}
		if f.start.file != "" {
			places = append(places, &f.root.at, &f.start)
		}
	}
	for _, p := range places {
		dirs[path.Dir(p.file)] = ""
	}
	if len(dirs) == 0 {
		return
	}
	args := []string{"list", "-e", "-find", "-f", "{{.ImportPath}}\t{{.Dir}}"}
	for pkg := range dirs {
		args = append(args, pkg)
	}
	slices.Sort(args[5:])
	out, _ := exec.Command(gocmd, args...).Output() // without it the import paths say where it is as well
	for line := range strings.Lines(string(out)) {
		if pkg, dir, ok := strings.Cut(strings.TrimSpace(line), "\t"); ok {
			dirs[pkg] = dir
		}
	}
	for _, p := range places {
		dir := dirs[path.Dir(p.file)]
		if dir == "" {
			continue
		}
		abs := *p
		abs.file = filepath.Join(dir, path.Base(p.file))
		if rel := relative(abs); rel.file != abs.file {
			*p = rel
		}
	}
	for i := range findings {
		f := &findings[i]
		f.how = strings.ReplaceAll(f.how, "%s", f.start.short())
	}
}

// operation returns where the blocking operation stands.
func (f *finding) operation() place {
	if n := len(f.steps); n > 0 {
		return f.steps[n-1].at
	}
	return f.posn
}

// sortedUnique sorts findings by where they are shown. A package and its
// test variant have the same ones.
func sortedUnique(fs []finding) []finding {
	slices.SortFunc(fs, func(a, b finding) int {
		return cmp.Or(a.operation().compare(b.operation()), a.posn.compare(b.posn), cmp.Compare(a.message, b.message))
	})
	return slices.CompactFunc(fs, func(a, b finding) bool { return a.posn == b.posn && a.message == b.message })
}
