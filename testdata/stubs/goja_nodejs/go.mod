// The part of the interface of github.com/dop251/goja_nodejs that the fixtures use, declared
// again: the real module is heavy.
module github.com/dop251/goja_nodejs

go 1.26.0
