// Package script tests blocklint as its users run it: scripts in testdata,
// one for each thing that the tool does. It is a module of its own, so that
// what the tests need is not required by those who use coop.
package script
