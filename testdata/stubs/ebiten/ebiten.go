// Package ebiten declares what a game implements.
package ebiten

// Image is drawn on.
type Image struct{}

// Game is run by the loop.
type Game interface {
	Update() error
	Draw(screen *Image)
	Layout(w, h int) (int, int)
}

// RunGame runs the loop.
func RunGame(g Game) error { return g.Update() }
