package tracetree

import (
	"cmp"
	"slices"
)

// link hangs what moved under its parent, or the placeholder for it.
func (t *Tree) link() {
	if len(t.moved) == 0 {
		return
	}
	t.makeRoomForMissing()
	for k := 0; k < len(t.moved); k++ { // grows: placeholders are made
		i := t.moved[k]
		was, parent := t.hot[i].parent, t.parentOf(i)
		t.hot[i].parent = parent
		if was >= 0 && was != parent {
			t.hot[was].set(isStale, true)
			t.markKids(was)
		}
	}
	t.setTops()
	t.makeRoom()
	for _, i := range t.moved {
		t.attach(i)
	}
	for _, i := range t.filled {
		t.lead(i)
	}
}

// makeRoomForMissing grows the memory of nodes once, by all placeholders that may be needed, where those are many.
func (t *Tree) makeRoomForMissing() {
	if cap(t.hot)-len(t.hot) >= len(t.moved) {
		return
	}
	missing := 0
	for _, i := range t.moved {
		if s := t.cold[i].span; s != nil && !s.ParentSpanID.IsZero() {
			if _, ok := t.index.get(s.ParentSpanID); !ok {
				missing++
			}
		}
	}
	t.hot, t.cold = slices.Grow(t.hot, missing), slices.Grow(t.cold, missing)
	t.index.reserve(t.index.n + missing)
}

// makeRoom gives parents that had no child yet the memory for those that come, all at once.
func (t *Tree) makeRoom() {
	for _, i := range t.moved {
		t.hot[t.hot[i].parent].coming++
	}
	var room []int32
	if t.brief {
		t.scratch.kids = slices.Grow(t.scratch.kids[:0], 2*len(t.moved))
		room = t.scratch.kids[:2*len(t.moved)]
	} else {
		room = make([]int32, 2*len(t.moved))
	}
	for _, i := range t.moved {
		p := t.hot[i].parent
		n := t.hot[p].coming
		t.hot[p].coming = 0
		if k := &t.cold[p].kids; n > 0 && k.list == nil {
			k.list, k.byEnd, room = room[:0:n], room[n:n:2*n], room[2*n:]
		}
	}
}

// parentOf returns the row a node hangs under as far as it says itself; cycles are still in it.
func (t *Tree) parentOf(i int32) int32 {
	s := t.cold[i].span
	if s == nil || s.ParentSpanID.IsZero() {
		return topLevel
	}
	if s.ParentSpanID == s.SpanID {
		t.hot[i].set(isSelfParent, true)
		t.cold[i].facts.ParentRow = s.SpanID
		return topLevel
	}
	p, ok := t.index.get(s.ParentSpanID)
	if !ok {
		p = t.newNode(s.ParentSpanID)
		t.moved = append(t.moved, p)
	}
	return p
}

// setTops finds the top-level row above everything that moved, and opens cycles.
func (t *Tree) setTops() {
	const walking = -1
	for k := 0; k < len(t.moved); k++ { // grows: opened cycles
		path := t.scratch.stack[:0]
		i := t.moved[k]
		for i != topLevel && t.hot[i].upAt != t.epoch {
			t.hot[i].upAt = t.epoch
			t.hot[i].top = walking
			path = append(path, i)
			i = t.hot[i].parent
		}
		var top int32
		switch {
		case i == topLevel && len(path) == 0:
			continue
		case i == topLevel:
			top = path[len(path)-1]
		case t.hot[i].top == walking:
			top = t.openCycle(path[slices.Index(path, i):])
		default:
			top = t.hot[i].top
		}
		for _, j := range path {
			t.hot[j].top = top
		}
		t.scratch.stack = path
	}
}

// openCycle makes the earliest span of a cycle of parents a root, by its time as received and its id, whatever the order
// of arrival was.
func (t *Tree) openCycle(cycle []int32) int32 {
	root := slices.MinFunc(cycle, func(a, b int32) int {
		return cmp.Or(cmp.Compare(t.cold[a].span.StartTime, t.cold[b].span.StartTime), compareIDs(t.cold[a].id, t.cold[b].id))
	})
	h := &t.hot[root]
	t.hot[h.parent].set(isStale, true)
	t.markKids(h.parent)
	h.set(isCycle, true)
	h.parent = topLevel
	h.rowAt = t.version
	t.cold[root].facts.ParentRow = t.cold[root].id
	if t.cold[root].attached > 0 { // else it moves already
		t.moved = append(t.moved, root)
		t.filled = append(t.filled, root)
	}
	return root
}

// attach puts a node among the children of its parent.
func (t *Tree) attach(i int32) {
	p := t.hot[i].parent
	k := &t.cold[p].kids
	n := &t.cold[i]
	if n.attached == 0 || n.under != p { // else a root came for its placeholder
		if n.attached > 0 {
			t.movedAt = t.version
		}
		n.under, n.attached = p, t.epoch
		k.list = append(k.list, i)
		k.byEnd = append(k.byEnd, i)
	}
	if p != topLevel {
		t.hot[i].set(isFar, false)
	}
	t.markKids(p)
	t.markKids(i)
	n.facts.Orphan = p != topLevel && t.hot[p].is(isMissing)
	if t.hot[p].is(isMissing) || t.relates(p, i) {
		t.clocksStale = true
	}
}

// lead tells the rows that were below a row before it came, or moved, what changed for them.
func (t *Tree) lead(i int32) {
	for _, k := range t.cold[i].kids.list {
		if t.hot[k].parent != i {
			continue
		}
		if t.cold[k].facts.Orphan {
			t.cold[k].facts.Orphan = false
			t.touch(k)
			t.clocksStale = true
		}
		if t.relates(i, k) {
			t.clocksStale = true
		}
	}
	if t.hot[i].downAt == t.epoch {
		return
	}
	stack := append(t.scratch.stack[:0], i)
	top := t.hot[i].top
	for len(stack) > 0 {
		j := stack[len(stack)-1]
		stack = stack[:len(stack)-1]
		if t.hot[j].downAt == t.epoch {
			continue
		}
		t.hot[j].downAt = t.epoch
		t.hot[j].top = top
		t.fresh = append(t.fresh, j)
		for _, k := range t.cold[j].kids.list {
			if t.hot[k].parent == j {
				stack = append(stack, k)
			}
		}
	}
	t.scratch.stack = stack
}

// loosen says that the times of a row are others than those it was put in order by.
func (t *Tree) loosen(i int32) {
	p := t.hot[i].parent
	t.markKids(p)
	if t.cold[i].attached != t.epoch { // else it stands in the part of the list that is not in order yet
		t.hot[i].set(isLoose, true)
		t.hot[p].set(isStale, true)
	}
}

// markKids says that the children of p, or its own times, are others than before.
func (t *Tree) markKids(p int32) {
	if t.hot[p].kidsAt == t.epoch {
		return
	}
	t.hot[p].kidsAt = t.epoch
	t.dirty = append(t.dirty, p)
}
