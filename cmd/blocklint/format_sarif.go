package main

import (
	"encoding/json"
	"fmt"
	"io"
	"net/url"
	"slices"
	"unicode/utf8"

	"github.com/seed6bcf1587/coop/analyzer"
)

// The schema is at
// https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json
// The types here are the part of it that is used.
type (
	sarifLog struct {
		Schema  string     `json:"$schema"`
		Version string     `json:"version"`
		Runs    []sarifRun `json:"runs"`
	}
	sarifRun struct {
		Tool struct {
			Driver sarifDriver `json:"driver"`
		} `json:"tool"`
		BaseIDs    map[string]sarifArtifact `json:"originalUriBaseIds"`
		ColumnKind string                   `json:"columnKind"`
		Results    []sarifResult            `json:"results"`
	}
	sarifDriver struct {
		Name            string      `json:"name"`
		InformationURI  string      `json:"informationUri"`
		SemanticVersion string      `json:"semanticVersion,omitempty"`
		Version         string      `json:"version"`
		Rules           []sarifRule `json:"rules"`
	}
	sarifRule struct {
		ID            string         `json:"id"`
		Name          string         `json:"name"`
		Short         sarifText      `json:"shortDescription"`
		Full          sarifText      `json:"fullDescription"`
		Help          sarifText      `json:"help"`
		HelpURI       string         `json:"helpUri"`
		Configuration sarifLevel     `json:"defaultConfiguration"`
		Properties    map[string]any `json:"properties"`
	}
	sarifLevel struct {
		Level string `json:"level"`
	}
	sarifText struct {
		Text     string `json:"text"`
		Markdown string `json:"markdown,omitempty"`
	}
	sarifResult struct {
		RuleID       string            `json:"ruleId"`
		RuleIndex    int               `json:"ruleIndex"`
		Level        string            `json:"level"`
		Message      sarifText         `json:"message"`
		Locations    []sarifLocation   `json:"locations"`
		CodeFlows    []sarifCodeFlow   `json:"codeFlows,omitempty"`
		Fingerprints map[string]string `json:"partialFingerprints"`
	}
	sarifCodeFlow struct {
		ThreadFlows []sarifThreadFlow `json:"threadFlows"`
	}
	sarifThreadFlow struct {
		Locations []sarifFlowLocation `json:"locations"`
	}
	sarifFlowLocation struct {
		Location sarifLocation `json:"location"`
	}
	sarifLocation struct {
		Physical sarifPhysical `json:"physicalLocation"`
		Message  *sarifText    `json:"message,omitempty"`
	}
	sarifPhysical struct {
		Artifact sarifArtifact `json:"artifactLocation"`
		Region   sarifRegion   `json:"region"`
	}
	sarifArtifact struct {
		URI         string     `json:"uri,omitempty"`
		BaseID      string     `json:"uriBaseId,omitempty"`
		Description *sarifText `json:"description,omitempty"`
	}
	sarifRegion struct {
		StartLine   int `json:"startLine"`
		StartColumn int `json:"startColumn"`
	}
)

// What GitHub's code scanning accepts and keeps of one file: see
// https://docs.github.com/code-security/code-scanning/troubleshooting-sarif/results-exceed-limit
const (
	sarifMaxResults = 25000 // more, and the whole file is refused
	sarifMaxFlow    = 1000  // locations of a path
	sarifShown      = 5000  // results that are shown, by severity
)

// The base ids of URIs: files of the repository, and those of packages
// elsewhere, by import path.
const (
	sourceRoot  = "SRCROOT"
	packageRoot = "PACKAGES"
)

const documentation = "https://github.com/seed6bcf1587/coop/blob/main/docs/blocklint.md"

// printSARIF prints a SARIF 2.1.0 log.
func printSARIF(w io.Writer, r *report) error {
	fs := slices.Clone(r.findings)
	slices.SortStableFunc(fs, func(a, b finding) int { return rank(a.Confidence) - rank(b.Confidence) })
	if n := len(fs); n > sarifMaxResults {
		fs = fs[:sarifMaxResults]
		r.notes = append(r.notes, fmt.Sprintf("%d findings left out: GitHub refuses a file with more than %d", n-sarifMaxResults, sarifMaxResults))
	} else if n > sarifShown {
		r.notes = append(r.notes, fmt.Sprintf("%d findings: GitHub shows the first %d", n, sarifShown))
	}
	s := sarifWriter{repo: repository(), lines: make(sources), index: make(map[string]int)}
	var run sarifRun
	run.Tool.Driver = s.driver()
	run.ColumnKind = "unicodeCodePoints"
	run.BaseIDs = map[string]sarifArtifact{
		sourceRoot:  {Description: &sarifText{Text: "The root of the repository."}},
		packageRoot: {Description: &sarifText{Text: "Packages of other modules, by import path."}},
	}
	run.Results = make([]sarifResult, 0, len(fs))
	for i := range fs {
		run.Results = append(run.Results, s.result(&fs[i]))
	}
	// Not indented: 10,000 findings are to stay far below the 10 MB, compressed,
	// that GitHub takes.
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	return enc.Encode(sarifLog{
		Schema:  "https://json.schemastore.org/sarif-2.1.0.json",
		Version: "2.1.0",
		Runs:    []sarifRun{run},
	})
}

type sarifWriter struct {
	repo  string
	lines sources
	index map[string]int // of rules, by id
}

func (s *sarifWriter) driver() sarifDriver {
	d := sarifDriver{Name: "blocklint", InformationURI: documentation, Version: version().String()}
	add := func(id, name, short, full, help, markdown string) {
		s.index[id] = len(d.Rules)
		d.Rules = append(d.Rules, sarifRule{
			ID: id, Name: name, Short: sarifText{Text: short}, Full: sarifText{Text: full},
			Help: sarifText{Text: help, Markdown: markdown}, HelpURI: documentation + "#" + id,
			Configuration: sarifLevel{"error"},
			Properties:    map[string]any{"tags": []string{"concurrency", "event-loop", "blocking", id}, "precision": "high", "problem.severity": "error"},
		})
	}
	for _, c := range analyzer.Categories() {
		add(c.Name, "Blocking"+title(c.Name), c.Summary, c.Harm, explanation(c), explanationMarkdown(c))
	}
	const text = "A blocklint directive is malformed, misplaced or accepts nothing."
	add("directive", "Directive", text, text, text, "")
	return d
}

func title(s string) string { return string(s[0]-'a'+'A') + s[1:] }

func (s *sarifWriter) result(f *finding) sarifResult {
	rule := f.Category
	if rule == "" {
		rule = "directive"
	}
	res := sarifResult{
		RuleID: rule, RuleIndex: s.index[rule], Level: severity(f.Confidence, "error", "warning", "note"),
		Message: sarifText{Text: f.head()},
		// GitHub knows a finding again by the first of these.
		Fingerprints: map[string]string{"primaryLocationLineHash": f.Fingerprint, "blocklint/v1": f.Fingerprint},
	}
	if len(f.Path) == 0 {
		res.Locations = []sarifLocation{s.location(f.At, "")}
		return res
	}
	res.Message.Text += "\n" + pathText(f)
	flow := sarifThreadFlow{}
	add := func(l sarifLocation) {
		if len(flow.Locations) < sarifMaxFlow {
			flow.Locations = append(flow.Locations, sarifFlowLocation{l})
		}
	}
	add(s.location(f.Root.At, f.Root.Name+", "+f.how()))
	for _, step := range f.Path {
		l := s.location(step.At, step.Name)
		add(l)
		// An alert stands in a file of the repository: at the operation, or
		// where the path leaves it.
		if l.Physical.Artifact.BaseID == sourceRoot {
			l.Message = nil
			res.Locations = []sarifLocation{l}
		}
	}
	if res.Locations == nil {
		res.Locations = []sarifLocation{s.location(f.At, "")}
	}
	res.CodeFlows = []sarifCodeFlow{{[]sarifThreadFlow{flow}}}
	return res
}

func (s *sarifWriter) location(p analyzer.Place, message string) sarifLocation {
	var l sarifLocation
	file, inside := inRepository(s.repo, p)
	l.Physical.Artifact = sarifArtifact{URI: (&url.URL{Path: file}).EscapedPath(), BaseID: sourceRoot}
	if !inside {
		l.Physical.Artifact.BaseID = packageRoot
	}
	line := s.lines.line(p.File, p.Line)
	column := utf8.RuneCountInString(line[:min(max(p.Column-1, 0), len(line))]) + 1
	if line == "" {
		column = max(p.Column, 1)
	}
	l.Physical.Region = sarifRegion{max(p.Line, 1), column}
	if message != "" {
		l.Message = &sarifText{Text: message}
	}
	return l
}
