package tracetree

import (
	"slices"

	"github.com/otelcol-spotlight/otelcol-spotlight/translate/model"
)

// The critical path of a trace is what would have had to be faster for its roots to end earlier: walking back from the
// end of a row, the child that ended last before now was waited for, and so was the one that ended last before that
// child began; what is between them is the row's own time. (Jaeger's and Uber's CRISP do the same.)
//
// A child that ends after its parent is counted up to there when most of it lies before (a handler that tidies up
// after the response), or when it is the other side of a call (a server that finishes after its client has what it
// wants). Otherwise it was started and not waited for, and is not on the path. Marks are no work and never on it.
//
// Roots that ran at the same time each have their path. While no root has arrived, the spans by which services were
// entered stand for it; not every orphan, or the paths of a trace that arrives from its leaves would change with every
// batch.

// visit is a part of a row that the path runs through.
type visit struct {
	node   int32
	lo, hi int64
}

// followPath brings the critical path up to date, looking only at rows in or below which something changed.
func (t *Tree) followPath() {
	for _, i := range t.dirty {
		for j := i; t.hot[j].belowAt != t.epoch; j = t.hot[j].parent {
			t.hot[j].belowAt = t.epoch
			if j == topLevel {
				break
			}
		}
	}
	t.path = append(t.path, make([]int64, len(t.names.list)-len(t.path))...)
	tops := t.cold[topLevel].kids.list
	roots := false
	for _, i := range tops {
		roots = roots || !t.hot[i].is(isMissing|isMark|isFar)
	}
	visits := t.scratch.visits[:0]
	begin := func(i int32, on bool) {
		if !on {
			if t.hot[i].is(onPath) {
				t.leavePath(i, topLevel)
			}
			return
		}
		visits = append(visits, visit{i, t.hot[i].start, t.hot[i].end})
		t.hot[i].chosenBy = topLevel
	}
	for _, i := range tops {
		h := &t.hot[i]
		if !h.is(isMissing) {
			begin(i, !h.is(isMark|isFar))
			continue
		}
		for _, k := range t.cold[i].kids.list {
			c := &t.hot[k]
			begin(k, !roots && !h.is(isFar) && !c.is(isMark) && (c.is(isEntry) || c.kind == kindServer || c.kind == kindConsumer))
		}
	}
	for len(visits) > 0 {
		v := visits[len(visits)-1]
		visits = t.follow(v, visits[:len(visits)-1])
	}
	t.scratch.visits = visits
	for _, i := range t.filled { // orphans that stood for roots, and that their parents did not choose
		for _, k := range t.cold[i].kids.list {
			if t.hot[k].is(onPath) && t.hot[k].chosenBy == topLevel {
				t.leavePath(k, topLevel)
			}
		}
	}
}

// follow computes the path through a row and adds the children it runs through to those to visit.
func (t *Tree) follow(v visit, visits []visit) []visit {
	h, n := &t.hot[v.node], &t.cold[v.node]
	if h.is(onPath) && h.lo == v.lo && h.hi == v.hi && h.pathAt >= h.kidsAt {
		if h.pathAt < h.belowAt {
			for _, k := range n.chosen {
				if c := &t.hot[k]; c.pathAt < c.belowAt {
					visits = append(visits, visit{k, c.lo, c.hi})
				}
			}
		}
		h.pathAt = t.epoch
		return visits
	}
	h.set(onPath, true)
	h.pathAt = t.epoch
	h.lo, h.hi = v.lo, v.hi

	k := &n.kids
	if k.endOrder == 0 {
		copy(k.byEnd, k.list) // nearly in order
	}
	visits = slices.Grow(visits, len(k.byEnd))
	k.endOrder = t.sortIn(k.byEnd, k.endOrder, t.endsBefore)
	was := append(t.scratch.stack[:0], n.chosen...)
	t.scratch.stack = was
	n.chosen = n.chosen[:0]
	var own int64
	ranges := longest{list: t.scratch.ranges[:0]}
	now := v.hi
	for x := len(k.byEnd) - 1; x >= 0 && now > v.lo; x-- {
		i := k.byEnd[x]
		c := &t.hot[i]
		if c.end <= v.lo {
			break
		}
		start, end := max(c.start, v.lo), min(c.end, now)
		if start >= end || c.is(isMark) {
			continue
		}
		if over := c.end - now; over > overlap(c) && (now != v.hi || 2*over > c.end-c.start && !t.isCall(v.node, i)) {
			continue
		}
		if now > end {
			own += now - end
			ranges.add(model.Range{StartNS: end - h.start, DurationNS: now - end})
		}
		n.chosen = append(n.chosen, i)
		c.chosenBy, c.chosenAt = v.node, t.epoch
		if !c.isFollowed(start, end) {
			visits = append(visits, visit{i, start, end})
		}
		now = start
	}
	if now > v.lo {
		own += now - v.lo
		ranges.add(model.Range{StartNS: v.lo - h.start, DurationNS: now - v.lo})
	}
	t.scratch.ranges = ranges.list
	slices.Reverse(ranges.list)
	t.setPath(v.node, own, ranges.list)
	for _, i := range was {
		if t.hot[i].chosenAt != t.epoch {
			t.leavePath(i, v.node)
		}
	}
	return visits
}

// isFollowed reports whether the path through a part of a row is as it was, in it and below it.
func (h *hot) isFollowed(lo, hi int64) bool {
	return h.is(onPath) && h.lo == lo && h.hi == hi && h.pathAt >= h.belowAt
}

// isCall reports whether child is the other side of a call that parent waits for.
func (t *Tree) isCall(parent, child int32) bool {
	return t.hot[parent].kind == kindClient && t.hot[child].kind == kindServer
}

// setPath notes a row's own part of the path.
func (t *Tree) setPath(i int32, own int64, ranges []model.Range) {
	n, h := &t.cold[i], &t.hot[i]
	if h.service >= 0 {
		t.path[h.service] += own - n.pathNS
	}
	n.pathNS = own
	if h.is(isMissing) {
		return
	}
	if keep, changed := t.keepRanges(n.facts.Critical, ranges); changed {
		n.facts.Critical = keep
		t.touch(i)
	}
}

// leavePath takes a row off the path, and with it everything the path ran through below it, if it was there because of
// parent.
func (t *Tree) leavePath(i, parent int32) {
	visits := t.scratch.leaving[:0]
	visits = append(visits, visit{node: i, lo: int64(parent)})
	for len(visits) > 0 {
		v := visits[len(visits)-1]
		visits = visits[:len(visits)-1]
		h, n := &t.hot[v.node], &t.cold[v.node]
		if !h.is(onPath) || int64(h.chosenBy) != v.lo {
			continue
		}
		h.set(onPath, false)
		t.setPath(v.node, 0, nil)
		for _, k := range n.chosen {
			visits = append(visits, visit{node: k, lo: int64(v.node)})
		}
		n.chosen = n.chosen[:0]
	}
	t.scratch.leaving = visits
}
