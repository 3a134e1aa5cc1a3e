package tracetree

import (
	"slices"
	"time"
)

// arrange sorts the children of every row that changed, and gives placeholders the time of their children.
func (t *Tree) arrange() {
	for k := 0; k < len(t.dirty); k++ { // grows by the top level
		p := t.dirty[k]
		if p == topLevel {
			continue
		}
		t.sortKids(p)
		if t.hot[p].is(isMissing) {
			t.setPlaceholder(p)
		}
	}
	if t.hot[topLevel].kidsAt == t.epoch {
		t.sortKids(topLevel)
	}
}

// sortKids sorts the children of p by start; by end they are sorted when the critical path asks.
func (t *Tree) sortKids(p int32) {
	h, k := &t.hot[p], &t.cold[p].kids
	if h.is(isStale) {
		h.set(isStale, false)
		k.inOrder = t.settle(&k.list, k.inOrder, p)
		k.endOrder = t.settle(&k.byEnd, k.endOrder, p)
		for _, i := range k.list[k.inOrder:] {
			t.hot[i].set(isLoose, false)
		}
	}
	if h.is(isUnsorted) {
		k.inOrder, k.endOrder = 0, 0
		h.set(isUnsorted, false)
	}
	k.inOrder = t.sortIn(k.list, k.inOrder, t.before)
	if n := &t.cold[p]; n.facts.Children != len(k.list) {
		n.facts.Children = len(k.list)
		t.touch(p)
		if h.is(isMissing) {
			h.rowAt = t.version
		}
	}
}

// settle takes out of a list of children of p what hangs under another row now, and puts what is loose at its end. It
// returns how many are in order.
func (t *Tree) settle(list *[]int32, inOrder int, p int32) int {
	keep, loose := (*list)[:0], t.scratch.merge[:0]
	sorted := 0
	for k, i := range *list {
		switch h := &t.hot[i]; {
		case h.parent != p:
		case h.is(isLoose):
			loose = append(loose, i)
		default:
			keep = append(keep, i)
			if k < inOrder {
				sorted++
			}
		}
	}
	*list = append(keep, loose...)
	t.scratch.merge = loose
	return sorted
}

// sortIn sorts a list of which the first inOrder are in order, and returns its length.
func (t *Tree) sortIn(list []int32, inOrder int, cmp func(a, b int32) int) int {
	tail := list[inOrder:]
	if len(tail) == 0 {
		return len(list)
	}
	slices.SortFunc(tail, cmp)
	if inOrder == 0 || cmp(list[inOrder-1], tail[0]) <= 0 {
		return len(list)
	}
	// Merge from the back: few come to many, so their places are searched, and what is between them moves at once.
	t.scratch.merge = append(t.scratch.merge[:0], tail...)
	tail = t.scratch.merge
	rest := inOrder
	for j := len(tail) - 1; j >= 0 && rest > 0; j-- {
		at, _ := slices.BinarySearchFunc(list[:rest], tail[j], func(have, new int32) int {
			if cmp(have, new) > 0 {
				return 1
			}
			return -1
		})
		copy(list[at+j+1:], list[at:rest])
		list[at+j] = tail[j]
		if rest = at; rest == 0 {
			copy(list, tail[:j])
		}
	}
	return len(list)
}

// setPlaceholder gives a missing parent the time of its children: it ran at least from the start of the first to the
// end of the last. Marks (web vitals) say nothing about its end.
func (t *Tree) setPlaceholder(p int32) {
	h, n := &t.hot[p], &t.cold[p]
	if len(n.kids.list) == 0 {
		return
	}
	start := t.hot[n.kids.list[0]].start
	end := start
	for _, k := range n.kids.list {
		if !t.hot[k].is(isMark) {
			end = max(end, t.hot[k].end)
		}
	}
	if start != h.start || end != h.end {
		h.start, h.end, h.rowAt = start, end, t.version
		t.loosen(p)
		t.fresh = append(t.fresh, p)
	}
}

const (
	// far is how much later than everything before it a row of the top level has to start to be taken for one with a
	// wrong clock, or for something that has nothing to do with the trace any more: as long as the store keeps traces.
	far = int64(time.Hour)

	// lateSlack is what the clocks of browsers are rounded to: a child may seem to start that much after its parent's end.
	lateSlack = int64(time.Millisecond)
)

// place marks what lies outside the time of the trace.
func (t *Tree) place() {
	t.findFar()
	if t.retop {
		t.retop = false
		for i := 1; i < len(t.hot); i++ {
			t.setLate(int32(i)) // #nosec G115 -- bounded by the spans of a trace
		}
		return
	}
	for _, i := range t.fresh {
		t.setLate(i)
	}
}

func (t *Tree) setLate(i int32) {
	h := &t.hot[i]
	if h.is(isMissing) {
		return
	}
	top := &t.hot[h.top]
	late := top.is(isFar)
	if !late && h.top != i && !top.is(isMissing) && !top.is(isOpen) {
		late = h.start > top.end+lateSlack
	}
	if late != h.is(isLate) {
		h.set(isLate, late)
		t.cold[i].facts.Late = late
		t.touch(i)
		t.setGap(i)
	}
}

// findFar looks for rows of the top level that lie far away from the others; the part of the trace with most spans
// keeps its place.
func (t *Tree) findFar() {
	tops := t.cold[topLevel].kids.list
	if len(tops) == 0 {
		return
	}
	apart := t.hot[tops[len(tops)-1]].start-t.hot[tops[0]].start > far
	if !apart && !t.anyFar {
		return
	}
	t.anyFar = false
	first, last := 0, len(tops)
	if apart {
		first, last = t.largestPart(tops)
	}
	for k, i := range tops {
		isAway := k < first || k >= last
		t.anyFar = t.anyFar || isAway
		if isAway != t.hot[i].is(isFar) {
			t.hot[i].set(isFar, isAway)
			t.retop = true
		}
	}
}

// largestPart returns the run of top-level rows, none far from the one before, that holds most spans; of equal ones the
// earliest.
func (t *Tree) largestPart(tops []int32) (first, last int) {
	counts := make(map[int32]int, len(tops))
	for i := 1; i < len(t.hot); i++ {
		if !t.hot[i].is(isMissing) {
			counts[t.hot[i].top]++
		}
	}
	best, n, from := 0, 0, 0
	end := t.hot[tops[0]].end
	for k, i := range tops {
		if t.hot[i].start-end > far {
			from, n = k, 0
		}
		end = max(end, t.hot[i].end)
		n += counts[i]
		if n > best {
			best, first, last = n, from, k+1
		}
	}
	return first, last
}
