package live

// node makes a T an element of a list. It is a field of T, so that moving and removing cost no allocation and no search.
type node[T any] struct {
	prev, next *node[T]
	in         *list[T]
	v          *T
}

// list is a doubly linked list of nodes. The zero value is empty. A node is in at most one list.
type list[T any] struct {
	front, back *node[T]
	n           int
}

// pushBack puts n, which is in no list, at the end.
func (l *list[T]) pushBack(n *node[T], v *T) {
	n.in, n.v, n.prev, n.next = l, v, l.back, nil
	if l.back == nil {
		l.front = n
	} else {
		l.back.next = n
	}
	l.back = n
	l.n++
}

// insertAfter puts n, which is in no list, behind at; behind nothing, when at is nil, means at the front.
func (l *list[T]) insertAfter(at, n *node[T], v *T) {
	if at == l.back {
		l.pushBack(n, v)
		return
	}
	n.in, n.v, n.prev = l, v, at
	if at == nil {
		n.next, l.front = l.front, n
	} else {
		n.next, at.next = at.next, n
	}
	n.next.prev = n
	l.n++
}

// remove takes n out of its list; it does nothing when n is in none.
func (n *node[T]) remove() {
	l := n.in
	if l == nil {
		return
	}
	if n.prev == nil {
		l.front = n.next
	} else {
		n.prev.next = n.next
	}
	if n.next == nil {
		l.back = n.prev
	} else {
		n.next.prev = n.prev
	}
	n.prev, n.next, n.in = nil, nil, nil
	l.n--
}

// moveBack makes n the last element of l, whether it was in it or not.
func (l *list[T]) moveBack(n *node[T], v *T) {
	if l.back == n {
		return
	}
	n.remove()
	l.pushBack(n, v)
}
