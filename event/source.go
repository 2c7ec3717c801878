package event

import (
	"iter"

	"github.com/seed6bcf1587/coop/internal/lend"
)

func init() {
	lend.Attach = func(result any, s lend.Source) { result.(interface{ comesFrom(lend.Source) }).comesFrom(s) }
}

func (r *Result[T]) comesFrom(s lend.Source) { r.source = s }

// sources is where a Result comes from that is made of several.
type sources []lend.Source

// Jobs implements [lend.Source].
func (s sources) Jobs() iter.Seq[lend.Job] {
	return func(yield func(lend.Job) bool) {
		for _, source := range s {
			for j := range source.Jobs() {
				if !yield(j) {
					return
				}
			}
		}
	}
}

func sourceOf[T any](rs []*Result[T]) lend.Source {
	var s sources
	for _, r := range rs {
		if r.source != nil {
			s = append(s, r.source)
		}
	}
	if s == nil {
		return nil
	}
	return s
}
