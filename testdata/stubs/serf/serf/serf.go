// Package serf declares a delegate.
package serf

// Member is a member.
type Member struct{}

// MergeDelegate is asked before clusters merge.
type MergeDelegate interface{ NotifyMerge([]*Member) error }
