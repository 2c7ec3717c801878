package main

import (
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/seed6bcf1587/coop/analyzer"
)

// locate makes the files of all places relative to the working directory,
// and reads the lines of the operations. A file above it keeps its absolute
// name; one of a package above it, or of another module, its import path.
func locate(gocmd string, build []string, findings []finding) {
	wd, err := os.Getwd()
	if err != nil {
		return
	}
	dirs := directories(gocmd, build, findings)
	lines := make(sources)
	for i := range findings {
		f := &findings[i]
		at := f.operation()
		file := at.File
		if pkg, ok := inImportPath(at); ok && dirs[pkg] != "" {
			file = filepath.Join(dirs[pkg], path.Base(at.File))
		}
		f.source = lines.line(file, at.Line)
		for _, p := range f.places() {
			file := p.File
			if pkg, ok := inImportPath(*p); ok {
				if dirs[pkg] == "" {
					continue
				}
				file = filepath.Join(dirs[pkg], path.Base(file))
			}
			if rel, err := filepath.Rel(wd, file); err == nil && filepath.IsLocal(rel) {
				p.File = filepath.ToSlash(rel)
			}
		}
	}
}

// directories returns the directories of the packages that findings name by
// import path.
func directories(gocmd string, build []string, findings []finding) map[string]string {
	dirs := make(map[string]string)
	for i := range findings {
		for _, p := range findings[i].places() {
			if pkg, ok := inImportPath(*p); ok {
				dirs[pkg] = ""
			}
		}
	}
	siblings(findings, dirs)
	args := append([]string{"list"}, build...)
	args = append(args, "-e", "-find", "-f", "{{.ImportPath}}\t{{.Dir}}", "--")
	first := len(args)
	for pkg, dir := range dirs {
		if dir == "" {
			args = append(args, pkg)
		}
	}
	if len(args) == first {
		return dirs
	}
	slices.Sort(args[first:])
	out, _ := exec.Command(gocmd, args...).Output() // without it the import paths say where it is as well
	for line := range strings.Lines(string(out)) {
		if pkg, dir, ok := strings.Cut(strings.TrimSpace(line), "\t"); ok {
			dirs[pkg] = dir
		}
	}
	return dirs
}

// siblings finds the directories of packages in the same module as a
// package whose files are known by their names: most are, and the go command
// takes longer to say so than everything else here.
func siblings(findings []finding, dirs map[string]string) {
	roots := make(map[string]string) // of modules
	for i := range findings {
		f := &findings[i]
		if f.Module == "" || roots[f.Module] != "" {
			continue
		}
		if below, ok := strings.CutPrefix(f.Package, f.Module); ok {
			if root, ok := strings.CutSuffix(filepath.ToSlash(filepath.Dir(f.At.File)), below); ok {
				roots[f.Module] = root
			}
		}
	}
	for pkg := range dirs {
		for module, root := range roots {
			if below, ok := strings.CutPrefix(pkg+"/", module+"/"); ok && exists(filepath.Join(root, below)) {
				dirs[pkg] = filepath.Join(root, below)
			}
		}
	}
}

// sources holds the lines of files by name.
type sources map[string][]string

// line returns a line of a file, or nothing if it cannot be read.
func (s sources) line(file string, n int) string {
	if _, ok := s[file]; !ok {
		data, _ := os.ReadFile(file) // what cannot be read is not shown
		s[file] = strings.Split(string(data), "\n")
	}
	if lines := s[file]; 0 < n && n <= len(lines) {
		return strings.TrimSuffix(lines[n-1], "\r")
	}
	return ""
}

// repository returns the directory that paths in reports to a forge are
// relative to: that of the git work tree around the working directory, or
// that itself.
func repository() string {
	wd, err := os.Getwd()
	if err != nil {
		return "."
	}
	for dir := wd; ; dir = filepath.Dir(dir) {
		if exists(filepath.Join(dir, ".git")) {
			return dir
		}
		if dir == filepath.Dir(dir) {
			return wd
		}
	}
}

// inRepository returns the file of a place relative to the repository, and
// whether it lies in it.
func inRepository(repo string, p analyzer.Place) (file string, ok bool) {
	abs, err := filepath.Abs(filepath.FromSlash(p.File))
	if err != nil || !exists(abs) {
		return p.File, false
	}
	rel, err := filepath.Rel(repo, abs)
	if err != nil || !filepath.IsLocal(rel) {
		return p.File, false
	}
	return filepath.ToSlash(rel), true
}
