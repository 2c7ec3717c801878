package main

import (
	"encoding/json"
	"io"
)

// jsonVersion is the version of the JSON format. It changes when a field is
// removed or changes its meaning, not when one is added.
const jsonVersion = 1

// printJSON prints the findings as one JSON object.
func printJSON(w io.Writer, r *report) error {
	for i := range r.findings {
		r.findings[i].spell()
	}
	return encode(w, struct {
		Version  int       `json:"version"`
		Roots    int       `json:"roots"`
		Findings []finding `json:"findings"`
	}{jsonVersion, r.roots, notNil(r.findings)})
}

// spell writes out what text puts together only when it prints.
func (f *finding) spell() {
	if f.Root != nil {
		f.Root.How = f.how()
	}
}

// notNil makes an empty list an empty list in JSON, and not null.
func notNil[T any](list []T) []T {
	if list == nil {
		return []T{}
	}
	return list
}

func encode(w io.Writer, v any) error {
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	return enc.Encode(v)
}
