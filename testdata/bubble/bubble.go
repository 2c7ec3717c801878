// Package bubble exists for its tests.
package bubble
