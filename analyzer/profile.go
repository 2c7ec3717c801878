package analyzer

import (
	"bytes"
	"embed"
	"fmt"
	"go/types"
	"io/fs"
	"slices"
	"sync"

	"go.yaml.in/yaml/v3"
)

//go:embed profiles/*.yaml
var profileFiles embed.FS

// A profile teaches the analyzer one event loop that carries no directives
// of its own. It is active in the packages that import one of Packages.
type profile struct {
	Name     string
	Docs     string   // the sentence that forbids blocking
	Packages []string // import paths of the loop's releases
	Loop     string   // as in "blocks the bubbletea event loop"
	Fix      string
	Roots    []profileRoot
	Blocking map[string]category // symbols of Packages that block whatever they look like
}

// A profileRoot says which functions the loop calls: those methods of every
// type that implements an interface of the profile's package.
type profileRoot struct {
	Implements string
	Methods    []string
}

// profiles returns the profiles that ship, sorted by file name.
var profiles = sync.OnceValue(func() []*profile {
	names, err := fs.Glob(profileFiles, "profiles/*.yaml")
	if err != nil {
		panic("analyzer: profiles: " + err.Error())
	}
	slices.Sort(names)
	var out []*profile
	for _, name := range names {
		data, err := profileFiles.ReadFile(name)
		if err != nil {
			panic("analyzer: " + err.Error())
		}
		p, err := parseProfile(data)
		if err != nil {
			panic(fmt.Sprintf("analyzer: %s: %v", name, err))
		}
		out = append(out, p)
	}
	return out
})

func parseProfile(data []byte) (*profile, error) {
	p := new(profile)
	dec := yaml.NewDecoder(bytes.NewReader(data))
	dec.KnownFields(true)
	if err := dec.Decode(p); err != nil {
		return nil, err
	}
	if p.Name == "" || p.Docs == "" || p.Loop == "" || len(p.Packages) == 0 {
		return nil, fmt.Errorf("name, docs, loop and packages are required")
	}
	for symbol, cat := range p.Blocking {
		if !validCategory(string(cat)) {
			return nil, fmt.Errorf("blocking %s: unknown category %q", symbol, cat)
		}
	}
	return p, nil
}

// profileKnown returns what a profile says about fn, or nil.
func profileKnown(fn *types.Func) *known {
	if fn.Pkg() == nil {
		return nil
	}
	for _, p := range profiles() {
		if !slices.Contains(p.Packages, fn.Pkg().Path()) {
			continue
		}
		_, name := splitSymbol(symbolOf(fn))
		if cat, ok := p.Blocking[name]; ok {
			return &known{cat: cat, conf: definite, returns: -1, wraps: -1}
		}
	}
	return nil
}

// A profiledRoot is a function of the package under analysis that a profile
// says runs on a loop.
type profiledRoot struct {
	fn      *types.Func
	profile *profile
	why     string // as in "tea.Model"
}

// profileRoots returns the roots that profiles find in pkg, in the order of
// the scope.
func profileRoots(pkg *types.Package) []profiledRoot {
	var out []profiledRoot
	for _, p := range profiles() {
		for _, imp := range pkg.Imports() {
			if slices.Contains(p.Packages, imp.Path()) {
				out = append(out, p.rootsIn(pkg, imp)...)
			}
		}
	}
	return out
}

func (p *profile) rootsIn(pkg, framework *types.Package) []profiledRoot {
	var out []profiledRoot
	scope := pkg.Scope()
	seen := make(map[*types.Func]bool)
	for _, root := range p.Roots {
		name, ok := framework.Scope().Lookup(root.Implements).(*types.TypeName)
		if !ok {
			continue // this release has no such interface
		}
		iface, ok := name.Type().Underlying().(*types.Interface)
		if !ok {
			continue
		}
		for _, n := range scope.Names() {
			tn, ok := scope.Lookup(n).(*types.TypeName)
			if !ok || tn.IsAlias() || types.IsInterface(tn.Type()) {
				continue
			}
			ptr := types.NewPointer(tn.Type())
			if !types.Implements(ptr, iface) {
				continue
			}
			for _, m := range root.Methods {
				obj, _, _ := types.LookupFieldOrMethod(ptr, true, pkg, m)
				fn, ok := obj.(*types.Func)
				if !ok || fn.Pkg() != pkg || seen[fn.Origin()] {
					continue // promoted from another package, whose root it is
				}
				seen[fn.Origin()] = true
				out = append(out, profiledRoot{fn.Origin(), p, framework.Name() + "." + root.Implements})
			}
		}
	}
	return out
}
