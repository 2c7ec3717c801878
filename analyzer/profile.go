package analyzer

import (
	"bytes"
	"embed"
	"fmt"
	"go/types"
	"io/fs"
	"slices"
	"strings"
	"sync"

	"go.yaml.in/yaml/v3"
	"golang.org/x/tools/go/ssa"
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

	Cooperative []string         // symbols that park what calls them
	Escapes     map[string][]int // parameters that run elsewhere, by symbol
	Quiet       []string         // import paths, prefixes of them that end in a slash, and symbols that are trusted not to block
	Off         []category       // what is no defect on this loop
	Unless      map[string]bool  // calls of these symbols with this argument turn the profile off for a package
}

// A profileRoot says which functions the loop calls. One of its forms is
// set.
type profileRoot struct {
	Implements string // those Methods of every type that implements an interface of the package
	Methods    []string

	Func   string // functions converted to this func type
	Field  string // functions stored in this field: Type.Field
	Takes  string // functions whose first parameter has this type
	Param  string // functions given to this function or method
	Params []int  // as these parameters, without the receiver
	Of     string // the package that declares Param, if it is not the loop's own
}

func (p *profile) loop(by string) loop {
	return loop{Name: p.Loop, Kind: "function", Fix: p.Fix, By: by, Profile: p.Name}
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
		if k := p.known(fn); k != nil {
			return k
		}
	}
	for _, p := range profiles() {
		for _, q := range p.Quiet {
			if path := fn.Pkg().Path(); path == q || strings.HasSuffix(q, "/") && strings.HasPrefix(path, q) || symbolOf(fn) == q {
				return &known{returns: -1, wraps: -1}
			}
		}
	}
	return nil
}

// known returns what the profile says about a function of its package.
func (p *profile) known(fn *types.Func) *known {
	name := strings.TrimPrefix(symbolOf(fn), fn.Pkg().Path()+".")
	shift := boolToInt(fn.Signature().Recv() != nil)
	k := &known{conf: definite, returns: -1, wraps: -1}
	k.cat = p.Blocking[name]
	k.parks = slices.Contains(p.Cooperative, name)
	for _, r := range p.Roots {
		if r.Param == name && r.Of == "" {
			k.uses = append(k.uses, p.tasks(r, fn)...)
		}
	}
	for _, i := range p.Escapes[name] {
		k.uses = append(k.uses, paramUse{Param: i + shift, Mode: modeGo})
	}
	if k.cat == "" && !k.parks && len(k.uses) == 0 {
		return nil
	}
	return k
}

// tasks returns what r says about the parameters of fn.
func (p *profile) tasks(r profileRoot, fn *types.Func) (uses []paramUse) {
	shift := boolToInt(fn.Signature().Recv() != nil)
	l := p.loop(fn.Pkg().Name() + "." + r.Param)
	l.Kind = "task"
	for _, i := range r.Params {
		uses = append(uses, paramUse{Param: i + shift, Mode: modeTask, Loop: l})
	}
	return uses
}

// besideKnown returns what a profile says about a function that is not the
// framework's own, when pkg imports that, or nil: what is given to a virtual
// machine runs on a loop if there is one.
func besideKnown(pkg *types.Package, fn *types.Func) *known {
	for _, p := range profiles() {
		for _, r := range p.Roots {
			if r.Of == "" || fn.Pkg() == nil || r.Of != fn.Pkg().Path() || symbolOf(fn) != r.Of+"."+r.Param {
				continue
			}
			for _, imp := range pkg.Imports() {
				if slices.Contains(p.Packages, imp.Path()) {
					return &known{conf: definite, uses: p.tasks(r, fn), returns: -1, wraps: -1}
				}
			}
		}
	}
	return nil
}

// profiled returns what a profile says about a function of this package,
// which is then the framework itself.
func (e *engine) profiled(fn *ssa.Function) *known {
	if k := e.configured(fn); k != nil {
		return k
	}
	if obj := funcObject(fn); obj != nil && fn.Parent() == nil {
		return profileKnown(obj)
	}
	return nil
}

// configured returns what the configuration says about a function of this
// package, or nil.
func (e *engine) configured(fn *ssa.Function) *known {
	if obj := funcObject(fn); obj != nil && fn.Parent() == nil {
		return e.config.known.lookup(obj)
	}
	return nil
}

// profiledFuncType returns the loop of a func type that a profile names.
func profiledFuncType(obj *types.TypeName, by string) *loop {
	for _, p := range profiles() {
		if !slices.Contains(p.Packages, obj.Pkg().Path()) {
			continue
		}
		for _, r := range p.Roots {
			if r.Func == obj.Name() {
				l := p.loop(by)
				return &l
			}
		}
	}
	return nil
}

// fieldLoop returns the loop of a field that a profile names, by its key.
func fieldLoop(key string) *loop {
	symbol, ok := strings.CutPrefix(key, "field ")
	if !ok {
		return nil
	}
	for _, p := range profiles() {
		for _, path := range p.Packages {
			name, ok := strings.CutPrefix(symbol, path+".")
			if !ok {
				continue
			}
			for _, r := range p.Roots {
				if r.Field == name {
					l := p.loop(path[strings.LastIndexByte(path, '/')+1:] + "." + name)
					return &l
				}
			}
		}
	}
	return nil
}

// off reports whether a call in the package turns the profile off.
func (p *profile) off(e *engine) bool {
	if len(p.Unless) == 0 {
		return false
	}
	for _, fn := range e.prog.funcs {
		for _, b := range e.prog.reached[fn] {
			for _, instr := range b.Instrs {
				call, ok := instr.(*ssa.Call)
				if !ok || call.Call.StaticCallee() == nil || len(call.Call.Args) == 0 {
					continue
				}
				obj := funcObject(call.Call.StaticCallee())
				if obj == nil || obj.Pkg() == nil || !slices.Contains(p.Packages, obj.Pkg().Path()) {
					continue
				}
				name := strings.TrimPrefix(symbolOf(obj), obj.Pkg().Path()+".")
				want, ok := p.Unless[name]
				if !ok {
					continue
				}
				if got, known := constBool(call.Call.Args[len(call.Call.Args)-1]); known && got == want {
					return true
				}
			}
		}
	}
	return false
}

// accepts reports whether operations of category c are no defect on l.
func (l loop) accepts(c category) bool {
	if l.Profile == "" {
		return false
	}
	for _, p := range profiles() {
		if p.Name == l.Profile {
			return slices.Contains(p.Off, c)
		}
	}
	return false
}
