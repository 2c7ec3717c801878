// The part of the interface of go.uber.org/cadence that the fixtures use, declared
// again: the real module is not on every module proxy.
module go.uber.org/cadence

go 1.26.0
