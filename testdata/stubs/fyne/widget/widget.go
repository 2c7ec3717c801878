// Package widget declares a widget.
package widget

// Button calls OnTapped.
type Button struct{ OnTapped func() }

// NewButton returns a button.
func NewButton(label string, tapped func()) *Button { return &Button{OnTapped: tapped} }
