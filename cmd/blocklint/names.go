package main

import (
	"path"
	"path/filepath"
	"strings"
)

// called returns the name of what step i of the path calls, as text shows
// it: a function whose body the next line shows goes without its package if
// that is the directory there. The operation, which no line follows, has
// its package.
func (f *finding) called(i int) string {
	name := f.Path[i].Name
	if i == len(f.Path)-1 {
		return name
	}
	dir, err := filepath.Abs(filepath.FromSlash(path.Dir(f.Path[i+1].At.File)))
	if err != nil {
		return name
	}
	if pkg, bare := unqualified(name); pkg == filepath.Base(dir) {
		return bare
	}
	return name
}

// unqualified takes the package off a name: (*store.Store).Save becomes
// (*Store).Save, store.Retry as f becomes Retry as f, and func literal in
// store.Retry becomes func literal in Retry.
func unqualified(name string) (pkg, bare string) {
	name, as, isAs := strings.Cut(name, " as ")
	space := strings.LastIndexByte(name, ' ') + 1 // of "func literal in"
	before, name := name[:space], name[space:]
	for _, open := range []string{"(*", "("} {
		if rest, ok := strings.CutPrefix(name, open); ok {
			before, name = before+open, rest
			break
		}
	}
	end := len(name)
	if i := strings.IndexByte(name, ')'); i >= 0 {
		end = i
	}
	if i := strings.IndexByte(name[:end], '.'); i >= 0 {
		pkg, name = name[:i], name[i+1:]
	}
	if isAs {
		name += " as " + as
	}
	return pkg, before + name
}
