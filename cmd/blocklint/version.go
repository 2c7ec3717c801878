package main

import (
	"crypto/sha256"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime/debug"

	"github.com/seed6bcf1587/coop/analyzer"
)

// A build says which build of the tool this is.
type build struct {
	module   string // version of the module, or devel
	revision string // of the version control system, if it was built from a work tree
	modified bool
	goes     string // Go release
}

func version() build {
	b := build{module: "devel"}
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return b
	}
	b.goes = info.GoVersion
	if v := info.Main.Version; v != "" && v != "(devel)" {
		b.module = v
	}
	for _, s := range info.Settings {
		switch s.Key {
		case "vcs.revision":
			b.revision = s.Value
		case "vcs.modified":
			b.modified = s.Value == "true"
		}
	}
	return b
}

func (b build) String() string {
	s := b.module
	if b.revision != "" {
		s += ", revision " + b.revision
	}
	if b.modified {
		s += ", modified"
	}
	return s
}

// printVersion answers -version.
func printVersion(stdout io.Writer) int {
	b := version()
	fmt.Fprintf(stdout, "blocklint %s, %s\n", b, b.goes)
	return exitClean
}

// printVetVersion answers -V=full, by which the go command tells one vet
// tool from another: its cache keeps findings under this line. The
// configuration belongs to it, so that editing that shows at once.
func printVetVersion(stdout, stderr io.Writer) int {
	self, err := os.Executable()
	if err != nil {
		return fail(stderr, "cannot find this program: %v", err)
	}
	f, err := os.Open(self)
	if err != nil {
		return fail(stderr, "cannot read this program: %v", err)
	}
	defer f.Close()
	h := sha256.New()
	if _, err := io.Copy(h, f); err != nil {
		return fail(stderr, "cannot read this program: %v", err)
	}
	if wd, err := os.Getwd(); err == nil {
		h.Write(analyzer.ConfigContent(moduleRoot(wd)))
	}
	fmt.Fprintf(stdout, "blocklint version devel comments-go-here buildID=%02x\n", h.Sum(nil))
	return exitClean
}

// moduleRoot returns the directory of the workspace or module that dir is
// in, or dir.
func moduleRoot(dir string) string {
	root := dir
	found := false
	for d := dir; ; d = filepath.Dir(d) {
		if exists(filepath.Join(d, "go.work")) {
			return d
		}
		if !found && exists(filepath.Join(d, "go.mod")) {
			root, found = d, true
		}
		if d == filepath.Dir(d) {
			return root
		}
	}
}

func exists(file string) bool {
	_, err := os.Stat(file)
	return err == nil
}
