// The part of the interface of github.com/hajimehoshi/ebiten/v2 that the fixtures use, declared
// again: the real module needs the headers of a window system.
module github.com/hajimehoshi/ebiten/v2

go 1.26.0
