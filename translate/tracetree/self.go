package tracetree

import (
	"slices"
	"time"

	"github.com/otelcol-spotlight/otelcol-spotlight/translate/model"
)

// maxRanges is how many ranges of self time, or of the critical path, a row carries: the longest. A bar is some hundred
// pixels wide; the sums are of all ranges.
const maxRanges = 12

// measureSelf computes the time of a span in which no child ran, and where that is.
func (t *Tree) measureSelf(i int32) {
	h, n := &t.hot[i], &t.cold[i]
	if h.is(isMissing) {
		return
	}
	var self, most int64
	ranges := longest{list: t.scratch.ranges[:0]}
	at := h.start
	add := func(to int64) {
		if to > at {
			self += to - at
			most = max(most, to-at)
			ranges.add(model.Range{StartNS: at - h.start, DurationNS: to - at})
		}
	}
	if h.is(isMark) {
		at = h.end // a moment, or the wait for one: nothing ran
	}
	for _, k := range n.kids.list {
		c := &t.hot[k]
		if c.start >= h.end {
			break
		}
		if c.end <= at || c.is(isMark) {
			continue
		}
		add(c.start)
		at = max(at, min(c.end, h.end))
	}
	add(h.end)
	t.scratch.ranges = ranges.list
	if self == 0 || self == h.end-h.start {
		ranges.list = nil // nothing, or the whole bar
	}
	if n.facts.SelfNS != self {
		n.facts.SelfNS = self
		t.touch(i)
	}
	if keep, changed := t.keepRanges(n.facts.Self, ranges.list); changed {
		n.facts.Self = keep
		t.touch(i)
	}
	n.longest = most
	t.setGap(i)
}

// longest keeps the longest of the ranges added to it, in the order they were added.
type longest struct {
	list     []model.Range
	shortest int // index of the shortest of a full list
}

func (l *longest) add(r model.Range) {
	if len(l.list) < maxRanges {
		l.list = append(l.list, r)
	} else {
		if r.DurationNS <= l.list[l.shortest].DurationNS {
			return
		}
		l.list = append(slices.Delete(l.list, l.shortest, l.shortest+1), r)
	}
	if len(l.list) == maxRanges {
		l.shortest = 0
		for k := range l.list {
			if l.list[k].DurationNS < l.list[l.shortest].DurationNS {
				l.shortest = k
			}
		}
	}
}

// keepRanges returns was when it says the same as ranges, else a copy of ranges.
func (t *Tree) keepRanges(was, ranges []model.Range) (keep []model.Range, changed bool) {
	n := len(ranges)
	switch {
	case slices.Equal(was, ranges):
		return was, false
	case n == 0:
		return nil, true
	case n > len(t.scratch.room):
		t.scratch.room = make([]model.Range, max(n, min(512, t.spans)))
	}
	keep, t.scratch.room = t.scratch.room[:n:n], t.scratch.room[n:]
	copy(keep, ranges)
	return keep, true
}

const (
	minGap      = int64(100 * time.Millisecond) // overlay-spec 7.2
	gapFraction = 5                             // a gap is more than one fifth of the trace
)

// setGap marks the longest stretch of a span in which nothing was recorded, when it is worth a look. A call that waits
// for somebody else (a query, an HTTP request) has nothing to record in itself.
func (t *Tree) setGap(i int32) {
	h, n := &t.hot[i], &t.cold[i]
	own := (h.kind == kindInternal || h.kind == kindServer || h.kind == kindConsumer) &&
		(h.class == classOther || h.class == classHTTPServer || h.class == classRPC || h.class == classQueue)
	if !own || h.is(isPseudo|isLate) || n.longest <= minGap {
		if _, ok := t.gaps[i]; ok {
			delete(t.gaps, i)
			t.applyGap(i, 0)
		}
		return
	}
	if t.gaps == nil {
		t.gaps = map[int32]struct{}{}
	}
	t.gaps[i] = struct{}{}
}

func (t *Tree) applyGap(i int32, gap int64) {
	if f := &t.cold[i].facts; f.GapNS != gap {
		f.GapNS = gap
		t.touch(i)
	}
}

// measureTrace computes the times of the trace and what is measured by them.
func (t *Tree) measureTrace() {
	t.from, t.to, t.duration = t.extent()
	for i := range t.gaps {
		gap := t.cold[i].longest
		if gap*gapFraction <= t.duration {
			gap = 0
		}
		t.applyGap(i, gap)
	}
}

// extent returns start and end of the axis, and the time the rows of the top level cover; see doc.go.
func (t *Tree) extent() (from, to, covered int64) {
	until, any := int64(0), false
	for _, marks := range [...]bool{false, true} { // web vitals count only where there is nothing else
		for _, i := range t.cold[topLevel].kids.list { // in order of their start
			h := &t.hot[i]
			if h.is(isFar) || h.is(isMark) != marks {
				continue
			}
			if !any {
				from, until, any = h.start, h.start, true
			}
			covered += max(0, h.end-max(h.start, until))
			until = max(until, h.end)
		}
		if any {
			break
		}
	}
	to = until
	for i := 1; i < len(t.hot); i++ {
		if h := &t.hot[i]; h.end > to && !h.is(isLate|isMark|isMissing) {
			to = h.end
		}
	}
	return from, to, covered
}

// equalFacts reports whether two spans have the same facts, apart from those that follow from the parents.
func equalFacts(a, b *model.SpanFacts) bool {
	return a.Children == b.Children && a.ParentRow == b.ParentRow && a.Orphan == b.Orphan &&
		a.ClockOffsetNS == b.ClockOffsetNS && a.SelfNS == b.SelfNS && slices.Equal(a.Self, b.Self) &&
		slices.Equal(a.Critical, b.Critical) && a.GapNS == b.GapNS && a.Pseudo == b.Pseudo && a.NPlusOne == b.NPlusOne &&
		a.FoldKey == b.FoldKey && a.Late == b.Late && slices.Equal(a.AlsoReported, b.AlsoReported) &&
		slices.Equal(a.Errors, b.Errors)
}
