package tracetree

import "github.com/otelcol-spotlight/otelcol-spotlight/translate/model"

// Summariser makes the summaries of traces one after the other, in memory that it uses again, and computes nothing else
// of them: what a list of thousands of small traces needs (BenchmarkSummariser). The zero value is ready. It has one owner.
type Summariser struct{ tree Tree }

// Summary returns what Build(spans, events, opts).Summary() does. It keeps nothing of spans.
func (s *Summariser) Summary(spans []*model.Span, events []model.EventSummary, opts Options) model.TraceSummary {
	t := &s.tree
	t.opts, t.brief, t.clock.brief = opts, true, true
	t.empty()
	t.Add(spans, events)
	sum := t.Summary()
	t.empty()
	return sum
}

// empty forgets everything but memory to use again.
func (t *Tree) empty() {
	clear(t.cold)
	clear(t.index.slots)
	t.index.n = 0
	t.hot, t.cold = append(t.hot[:0], hot{flags: isMissing, service: -1}), append(t.cold[:0], node{})
	t.fresh, t.moved, t.filled, t.dirty = t.fresh[:0], t.moved[:0], t.filled[:0], t.dirty[:0]
	t.version, t.floor, t.epoch, t.movedAt, t.spans = 0, 0, 0, 0, 0
	t.order, t.gone, t.notes, t.gaps, t.path = nil, nil, notes{}, nil, t.path[:0]
	t.relink, t.retop, t.anyFar, t.clocksStale = false, false, false, false
	t.duration, t.from, t.to = 0, 0, 0
	t.names.init()
	t.clock.init()
}
