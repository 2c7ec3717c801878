package park_test

import (
	"context"
	"testing"

	"github.com/seed6bcf1587/coop/internal/park"
)

func TestBackground(t *testing.T) {
	live, cancel := context.WithCancel(context.Background())
	defer cancel()
	// If it does not recognise this one, its check at start has failed, and all waits are slower.
	if !park.Background(context.Background()) {
		t.Error("context.Background() was not recognised")
	}
	type embedding struct{ context.Context }
	for name, ctx := range map[string]context.Context{
		"nil":           nil,
		"TODO":          context.TODO(),
		"WithCancel":    live,
		"WithValue":     context.WithValue(context.Background(), park.Key{}, 1),
		"WithoutCancel": context.WithoutCancel(live),
		"embedding":     embedding{context.Background()},
		"test":          t.Context(),
	} {
		if park.Background(ctx) {
			t.Errorf("%s was taken for context.Background()", name)
		}
	}
	cancel()
	if park.Ended(context.Background()) || park.Ended(context.TODO()) || !park.Ended(live) {
		t.Error("Ended is wrong")
	}
}
