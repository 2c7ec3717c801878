package main

import "io"

// A report is what one run has to show.
type report struct {
	findings []finding // sorted by operation
	roots    int
	palette  palette
	source   bool     // with source lines, in text
	notes    []string // what a format had to leave out
}

// formats prints reports, by name.
var formats = map[string]func(w io.Writer, r *report) error{
	"text":    printText,
	"oneline": printOneLine,
	"json":    printJSON,
	"sarif":   printSARIF,
	"github":  printGitHub,
	"dot":     printDot,
	"svg":     printSVG,
	"html":    printHTML,
}

// formatNames lists the formats in the order in which the help has them.
var formatNames = []string{"text", "oneline", "json", "sarif", "github", "dot", "svg", "html"}
