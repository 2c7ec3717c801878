// The part of the interface of go.opentelemetry.io/otel/sdk that the fixtures use, declared
// again: the real module is heavy.
module go.opentelemetry.io/otel/sdk

go 1.26.0
