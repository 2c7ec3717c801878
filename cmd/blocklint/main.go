package main

import (
	"golang.org/x/tools/go/analysis/unitchecker"

	"github.com/seed6bcf1587/coop/analyzer"
)

func main() { unitchecker.Main(analyzer.Analyzer) }
