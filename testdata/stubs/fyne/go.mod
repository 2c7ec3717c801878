// The part of the interface of fyne.io/fyne/v2 that the fixtures use, declared
// again: the real module is heavy.
module fyne.io/fyne/v2

go 1.26.0
