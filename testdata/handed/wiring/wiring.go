// Package wiring brings the parts together.
package wiring

import (
	"context"

	"github.com/seed6bcf1587/coop/testdata/handed/far"
	"github.com/seed6bcf1587/coop/testdata/handed/srv"
)

// Main wires.
func Main(ctx context.Context) {
	s := &srv.Server{
		Walker:   new(far.Tree), // want `\(\*Server\)\.Run, .* srv/srv\.go:\d+ \(\*far\.Tree\)\.Walk as srv\.Walker\.Walk → far/far\.go:\d+ \(\*Tree\)\.step → far/far\.go:\d+ func literal in \(\*Server\)\.Run as fn → srv/srv\.go:\d+ time\.Sleep$` `srv\.go:\d+ \(\*Server\)\.visit → .* func literal in \(\*Server\)\.visit as fn → .* time\.Sleep$` `literal in Serve, .* time\.Sleep$` `far\.Stage\)\.Run as srv\.Stage\.Run → far/far\.go:\d+ \(\*far\.Tree\)\.Walk as .* func literal in \(\*Server\)\.Visit as fn → srv/srv\.go:\d+ time\.Sleep$`
		Stage:    far.Stage{Under: new(far.Tree)},
		Host:     far.Host{}, // want `\(far\.Host\)\.Accept as srv\.Host\.Accept → far/far\.go:\d+ \(srv\.sleeper\)\.Visit as v\.Visit → srv/srv\.go:\d+ time\.Sleep$`
		Deferrer: far.Later{},
		Around:   func(next func()) { next() }, // want `func literal in Main as srv\.Server\.Around → wiring/wiring\.go:\d+ func literal in \(\*Server\)\.Run as next → srv/srv\.go:\d+ time\.Sleep$`
	}
	s.Run(ctx)
	s.Visit(ctx)
}
