// Package tracetree makes one tree of the spans of a trace and computes every fact about it that needs more than one
// span: order, depth, orphans, clock offsets, self time, critical path.
package tracetree

import (
	"cmp"
	"slices"
	"time"

	"github.com/otelcol-spotlight/otelcol-spotlight/translate/model"
)

// Options says how a tree is made. The zero value is the default.
type Options struct {
	RawClocks bool          // do not correct clocks
	Now       model.Time    // time of the answer; 0: nothing is "still receiving"
	LastTime  model.Time    // when the newest record of the trace was received
	Quiet     time.Duration // an incomplete trace is open until nothing came for this long; 0: DefaultQuiet
}

// DefaultQuiet is how long after the last record an incomplete trace still counts as running.
const DefaultQuiet = 2 * time.Second

// Tree is the tree of one trace. It has one owner and no lock; what its methods return is immutable and may be shared.
type Tree struct {
	opts    Options
	spans   []*model.Span
	events  []model.EventSummary
	version uint64
}

// New returns an empty tree.
func New(opts Options) *Tree { return &Tree{opts: opts} }

// Build returns the tree of spans, which may come in any order.
func Build(spans []*model.Span, events []model.EventSummary, opts Options) *Tree {
	t := New(opts)
	t.Add(spans, events)
	return t
}

// Add puts spans and events into the tree. A span with the id of one that is there takes its place.
func (t *Tree) Add(spans []*model.Span, events []model.EventSummary) {
	t.spans = append(t.spans, spans...)
	t.events = append(t.events, events...)
	t.version++
}

// At sets the time of the next answers, and when the newest record of the trace was received.
func (t *Tree) At(now, last model.Time) { t.opts.Now, t.opts.LastTime = now, last }

// Version grows with every change of the tree.
func (t *Tree) Version() uint64 { return t.version }

// Len returns the number of spans.
func (t *Tree) Len() int { return len(t.spans) }

// Summary returns the row of the trace in the list of traces. Pinned, Session and LogCount are the caller's.
func (t *Tree) Summary() model.TraceSummary { return t.Trace().TraceSummary }

// Trace returns the assembled trace. Details of the spans and logs are the caller's to add; Events are those given.
func (t *Tree) Trace() *model.Trace {
	tr := &model.Trace{Spans: []model.TraceSpan{}, Events: t.events, Version: t.version}
	tr.Services, tr.Origins = []string{}, []model.Origin{}
	spans := slices.Clone(t.spans)
	slices.SortFunc(spans, func(a, b *model.Span) int { return cmp.Compare(a.StartTime, b.StartTime) })
	for _, s := range spans {
		tr.TraceID = s.TraceID
		tr.Spans = append(tr.Spans, model.TraceSpan{SpanSummary: s.SpanSummary})
	}
	return tr
}

// Delta is what changed of a tree since a version.
type Delta struct {
	Version uint64 // the tree's now
	Whole   bool   // since is unknown or too old: Rows are all rows, in order, and replace what the reader has
	Rows    []model.TraceSpan
	Facts   []model.FactsChange
	Removed []model.SpanID // missing parents that came or are not waited for any more
	Missing []model.MissingParent
	// Reordered says that rows known before changed places among themselves; a reader that places rows by the rule of
	// the package comment does not need to know.
	Reordered bool
}

// Delta returns what changed after version since.
func (t *Tree) Delta(since uint64) Delta {
	return Delta{Version: t.version, Whole: true, Rows: t.Trace().Spans}
}
