package main

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/seed6bcf1587/coop/analyzer"
)

// A finding is a diagnostic of the analyzer as every format prints it. Its
// files are relative to the working directory where they lie below it.
type finding struct {
	analyzer.Finding
	// Fingerprint names the finding across changes elsewhere: it holds as
	// long as the way to the operation and the operation's line read the same.
	Fingerprint string `json:"fingerprint,omitempty"`
	source      string // the line of the operation, without its end
}

// operation returns where the blocking operation stands.
func (f *finding) operation() analyzer.Place {
	if n := len(f.Path); n > 0 {
		return f.Path[n-1].At
	}
	return f.At
}

// places returns every place of f, to be rewritten.
func (f *finding) places() []*analyzer.Place {
	out := []*analyzer.Place{&f.At}
	if f.Root != nil {
		out = append(out, &f.Root.At, &f.Root.Start)
	}
	for i := range f.Path {
		out = append(out, &f.Path[i].At)
	}
	return out
}

// how says how the root became one.
func (f *finding) how() string {
	return strings.ReplaceAll(f.Root.How, "%s", short(f.Root.Start))
}

// head is the line about the operation, without its place.
func (f *finding) head() string {
	switch {
	case f.Kind == "block":
		return fmt.Sprintf("%s blocks %s [%s, %s]", f.Operation, f.Loop, f.Category, f.Confidence)
	case f.Kind == "why" && f.Category != "":
		return fmt.Sprintf("%s blocks by %s [%s, %s]", f.Root.Name, f.Operation, f.Category, f.Confidence)
	}
	return f.Message
}

func long(p analyzer.Place) string  { return short(p) + ":" + strconv.Itoa(p.Column) }
func short(p analyzer.Place) string { return p.File + ":" + strconv.Itoa(p.Line) }

func comparePlaces(p, q analyzer.Place) int {
	return cmp.Or(cmp.Compare(p.File, q.File), cmp.Compare(p.Line, q.Line), cmp.Compare(p.Column, q.Column))
}

// sortedUnique sorts findings by where they are shown. A package and its
// test variant have the same ones.
func sortedUnique(fs []finding) []finding {
	slices.SortFunc(fs, func(a, b finding) int {
		return cmp.Or(comparePlaces(a.operation(), b.operation()), comparePlaces(a.At, b.At), cmp.Compare(a.Message, b.Message))
	})
	return slices.CompactFunc(fs, func(a, b finding) bool {
		return a.At == b.At && a.Message == b.Message && a.operation() == b.operation()
	})
}

// mark gives each finding its fingerprint. Equal ones are told apart by a
// number, in the order in which they stand.
func mark(fs []finding) {
	count := make(map[string]int)
	for i := range fs {
		f := &fs[i]
		h := sha256.New()
		fmt.Fprintln(h, f.Kind, f.Package, f.Category, f.Loop, strings.TrimSpace(f.source))
		if f.Root != nil {
			fmt.Fprintln(h, f.Root.Name)
		} else {
			fmt.Fprintln(h, f.Message)
		}
		for _, s := range f.Path {
			fmt.Fprintln(h, s.Name)
		}
		sum := hex.EncodeToString(h.Sum(nil)[:10])
		count[sum]++
		f.Fingerprint = fmt.Sprintf("%s:%d", sum, count[sum])
	}
}

// inImportPath reports whether p names its file by import path, and that.
func inImportPath(p analyzer.Place) (pkg string, ok bool) {
	return path.Dir(p.File), p.File != "" && !filepath.IsAbs(p.File)
}

// oneEach keeps, of findings of one operation under one root, the surest and
// then the shortest. Packages that do not import one another each find the
// same where both answer what a third one asks; only who sees both can tell.
func oneEach(fs []finding) []finding {
	type key struct {
		root, start, op           analyzer.Place
		category, operation, loop string
	}
	better := func(a, b *finding) bool {
		return cmp.Or(cmp.Compare(sureness(b), sureness(a)), cmp.Compare(len(a.Path), len(b.Path)), comparePlaces(a.At, b.At), cmp.Compare(a.Message, b.Message)) < 0
	}
	first := make(map[key]int)
	var out []finding
	for _, f := range fs {
		if f.Kind != "block" || f.Root == nil {
			out = append(out, f)
			continue
		}
		k := key{f.Root.At, f.Root.Start, f.operation(), f.Category, f.Operation, f.Loop}
		if i, ok := first[k]; !ok {
			first[k] = len(out)
			out = append(out, f)
		} else if better(&f, &out[i]) {
			out[i] = f
		}
	}
	return out
}

// sureness orders confidences.
func sureness(f *finding) int {
	return slices.Index([]string{"possible", "probable", "definite"}, f.Confidence)
}
