package analyzer

import "strings"

// meant suggests which of some names a wrong one was meant to be:
// "; did you mean x?", or nothing if none is near.
func meant(name string, names []string) string {
	best, least := "", 1+max(1, len(name)/3)
	for _, n := range names {
		d := distance(strings.ToLower(name), strings.ToLower(n))
		if len(name) > 2 && strings.HasPrefix(n, name) {
			d = 1 // unfinished
		}
		if d < least {
			best, least = n, d
		}
	}
	if best == "" {
		return ""
	}
	return "; did you mean " + best + "?"
}

// distance is the number of bytes to insert, delete or replace to get from a
// to b (Levenshtein), by the usual table of which two rows are kept. O(len(a)
// len(b)).
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			cost := diagonal
			if a[i] != b[j] {
				cost++
			}
			diagonal = row[j+1]
			row[j+1] = min(cost, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(b)]
}
