package query

import (
	"slices"
	"sync"

	"github.com/otelcol-spotlight/otelcol-spotlight/exporter/spotlightexporter/internal/live"
	"github.com/otelcol-spotlight/otelcol-spotlight/translate/model"
	"github.com/otelcol-spotlight/otelcol-spotlight/translate/tracetree"
)

// What is kept of traces beside the store: at most this, and less beside a small store.
const (
	maxRows      = 12_000 // rows of one generation, some 0.7 KiB each; there are two generations
	maxTrees     = 64
	maxTreeSpans = 40_000 // of all trees, some 0.9 KiB each with spans that the store would have in runs
	rowsTogether = 16     // rows of a list that share a piece of memory: one that stays keeps so many
	minTreeSpans = 64     // a smaller tree is made anew as quickly as it grows
)

// traceCache keeps what was computed of traces: the rows of many, and the trees of the few that are looked at.
type traceCache struct {
	maxRows, maxSpans int

	mu       sync.Mutex
	now, old map[model.TraceID]*traceRow
	trees    []*traceTree // least recently used first
}

// init makes the cache fit a store: the rows and trees of a full one may add an eighth and a quarter to its memory.
func (c *traceCache) init(storeBytes int64) {
	c.now = map[model.TraceID]*traceRow{}
	c.maxRows = int(min(maxRows, max(256, storeBytes>>13)))
	c.maxSpans = int(min(maxTreeSpans, max(2000, storeBytes>>11)))
}

// traceRow is the row of a trace in the list.
type traceRow struct {
	mu      sync.Mutex
	version uint64 // of the trace when it was made; 0: not yet
	summary model.TraceSummary
	at      uint64 // version at which summary became what it is
}

// traceTree is the tree of a trace, which grows with it, and what was made of it. It keeps the spans alive, so it is let
// go when the trace leaves the store.
type traceTree struct {
	id model.TraceID

	mu       sync.Mutex
	snap     *live.TraceSnapshot
	tree     *tracetree.Tree
	trace    *model.Trace // of snap, without details; nil: not made
	detailed *model.Trace // with details
	index    map[model.SpanID]int
	marks    []mark                        // what frames were made of, oldest first
	events   map[*model.EventRecord]uint64 // version at which an event came, or changed
	removed  uint64                        // version at which an event was last found to be no occurrence any more

	spans int // guarded by traceCache.mu
}

// summarisers make the rows of small traces.
var summarisers sync.Pool

// row returns the row of a trace, made new when it has changed.
func (c *traceCache) row(id model.TraceID) *traceRow {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.rowLocked(id, &[]traceRow{{}})
}

// rows returns the rows of many traces.
func (c *traceCache) rows(list []live.TraceRow) []*traceRow {
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.now) == 0 {
		c.now = make(map[model.TraceID]*traceRow, min(len(list), c.maxRows))
	}
	rows, room := make([]*traceRow, len(list)), []traceRow(nil)
	for i := range list {
		rows[i] = c.rowLocked(list[i].TraceID, &room)
	}
	return rows
}

// rowLocked is row with the lock held; room is what for new rows is taken of.
func (c *traceCache) rowLocked(id model.TraceID, room *[]traceRow) *traceRow {
	r := c.now[id]
	if r == nil {
		if len(c.now) >= c.maxRows {
			c.old, c.now = c.now, make(map[model.TraceID]*traceRow, c.maxRows)
		}
		if r = c.old[id]; r == nil {
			if len(*room) == 0 {
				*room = make([]traceRow, rowsTogether)
			}
			r, *room = &(*room)[0], (*room)[1:]
		}
		c.now[id] = r
	}
	return r
}

// tree returns the tree of a trace, and makes it the most recently used one. With make it is made when there is none.
func (c *traceCache) tree(id model.TraceID, spans int, make bool) *traceTree {
	c.mu.Lock()
	defer c.mu.Unlock()
	i := slices.IndexFunc(c.trees, func(t *traceTree) bool { return t.id == id })
	var t *traceTree
	switch {
	case i >= 0:
		t = c.trees[i]
		c.trees = slices.Delete(c.trees, i, i+1)
	case make:
		t = &traceTree{id: id}
	default:
		return nil
	}
	t.spans = spans
	c.trees = append(c.trees, t)
	total := 0
	for _, x := range c.trees {
		total += x.spans
	}
	for len(c.trees) > maxTrees || total > c.maxSpans && len(c.trees) > 1 {
		total -= c.trees[0].spans
		c.trees = slices.Delete(c.trees, 0, 1) // who still uses it keeps it for as long
	}
	return t
}

// forget lets go of the trees of traces that have left the store.
func (c *traceCache) forget(gone func(model.TraceID) bool) {
	c.mu.Lock()
	ids := make([]model.TraceID, len(c.trees))
	for i, t := range c.trees {
		ids[i] = t.id
	}
	c.mu.Unlock()
	for _, id := range ids {
		if gone(id) {
			c.mu.Lock()
			c.trees = slices.DeleteFunc(c.trees, func(t *traceTree) bool { return t.id == id })
			c.mu.Unlock()
		}
	}
}

// forget lets go of what was kept of records that have left the store.
func (q *Query) forget() {
	q.traces.forget(func(id model.TraceID) bool { return !q.store.HasTrace(id) })
	q.events.forget(func(id model.EventID) bool {
		_, event := q.store.Event(id)
		_, transaction := q.store.Transaction(id)
		return !event && !transaction
	})
	q.events.forgetScopes(func(trace model.TraceID, event model.EventID) bool {
		here := q.store.HasTrace(trace)
		if !event.IsZero() {
			_, here = q.store.Event(event)
		}
		return !here
	})
}

// summary returns the row of a trace, and the version at which it became what it is.
func (q *Query) summary(snap *live.TraceSnapshot) (sum model.TraceSummary, at uint64) {
	return q.summaryIn(q.traces.row(snap.TraceID), snap, false)
}

// rowOf returns the row of a trace in a list; r is what is known of it. ok is false when the trace has left. A tree is not
// made for a list, which is of more traces than there may be trees.
func (q *Query) rowOf(r *traceRow, in live.TraceRow, scratch *live.Scratch) (sum model.TraceSummary, ok bool) {
	r.mu.Lock()
	if r.version >= in.Version {
		defer r.mu.Unlock()
		return r.summary, true
	}
	r.mu.Unlock()
	if q.traces.tree(in.TraceID, in.Spans, false) != nil {
		snap, ok := q.store.Trace(in.TraceID)
		if ok {
			sum, _ = q.summaryIn(r, snap, false)
		}
		return sum, ok
	}
	snap, ok := q.store.Peek(in.TraceID, scratch)
	if ok {
		sum, _ = q.summaryIn(r, snap, true)
	}
	return sum, ok
}

// summaryIn is summary for a row that is at hand. With peeked, the spans of snap must not be kept.
func (q *Query) summaryIn(r *traceRow, snap *live.TraceSnapshot, peeked bool) (sum model.TraceSummary, at uint64) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.version >= snap.Version {
		return r.summary, r.at
	}
	var t *traceTree
	if !peeked {
		t = q.traces.tree(snap.TraceID, len(snap.Spans), len(snap.Spans) >= minTreeSpans)
	}
	if t != nil {
		t.mu.Lock()
		q.grow(t, snap)
		sum = summarise(t.tree.Summary(), snap)
		t.mu.Unlock()
	} else {
		s, _ := summarisers.Get().(*tracetree.Summariser)
		if s == nil {
			s = &tracetree.Summariser{}
		}
		sum = summarise(s.Summary(snap.Spans, summariesOf(snap.Events), q.treeOptions(snap)), snap)
		summarisers.Put(s)
	}
	if r.version == 0 || !sameSummary(sum, r.summary) {
		r.summary, r.at = sum, snap.Version
	}
	r.version = snap.Version
	return r.summary, r.at
}

func (q *Query) treeOptions(snap *live.TraceSnapshot) tracetree.Options {
	return tracetree.Options{Now: q.now(), LastTime: snap.LastTime, Quiet: live.QuietAfter}
}

// grow brings a tree to a snapshot, unless it has seen a newer one. The caller holds t.mu.
func (q *Query) grow(t *traceTree, snap *live.TraceSnapshot) {
	if t.snap != nil && t.snap.Version >= snap.Version {
		return
	}
	if t.tree == nil {
		t.tree = tracetree.New(q.treeOptions(snap))
	}
	t.tree.At(q.now(), snap.LastTime)
	t.tree.Sync(snap.Spans, summariesOf(snap.Events))
	t.snap, t.trace, t.detailed, t.index = snap, nil, nil, nil
	t.noteEvents()
}

// noteEvents takes note of the version at which each event came.
func (t *traceTree) noteEvents() {
	was := t.events
	t.events = make(map[*model.EventRecord]uint64, len(t.snap.Events))
	ids := make(map[model.EventID]bool, len(t.snap.Events))
	for _, ev := range t.snap.Events {
		at, known := was[ev]
		if !known {
			at = t.snap.Version
		}
		t.events[ev] = at
		ids[ev.EventID] = true
	}
	for ev := range was {
		if !ids[ev.EventID] {
			t.removed = t.snap.Version
		}
	}
}

// watch returns the tree of a trace as it is now, locked.
func (q *Query) watch(id model.TraceID) (t *traceTree, ok bool) {
	snap, ok := q.store.Trace(id)
	if !ok {
		return nil, false
	}
	t = q.traces.tree(id, len(snap.Spans), true)
	t.mu.Lock()
	q.grow(t, snap)
	return t, true
}

func summariesOf(events []*model.EventRecord) []model.EventSummary {
	out := make([]model.EventSummary, len(events))
	for i, ev := range events {
		out[i] = ev.EventSummary
	}
	return out
}
