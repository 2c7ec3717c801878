// The part of the interface of github.com/panjf2000/gnet/v2 that the fixtures use, declared
// again: the real module is not on every module proxy.
module github.com/panjf2000/gnet/v2

go 1.26.0
