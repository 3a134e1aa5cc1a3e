package tracetree

import (
	"cmp"
	"slices"
)

// estimateClocks finds the offset of every domain to that of the root and reports whether any changed.
func (t *Tree) estimateClocks() bool {
	c := &t.clock
	if !c.skew && t.clocksAgree() {
		return false
	}
	calls := map[clockPair][]allowed{}
	for i := int32(1); i < int32(len(t.hot)); i++ { // #nosec G115 -- bounded by the spans of a trace
		p := t.hot[i].parent
		if p == topLevel || !t.relates(p, i) {
			continue
		}
		a, ok := t.allow(p, i)
		if !ok {
			continue
		}
		pair := clockPair{t.hot[p].domain, t.hot[i].domain}
		if c.list[pair.a].key.compare(c.list[pair.b].key) > 0 { // not by index: that depends on what came first
			pair.a, pair.b = pair.b, pair.a
			a.lo, a.hi = -a.hi, -a.lo
		}
		calls[pair] = append(calls[pair], a)
	}
	found := make(map[clockPair]estimate, len(calls))
	for pair, list := range calls {
		found[pair] = estimateOf(list) // what may be added to the clock of b to be on that of a
	}
	return c.spread(t.leaders(), found)
}

// clocksAgree reports whether no call, and no time at which envelopes were sent, says that a clock is wrong: then none is
// moved, and there is nothing to estimate. That is so in most traces.
func (t *Tree) clocksAgree() bool {
	for i := int32(1); i < int32(len(t.hot)); i++ { // #nosec G115 -- bounded by the spans of a trace
		if p := t.hot[i].parent; p != topLevel && t.relates(p, i) {
			if a, ok := t.allow(p, i); ok && !a.fits {
				return false
			}
		}
	}
	var least, most int64
	any := false
	for i := range t.clock.list {
		d := &t.clock.list[i]
		if !d.hasDrift {
			continue
		}
		if !any {
			least, most, any = d.drift, d.drift, true
		}
		least, most = min(least, d.drift), max(most, d.drift)
	}
	return most-least <= driftSlack
}

// leaders lists the domains in the order in which others are moved to their clocks: that of the root first, or of the
// earliest row while there is none.
func (t *Tree) leaders() []int32 {
	first := make([]int32, len(t.clock.list)) // row of each domain
	earlier := func(a, b int32) int {
		x, y := &t.hot[a], &t.hot[b]
		return cmp.Or(
			compareBools(x.parent != topLevel, y.parent != topLevel),
			compareBools(x.is(isMark), y.is(isMark)),
			cmp.Compare(t.cold[a].span.StartTime, t.cold[b].span.StartTime),
			compareIDs(t.cold[a].id, t.cold[b].id))
	}
	for i := int32(1); i < int32(len(t.hot)); i++ { // #nosec G115 -- bounded by the spans of a trace
		h := &t.hot[i]
		if h.is(isMissing) || !t.hot[h.parent].is(isMissing) { // the top level is missing, too
			continue
		}
		if first[h.domain] == 0 || earlier(i, first[h.domain]) < 0 {
			first[h.domain] = i
		}
	}
	list := make([]int32, len(first))
	for i := range list {
		list[i] = int32(i) // #nosec G115 -- at most one per span
	}
	slices.SortFunc(list, func(a, b int32) int {
		if x, y := first[a], first[b]; x == 0 || y == 0 {
			return cmp.Or(compareBools(x == 0, y == 0), t.clock.list[a].key.compare(t.clock.list[b].key))
		}
		return earlier(first[a], first[b])
	})
	return list
}

// spread carries the offsets from the clock of the root to every other, along the most certain estimates (a minimum
// spanning tree), and reports whether any offset changed. Clocks that nothing connects to that of the root keep the time
// of the first of them.
func (c *clocks) spread(leaders []int32, found map[clockPair]estimate) (changed bool) {
	next := slices.Clone(c.list)
	for i := range next {
		next[i].offset, next[i].uncertainty, next[i].evidence = 0, 0, 0
	}
	links := c.mostCertain(found)
	reached := make([]bool, len(next))
	var steps []clockStep
	for k, leader := range leaders {
		if reached[leader] {
			continue
		}
		reached[leader] = true
		d, r := &next[leader], &next[leaders[0]]
		if k > 0 && d.hasDrift && r.hasDrift {
			if drift := d.drift - r.drift; max(drift, -drift) > driftSlack {
				d.offset, d.uncertainty = plainest(drift, driftSlack/8), driftSlack
			}
		}
		for queue := []int32{leader}; len(queue) > 0; queue = queue[1:] {
			for _, l := range links[queue[0]] {
				if !reached[l.to] {
					reached[l.to] = true
					steps = append(steps, clockStep{from: queue[0], clockLink: l})
					queue = append(queue, l.to)
				}
			}
		}
	}
	walk(next, steps)
	c.skew = false
	for i := range next {
		changed = changed || next[i].offset != c.list[i].offset
		c.skew = c.skew || next[i].offset != 0
	}
	c.list = next
	return changed
}

// clockStep leads from a clock whose offset is known to the next one.
type clockStep struct {
	from int32
	clockLink
	agrees bool // the clock may agree with that of the root: one between them is wrong
}

// walk sets the offsets behind each step. A clock that may agree with that of the root does, even when one between them
// is wrong, and that says more about the wrong one: of what its calls allow, only what its callees' allow, too.
func walk(next []domain, steps []clockStep) {
	type limits struct{ lo, hi int64 }
	may := make([]limits, len(next)) // where each clock may be
	within := make([]limits, len(next))
	for i := range next {
		may[i] = limits{next[i].offset, next[i].offset}
		within[i] = limits{-2 * maxOffset, 2 * maxOffset}
	}
	for k := range steps {
		s := &steps[k]
		from := may[s.from]
		if s.offset == 0 {
			may[s.to] = from
			continue
		}
		to := limits{max(from.lo+s.lo, -maxOffset), min(from.hi+s.hi, maxOffset)}
		if s.agrees = (from.lo != 0 || from.hi != 0) && to.lo <= startSlack && to.hi >= -startSlack; s.agrees {
			to = limits{}
			w := &within[s.from]
			w.lo, w.hi = max(w.lo, -s.hi), min(w.hi, -s.lo)
		}
		may[s.to] = to
	}
	for _, s := range steps {
		from, to := &next[s.from], &next[s.to]
		to.evidence, to.uncertainty = s.evidence, s.uncertainty
		switch {
		case s.agrees:
		case s.offset == 0:
			to.offset, to.uncertainty = from.offset, from.uncertainty
		default:
			lo, hi := s.lo, s.hi
			if lo > -unbounded {
				lo += from.offset
			}
			if hi < unbounded {
				hi += from.offset
			}
			if w := within[s.to]; max(lo, w.lo) <= min(hi, w.hi) {
				lo, hi = max(lo, w.lo), min(hi, w.hi)
			}
			to.offset = min(max(pick(lo, hi), -maxOffset), maxOffset)
			if lo > -unbounded && hi < unbounded {
				to.uncertainty = (hi - lo) / 2
			}
			to.uncertainty = min(to.uncertainty+from.uncertainty, maxOffset)
		}
	}
}

// clockLink is an estimate seen from one of its clocks: what to add to the time of the other.
type clockLink struct {
	to int32
	estimate
}

// mostCertain returns the estimates that connect the clocks with the least uncertainty, by clock (Kruskal's algorithm).
func (c *clocks) mostCertain(found map[clockPair]estimate) map[int32][]clockLink {
	pairs := make([]clockPair, 0, len(found))
	for p, e := range found {
		if e.known {
			pairs = append(pairs, p)
		}
	}
	keys := func(p clockPair) (domainKey, domainKey) {
		a, b := c.list[p.a].key, c.list[p.b].key
		if a.compare(b) > 0 {
			return b, a
		}
		return a, b
	}
	slices.SortFunc(pairs, func(x, y clockPair) int {
		xa, xb := keys(x)
		ya, yb := keys(y)
		return cmp.Or(cmp.Compare(found[x].uncertainty, found[y].uncertainty), xa.compare(ya), xb.compare(yb))
	})
	part := make([]int32, len(c.list))
	for i := range part {
		part[i] = int32(i) // #nosec G115 -- at most one per span
	}
	partOf := func(i int32) int32 {
		for part[i] != i {
			part[i] = part[part[i]]
			i = part[i]
		}
		return i
	}
	links := map[int32][]clockLink{}
	for _, p := range pairs {
		a, b := partOf(p.a), partOf(p.b)
		if a == b {
			continue
		}
		part[a] = b
		e := found[p]
		links[p.a] = append(links[p.a], clockLink{p.b, e})
		e.offset, e.lo, e.hi = -e.offset, -e.hi, -e.lo
		links[p.b] = append(links[p.b], clockLink{p.a, e})
	}
	return links
}
