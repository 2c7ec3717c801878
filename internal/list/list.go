// Package list has a doubly linked list whose nodes are part of what is listed: to be in a list allocates nothing, and to leave it takes
// constant time from anywhere. container/list allocates a node for each value.
package list

// A List is a doubly linked list of nodes. The zero value is empty. It must not be copied, and is not safe for concurrent use.
type List[T any] struct {
	first, last *Node[T]
	n           int
}

// A Node is in one list at most. It is a field of what it stands for, to which its Value leads.
type Node[T any] struct {
	Value T

	next, prev *Node[T]
	list       *List[T] // the one that it is in, or nil
}

// Len returns the number of nodes.
func (l *List[T]) Len() int { return l.n }

// First returns the first node, or nil.
func (l *List[T]) First() *Node[T] { return l.first }

// Next returns the node behind n, or nil.
func (n *Node[T]) Next() *Node[T] { return n.next }

// Listed reports whether n is in a list.
func (n *Node[T]) Listed() bool { return n.list != nil }

// Push puts n, which is in no list, at the end of l.
func (l *List[T]) Push(n *Node[T]) {
	n.list, n.prev = l, l.last
	if l.last == nil {
		l.first = n
	} else {
		l.last.next = n
	}
	l.last = n
	l.n++
}

// Remove takes n out of the list that it is in, and reports whether it was in one.
func (n *Node[T]) Remove() bool {
	l := n.list
	if l == nil {
		return false
	}
	if n.prev == nil {
		l.first = n.next
	} else {
		n.prev.next = n.next
	}
	if n.next == nil {
		l.last = n.prev
	} else {
		n.next.prev = n.prev
	}
	n.next, n.prev, n.list = nil, nil, nil
	l.n--
	return true
}
