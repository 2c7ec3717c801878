// Package wire brings the parts together: here the questions of package
// server meet their answers.
package wire

import (
	"context"
	"time"

	"github.com/seed6bcf1587/coop/hub"
	"github.com/seed6bcf1587/coop/testdata/open/pg" // want `\(\*sql\.DB\)\.Exec blocks the hub \[db, probable\]: \(\*server\.Server\)\.handle, a task started by hub\.Go → server/server\.go:\d+ \(\*Server\)\.put → server/server\.go:\d+ \(\*pg\.DB\)\.Save as port\.Store\.Save → pg/pg\.go:\d+ \(\*DB\)\.exec → pg/pg\.go:\d+ \(\*sql\.DB\)\.Exec$`
	"github.com/seed6bcf1587/coop/testdata/open/server"
)

// Main wires.
func Main(ctx context.Context) {
	s := server.New(pg.Open(), pg.Bell{}, func() { // want `time\.Sleep blocks the hub \[sleep, probable\]: .*server\.Server\.onDone → wire/wire\.go:\d+ time\.Sleep`
		time.Sleep(1)
	})
	s.OnSave = func() { time.Sleep(2) } // want `time\.Sleep blocks the hub \[sleep, probable\]: .*server\.Server\.OnSave → wire/wire\.go:\d+ time\.Sleep`
	s.Run(ctx)
}

type (
	first  interface{ one() }
	second interface{ two() }
	third  interface{ three() }

	a struct{ next second }
	b struct{ next third }
	c struct{}
)

func (x a) one() { x.next.two() }
func (x b) two() { x.next.three() }
func (c) three() { time.Sleep(1) }

// NewFirst and the following put one into the other.
func NewFirst(s second) first  { return a{s} }
func NewSecond(t third) second { return b{t} }
func NewThird() third          { return c{} }

// Two interfaces on the way are likely to hold what the program puts there;
// with three it is a guess, and quiet.
func chained(ctx context.Context, f first, s second) {
	hub.Go(ctx, func(ctx context.Context) error {
		f.one()
		return nil
	})
	hub.Go(ctx, func(ctx context.Context) error {
		s.two() // want `time\.Sleep blocks the hub \[sleep, probable\]: .* \(wire\.b\)\.two as .* time\.Sleep$`
		return nil
	})
}
