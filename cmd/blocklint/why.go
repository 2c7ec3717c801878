package main

import (
	"errors"
	"fmt"
	"io"
	"os/exec"
	"slices"
	"strings"
)

// printWhy says why a function is said to block, or that it is not.
func printWhy(o *options, stdout, stderr io.Writer) int {
	pkg, name, err := resolve(o)
	if err != nil {
		return fail(stderr, "-why %s: %v", o.why, err)
	}
	res := vet(o, []string{pkg}, stderr, "-blocklint.why="+pkg+"."+name)
	if res.err != nil {
		return fail(stderr, "%v", res.err)
	}
	// The package and its tests answer alike. Only one of them may know it.
	if slices.ContainsFunc(res.whys, known) {
		res.whys = slices.DeleteFunc(res.whys, func(f finding) bool { return !known(f) })
	} else if len(res.whys) > 0 {
		return fail(stderr, "-why %s: %s", o.why, res.whys[0].Message)
	} else {
		return fail(stderr, "-why %s: package %s was not analyzed", o.why, pkg)
	}
	if o.format == "json" {
		for i := range res.whys {
			res.whys[i].spell()
		}
		if err := encode(stdout, struct {
			Version int       `json:"version"`
			Answers []finding `json:"answers"`
		}{jsonVersion, res.whys}); err != nil {
			return fail(stderr, "cannot write: %v", err)
		}
		return exitClean
	}
	// What blocks comes first, by the length of the way.
	slices.SortStableFunc(res.whys, func(a, b finding) int { return length(a) - length(b) })
	r := &report{findings: res.whys, palette: paletteFor(stdout)}
	r.source = o.source == "true" || o.source == "" && isTerminal(stdout)
	if err := printText(stdout, r); err != nil {
		return fail(stderr, "cannot write: %v", err)
	}
	return exitClean
}

func known(f finding) bool { return f.Root != nil }

func length(f finding) int {
	if len(f.Path) == 0 {
		return 1 << 20
	}
	return len(f.Path)
}

// resolve takes PKG.FUNC apart. PKG is an import path or the end of one, and
// FUNC is a function, Type.Method or (*Type).Method; (*PKG.Type).Method is
// understood as well.
func resolve(o *options) (pkg, name string, err error) {
	path, err := gocmd()
	if err != nil {
		return "", "", err
	}
	args := append(append([]string{"list"}, o.build()...), "-e", "-deps", "--")
	out, _ := exec.Command(path, append(args, o.patterns...)...).Output() // what is wrong with the patterns shows below
	all := strings.Fields(string(out))
	// As findings write it: (*store.Store).Save.
	want := strings.NewReplacer("(", "", ")", "", "*", "").Replace(o.why)
	// The last element of an import path may have dots in it, too.
	err = errors.New("write PKG.FUNC, PKG.TYPE.METHOD or \"PKG.(*TYPE).METHOD\"")
	from := strings.LastIndexByte(want, '/') + 1
	for i := len(want) - 1; i > from; i-- {
		if want[i] != '.' || i == len(want)-1 {
			continue
		}
		name = want[i+1:]
		if pkg, err = match(path, o, want[:i], all); err == nil {
			return pkg, name, nil
		}
	}
	return "", "", err
}

// match finds the package that want is, or ends.
func match(path string, o *options, want string, all []string) (pkg string, err error) {
	if slices.Contains(all, want) {
		return want, nil
	}
	var found []string
	for _, p := range all {
		if strings.HasSuffix(p, "/"+want) {
			found = append(found, p)
		}
	}
	if len(found) == 0 {
		// Perhaps one that nothing here imports.
		args := append(append([]string{"list"}, o.build()...), "-find", "--", want)
		if out, err := exec.Command(path, args...).Output(); err == nil {
			return strings.TrimSpace(string(out)), nil
		}
	}
	// Between the names in the standard library that end alike, the nearest
	// to the user is of the user's own module.
	own := slices.DeleteFunc(slices.Clone(found), func(p string) bool {
		first, _, _ := strings.Cut(p, "/")
		return !strings.Contains(first, ".")
	})
	if len(own) == 1 {
		return own[0], nil
	}
	switch len(found) {
	case 0:
		return "", fmt.Errorf("no package %s here or among what is imported", want)
	case 1:
		return found[0], nil
	}
	return "", fmt.Errorf("%s may be %s: write more of the import path", want, list(found))
}
