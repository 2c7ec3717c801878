// The part of the interface of github.com/hashicorp/serf that the fixtures use, declared
// again: the real module is heavy.
module github.com/hashicorp/serf

go 1.26.0
