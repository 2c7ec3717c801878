// Package trace declares what is told of spans.
package trace

// ReadOnlySpan is a span.
type ReadOnlySpan interface{ Name() string }

// SpanProcessor is told of spans.
type SpanProcessor interface {
	OnStart(s ReadOnlySpan)
	OnEnd(s ReadOnlySpan)
}
