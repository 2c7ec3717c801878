package main

import (
	"io"
	"os"
)

// isTerminal reports whether w is a terminal: a character device other than
// the null device.
func isTerminal(w io.Writer) bool {
	f, ok := w.(*os.File)
	if !ok {
		return false
	}
	st, err := f.Stat()
	if err != nil || st.Mode()&os.ModeCharDevice == 0 {
		return false
	}
	null, err := os.Stat(os.DevNull)
	return err != nil || !os.SameFile(st, null)
}

// A palette colours what goes to a terminal. The zero palette does not.
type palette struct{ on bool }

// paletteFor returns the palette for w: colours on a terminal that has them,
// unless the user wants none (https://no-color.org).
func paletteFor(w io.Writer) palette {
	return palette{isTerminal(w) && os.Getenv("NO_COLOR") == "" && os.Getenv("TERM") != "" && os.Getenv("TERM") != "dumb"}
}

func (p palette) paint(code, s string) string {
	if !p.on {
		return s
	}
	return "\x1b[" + code + "m" + s + "\x1b[0m"
}

func (p palette) bold(s string) string { return p.paint("1", s) }
func (p palette) dim(s string) string  { return p.paint("2", s) }

// level paints s in the colour of a confidence.
func (p palette) level(confidence, s string) string {
	switch confidence {
	case "definite":
		return p.paint("31", s)
	case "probable":
		return p.paint("33", s)
	}
	return p.paint("36", s)
}
