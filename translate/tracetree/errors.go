package tracetree

import (
	"cmp"
	"maps"
	"slices"

	"github.com/otelcol-spotlight/otelcol-spotlight/translate/model"
)

// notes are the error events of a trace.
type notes struct {
	known  map[model.EventID]struct{}
	bySpan map[model.SpanID][]model.EventID // oldest first, at most maxErrors; the lists are never changed
	times  map[model.EventID]model.Time     // of those in bySpan
	thrown map[model.SpanID]struct{}        // spans with an error that nobody handled
	given  []model.EventID                  // every event, in the order it was given
	errors int
}

// maxErrors is how many errors a row names: the first ones.
const maxErrors = 20

func (n *notes) init() {
	n.known = map[model.EventID]struct{}{}
	n.bySpan = map[model.SpanID][]model.EventID{}
	n.times = map[model.EventID]model.Time{}
	n.thrown = map[model.SpanID]struct{}{}
}

// startOf reports whether events are those given before, and perhaps more.
func (n *notes) startOf(events []model.EventSummary) bool {
	if len(events) < len(n.given) {
		return false
	}
	for i, id := range n.given {
		if events[i].EventID != id {
			return false
		}
	}
	return true
}

// note takes events in and reports whether any was new.
func (t *Tree) note(events []model.EventSummary) (changed bool) {
	n := &t.notes
	if n.known == nil && len(events) > 0 {
		n.init()
	}
	for k := range events {
		ev := &events[k]
		if _, ok := n.known[ev.EventID]; ok {
			continue
		}
		n.known[ev.EventID] = struct{}{}
		n.given = append(n.given, ev.EventID)
		if ev.Type != model.EventError {
			continue
		}
		n.errors++
		changed = true
		if ev.SpanID.IsZero() {
			continue
		}
		node, known := t.index.get(ev.SpanID)
		known = known && !t.hot[node].is(isMissing)
		if ev.Handled != nil && !*ev.Handled {
			n.thrown[ev.SpanID] = struct{}{}
			if known {
				t.hot[node].set(hasThrown, true)
			}
		}
		list, added := n.insert(ev)
		if !added {
			continue
		}
		n.bySpan[ev.SpanID] = list
		if known {
			t.cold[node].facts.Errors = list
			t.hot[node].set(hasErrors, true)
			t.touch(node)
		}
	}
	return changed
}

// insert returns the errors of a span with one more.
func (n *notes) insert(ev *model.EventSummary) (list []model.EventID, added bool) {
	was := n.bySpan[ev.SpanID]
	at, _ := slices.BinarySearchFunc(was, ev, func(id model.EventID, ev *model.EventSummary) int {
		return cmp.Or(cmp.Compare(n.times[id], ev.Time), slices.Compare(id[:], ev.EventID[:]))
	})
	if at >= maxErrors {
		return was, false
	}
	n.times[ev.EventID] = ev.Time
	list = slices.Insert(slices.Clone(was), at, ev.EventID)
	return list[:min(len(list), maxErrors)], true
}

// forget drops every event, because one that was known is not there any more: it turned out to be another report of the
// same failure. The caller gives those that remain.
func (t *Tree) forget() {
	for span := range maps.Keys(t.notes.bySpan) {
		if i, ok := t.index.get(span); ok && t.cold[i].facts.Errors != nil {
			t.cold[i].facts.Errors = nil
			t.hot[i].set(hasErrors|hasThrown, false)
			t.hot[i].factsAt = t.version + 1 // of the update to come
		}
	}
	t.notes = notes{}
}
