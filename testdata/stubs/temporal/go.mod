// The part of the interface of go.temporal.io/sdk that the fixtures use, declared
// again: the real module is heavy.
module go.temporal.io/sdk

go 1.26.0
