package tracetree

import (
	"time"

	"github.com/otelcol-spotlight/otelcol-spotlight/translate/model"
)

// put takes a span in, in place of one with the same id or of the placeholder for it. It reports whether that changed
// anything. With replace, the span is right whatever was there.
func (t *Tree) put(s *model.Span, replace bool) bool {
	i, ok := t.index.get(s.SpanID)
	if !ok {
		i = t.newNode(s.SpanID)
		t.cold[i].span = s
		t.spans++
		t.read(i)
		t.fresh = append(t.fresh, i)
		t.moved = append(t.moved, i)
		return true
	}
	n, h := &t.cold[i], &t.hot[i]
	old := n.span
	switch {
	case old == s:
		return false
	case old == nil: // the parent that was missing
		n.span = s
		t.spans++
		t.leave(s.SpanID)
		h.set(isMissing, false)
		t.read(i)
		t.fresh = append(t.fresh, i)
		t.moved = append(t.moved, i)
		t.filled = append(t.filled, i)
		t.loosen(i)
		return true
	case !replace && !better(s, old):
		return false
	}
	n.span = s
	if s.ParentSpanID != old.ParentSpanID || s.Resource != old.Resource || s.Service != old.Service || t.hot[h.top].is(isCycle) {
		h.rowAt = t.version
		t.relink = true
		return true
	}
	t.read(i)
	t.fresh = append(t.fresh, i)
	if h.parent >= 0 {
		t.markKids(i)
		t.loosen(i)
		t.movedAt = t.version
	}
	t.clocksStale = true
	t.retop = t.retop || h.parent == topLevel
	return true
}

// newNode adds a node without a place.
func (t *Tree) newNode(id model.SpanID) int32 {
	i := int32(len(t.hot)) // #nosec G115 -- bounded by the spans of a trace
	t.hot = append(t.hot, hot{service: -1, parent: -1, top: i, flags: isMissing, rowAt: t.version})
	t.cold = append(t.cold, node{id: id})
	t.index.put(id, i)
	return i
}

// Bounds of what is believed, so that no sum or difference of times overflows.
const (
	maxTime     = 4_102_444_800 * int64(time.Second) // the year 2100
	maxDuration = 500_000_000 * int64(time.Second)   // 16 years
	maxOffset   = 2_200_000_000 * int64(time.Second) // 69 years: a clock that starts in 1970
)

// read fills the node of a span with what is said by the span alone.
func (t *Tree) read(i int32) {
	h, n := &t.hot[i], &t.cold[i]
	s := n.span
	h.rowAt = t.version
	if h.service >= 0 && n.pathNS != 0 {
		t.path[h.service] -= n.pathNS
	}
	n.pathNS = 0 // until the critical path comes here again
	h.service = t.names.of(s.Service)
	h.domain = t.clock.domainOf(s, h.service)
	h.kind = kindOf(s.Kind)
	h.class = classOf(s)
	h.set(isMissing, false)
	h.set(isOpen, s.Open)
	h.set(isFailed, s.Status == model.StatusError)
	h.set(isFine, s.Status == model.StatusOK)
	h.set(isEntry, s.Segment)
	h.set(isSentry, s.Origin == model.OriginSentry)
	pseudo, mark := pseudoOf(s.Op)
	h.set(isPseudo, pseudo)
	h.set(isMark, mark)
	n.facts.Pseudo = pseudo
	h.key, n.facts.FoldKey = 0, ""
	h.set(isFolded, false)
	h.set(hasMarks, len(s.Events)+len(s.Links) > 0)
	n.facts.ClockOffsetNS = t.clock.offset(h.domain)
	t.setTimes(i)
	n.facts.Errors = t.notes.bySpan[n.id]
	_, thrown := t.notes.thrown[n.id]
	h.set(hasErrors, len(n.facts.Errors) > 0)
	h.set(hasThrown, thrown)
}

// setTimes puts a span on the root's clock.
func (t *Tree) setTimes(i int32) {
	h, s := &t.hot[i], t.cold[i].span
	h.start, h.end = rawTimes(s)
	h.start += t.cold[i].facts.ClockOffsetNS
	h.end += t.cold[i].facts.ClockOffsetNS
}

// rawTimes returns start and end of a span by its own clock; an open span ends when it starts.
func rawTimes(s *model.Span) (start, end int64) {
	start = min(max(int64(s.StartTime), 0), maxTime)
	if s.Open {
		return start, start
	}
	return start, start + min(max(s.DurationNS, 0), maxDuration)
}
