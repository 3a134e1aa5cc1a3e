package query

import (
	"slices"

	"github.com/otelcol-spotlight/otelcol-spotlight/translate/model"
)

// mark is what a live reader has that was sent a frame.
type mark struct {
	version uint64 // of the trace in the store: the version of the frame
	tree    uint64 // of its tree
	logs    int    // how many of its logs
}

// maxMarks is how many frames a live reader may be behind and still get only what changed.
const maxMarks = 64

// TraceFrame returns an opened trace for the WebSocket: whole when since is 0 or too old, else what changed after the
// version since. It is nil when nothing changed. ok is false when the trace is not in the store.
//
// Of what changed, only new spans, and those that are sent again and differ, are whole rows. Of all others only facts
// are sent: that is what keeps the frames of a growing trace within twice its size.
func (q *Query) TraceFrame(id model.TraceID, since uint64) (f *model.TraceFrame, ok bool) {
	t, ok := q.watch(id)
	if !ok {
		return nil, false
	}
	defer t.mu.Unlock()
	now := mark{version: t.snap.Version, tree: t.tree.Version(), logs: len(t.snap.Logs)}
	if now.version == since {
		return nil, true
	}
	i := slices.IndexFunc(t.marks, func(m mark) bool { return m.version == since })
	if since == 0 || i < 0 || t.removed > since {
		t.remember(now)
		return &model.TraceFrame{TraceID: id, Whole: true, Version: now.version, Trace: q.assemble(t)}, true
	}
	was := t.marks[i]
	delta := t.tree.Delta(was.tree)
	if delta.Whole {
		t.remember(now)
		return &model.TraceFrame{TraceID: id, Whole: true, Version: now.version, Trace: q.assemble(t)}, true
	}
	t.remember(now)
	part := &model.Trace{
		TraceSummary: summarise(t.tree.Summary(), t.snap), Spans: delta.Rows, MissingParents: delta.Missing, Version: now.version,
		Events: t.eventsSince(since), Logs: logMarks(t.snap.Logs, was.logs),
	}
	part.Mini = nil // comes with the row in the list; it would be the larger part of a small frame
	if part.Spans == nil {
		part.Spans = []model.TraceSpan{}
	}
	if len(delta.Rows)+len(delta.Facts)+len(delta.Missing)+len(delta.Removed) > 0 {
		part.ClockDomains, part.CriticalPath = t.tree.ClockDomains(), t.tree.CriticalPath()
	}
	return &model.TraceFrame{TraceID: id, Version: now.version, Trace: part, Facts: delta.Facts, Removed: delta.Removed}, true
}

// remember keeps a mark, so that the next frame can go on from it.
func (t *traceTree) remember(m mark) {
	if n := len(t.marks); n > 0 && t.marks[n-1].version == m.version {
		return
	}
	if len(t.marks) == maxMarks {
		t.marks = slices.Delete(t.marks, 0, 1)
	}
	t.marks = append(t.marks, m)
}
