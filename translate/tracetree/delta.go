package tracetree

import (
	"slices"

	"github.com/otelcol-spotlight/otelcol-spotlight/translate/model"
)

// Delta is what changed of a tree since a version. A reader that has the rows of that version drops those Removed, puts
// in Rows and Missing by span id, gives the spans of Facts their new facts, and has what Trace returns, apart from
// Depth, Descendants and the order, which follow from the rows (see the package comment).
type Delta struct {
	Version uint64
	// Whole: the version asked for is too old, or of another life of the tree. Rows and Missing are all there are.
	Whole   bool
	Rows    []model.TraceSpan     // new, or the span itself changed; in no order
	Facts   []model.FactsChange   // only what follows from other spans changed
	Missing []model.MissingParent // new or changed
	Removed []model.SpanID        // missing parents that came (they are in Rows then), or are not named any more
	// Moved: rows that were there may have changed places among themselves.
	Moved bool
}

// goneID is a placeholder that left.
type goneID struct {
	at uint64
	id model.SpanID
}

// maxGone is how many departures of placeholders are remembered; a reader that missed more starts over.
const maxGone = 4096

func (t *Tree) leave(id model.SpanID) {
	t.gone = append(t.gone, goneID{t.version, id})
	if len(t.gone) > 2*maxGone {
		t.floor = max(t.floor, t.gone[len(t.gone)-maxGone-1].at)
		t.gone = slices.Clone(t.gone[len(t.gone)-maxGone:])
	}
}

// Delta returns what changed after version since; of a tree that did not change it is empty. 0 asks for everything.
func (t *Tree) Delta(since uint64) Delta {
	d := Delta{Version: t.version, Whole: since == 0 || since < t.floor || since > t.version}
	if d.Whole {
		since = 0
		d.Rows = make([]model.TraceSpan, 0, t.spans)
	} else if since == t.version {
		return d
	}
	for i := int32(1); i < int32(len(t.hot)); i++ { // #nosec G115 -- bounded by the spans of a trace
		h := &t.hot[i]
		switch n := &t.cold[i]; {
		case h.is(isMissing):
			if h.rowAt > since {
				d.Missing = append(d.Missing, n.placeholder(h))
			}
		case h.rowAt > since:
			d.Rows = append(d.Rows, t.row(i))
		case h.factsAt > since:
			d.Facts = append(d.Facts, model.FactsChange{SpanID: n.id, SpanFacts: n.facts})
		}
	}
	if !d.Whole {
		for k := len(t.gone) - 1; k >= 0 && t.gone[k].at > since; k-- {
			d.Removed = append(d.Removed, t.gone[k].id)
		}
		d.Moved = t.movedAt > since
	}
	return d
}
