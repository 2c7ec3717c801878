// The part of the interface of k8s.io/client-go that the fixtures use, declared
// again: the real module is heavy.
module k8s.io/client-go

go 1.26.0
