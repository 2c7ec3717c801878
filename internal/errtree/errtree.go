// Package errtree looks at all of an error, where errors.Is is content with a part.
package errtree

// Only reports whether err says nothing but one of the targets: it is one, or wraps one, or joins errors of each of which that holds.
func Only(err error, targets ...error) bool {
	for _, t := range targets {
		if err == t {
			return true
		}
	}
	switch err := err.(type) {
	case interface{ Unwrap() error }:
		inner := err.Unwrap()
		return inner != nil && Only(inner, targets...)
	case interface{ Unwrap() []error }:
		all := err.Unwrap()
		for _, inner := range all {
			if !Only(inner, targets...) {
				return false
			}
		}
		return len(all) > 0
	}
	return false
}
