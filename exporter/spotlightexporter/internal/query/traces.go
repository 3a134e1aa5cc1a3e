package query

import (
	"cmp"
	"fmt"
	"reflect"
	"runtime"
	"slices"
	"strings"
	"sync"

	"github.com/otelcol-spotlight/otelcol-spotlight/exporter/spotlightexporter/internal/live"
	"github.com/otelcol-spotlight/otelcol-spotlight/exporter/spotlightexporter/internal/query/search"
	"github.com/otelcol-spotlight/otelcol-spotlight/translate/model"
)

// maxLogMarks is how many logs of a trace are marked on its waterfall.
const maxLogMarks = 1000

// summarise makes the row of a trace of what its tree says.
func summarise(sum model.TraceSummary, snap *live.TraceSnapshot) model.TraceSummary {
	sum.TraceID = snap.TraceID
	sum.LogCount = len(snap.Logs)
	sum.Pinned, sum.Session = snap.Pinned, snap.Session
	if len(snap.Spans) == 0 { // only events or logs have arrived
		sum.StartTime, sum.LastTime = snap.FirstTime, snap.LastTime
		sum.RootMissing, sum.ErrorCount = true, countErrors(snap.Events)
	}
	if snap.SpansDropped > 0 {
		sum.Warnings = append(slices.Clone(sum.Warnings), fmt.Sprintf(model.WarnSpansCapped, snap.SpansDropped))
	}
	return sum
}

func countErrors(events []*model.EventRecord) (n int) {
	for _, ev := range events {
		if ev.Type == model.EventError {
			n++
		}
	}
	return n
}

// sameSummary takes values: rows that were never compared stay off the heap.
func sameSummary(a, b model.TraceSummary) bool { return reflect.DeepEqual(a, b) }

// Traces returns summaries of traces, newest first: in order of the arrival of their first record.
func (q *Query) Traces(f Filter) model.Page[model.TraceSummary] {
	page := model.Page[model.TraceSummary]{Seq: q.store.Seq()}
	ask := parse(f.Q, traceList, &page.Warnings)
	in := q.sessions(&f)
	rows := q.store.Traces()
	slices.SortFunc(rows, func(a, b live.TraceRow) int { return cmp.Compare(b.Born, a.Born) })
	rows = slices.DeleteFunc(rows, func(r live.TraceRow) bool {
		return !(in.has(r.Session) || r.Pinned && f.Session == 0) || !f.Trace.IsZero() && r.TraceID != f.Trace || r.Version <= f.Since ||
			f.After != 0 && r.LastTime <= f.After
	})
	limit := f.limit()
	if ask.Empty() && f.Service == "" && f.PageURL == "" {
		page.Truncated = len(rows) > limit
		page.Items = q.summaries(rows[:min(limit, len(rows))])
		return page
	}
	page.Items = make([]model.TraceSummary, 0, min(limit, len(rows)))
	var scratch live.Scratch
	for _, r := range rows {
		sum, ok := q.rowOf(q.traces.row(r.TraceID), r, &scratch)
		if !ok || f.Service != "" && !slices.Contains(sum.Services, f.Service) || f.PageURL != "" && !samePage(sum.URL, f.PageURL) {
			continue
		}
		if !ask.Empty() {
			if snap, ok := q.store.Peek(r.TraceID, &scratch); !ok || !q.matchTrace(ask, snap, sum) {
				continue
			}
		}
		if len(page.Items) == limit {
			page.Truncated = true
			break
		}
		page.Items = append(page.Items, sum)
	}
	return page
}

// fewRows is how many rows are made by one goroutine: some 5 ms of work where none of them is known.
const fewRows = 2000

// summaries makes the rows of traces, on several processors where they are many. A trace that has just left is left out.
func (q *Query) summaries(rows []live.TraceRow) []model.TraceSummary {
	list, known := make([]model.TraceSummary, len(rows)), q.traces.rows(rows)
	part := func(from, to int) {
		var scratch live.Scratch
		for i := from; i < to; i++ {
			list[i], _ = q.rowOf(known[i], rows[i], &scratch)
		}
	}
	if n := min(runtime.GOMAXPROCS(0), len(rows)/fewRows); n < 2 {
		part(0, len(rows))
	} else {
		var wg sync.WaitGroup
		for k := range n {
			wg.Go(func() { part(k*len(rows)/n, (k+1)*len(rows)/n) })
		}
		wg.Wait()
	}
	return slices.DeleteFunc(list, func(sum model.TraceSummary) bool { return sum.TraceID.IsZero() })
}

// matchTrace is on its own so that rows stay off the heap where there is no query.
func (q *Query) matchTrace(ask search.Query, snap *live.TraceSnapshot, sum model.TraceSummary) bool {
	return ask.Match(&traceRecord{q: q, snap: snap, sum: &sum})
}

// samePage reports whether a trace's page and the page asked for are the same: what is behind a # does not make another
// page, nor does a slash at the end.
func samePage(url, page string) bool {
	clean := func(u string) string {
		u, _, _ = strings.Cut(u, "#")
		return strings.TrimSuffix(u, "/")
	}
	return url != "" && clean(url) == clean(page)
}

// Trace returns an assembled trace. With details, every span carries its attributes, events and links.
func (q *Query) Trace(id model.TraceID, details bool) (*model.Trace, bool) {
	t, ok := q.watch(id)
	if !ok {
		return nil, false
	}
	defer t.mu.Unlock()
	if !details {
		return q.assemble(t), true
	}
	if t.detailed == nil {
		whole := *q.assemble(t)
		whole.Spans = slices.Clone(whole.Spans)
		byID := make(map[model.SpanID]*model.Span, len(t.snap.Spans))
		for _, s := range t.snap.Spans {
			byID[s.SpanID] = s
		}
		for i := range whole.Spans {
			if s := byID[whole.Spans[i].SpanID]; s != nil {
				whole.Spans[i].SpanDetails = &s.SpanDetails
			}
		}
		t.detailed = &whole
	}
	return t.detailed, true
}

// assemble makes the trace without details. The caller holds t.mu.
func (q *Query) assemble(t *traceTree) *model.Trace {
	if t.trace != nil {
		return t.trace
	}
	tr := *t.tree.Trace()
	tr.TraceSummary = summarise(t.tree.Summary(), t.snap)
	tr.Version = t.snap.Version
	if tr.Spans == nil {
		tr.Spans = []model.TraceSpan{}
	}
	tr.Events = t.eventsSince(0)
	tr.Logs = logMarks(t.snap.Logs, 0)
	t.trace = &tr
	return t.trace
}

// eventsSince returns the events that came, or changed, after a version, oldest first.
func (t *traceTree) eventsSince(version uint64) []model.EventSummary {
	events := []model.EventSummary{}
	for _, ev := range t.snap.Events {
		if t.events[ev] > version {
			events = append(events, ev.EventSummary)
		}
	}
	slices.SortStableFunc(events, func(a, b model.EventSummary) int { return cmp.Compare(a.Time, b.Time) })
	return events
}

// logMarks returns marks of logs, of those from a place in the order of arrival on, oldest first.
func logMarks(logs []*model.Log, from int) []model.LogMark {
	logs = logs[:min(len(logs), maxLogMarks)]
	if from >= len(logs) {
		return nil
	}
	marks := make([]model.LogMark, 0, len(logs)-from)
	for _, l := range logs[from:] {
		marks = append(marks, model.LogMark{ID: l.ID, SpanID: l.SpanID, Time: l.Time, Level: l.Level})
	}
	slices.SortStableFunc(marks, func(a, b model.LogMark) int { return cmp.Compare(a.Time, b.Time) })
	return marks
}

// Span returns a span with its details and its place in the trace.
func (q *Query) Span(trace model.TraceID, span model.SpanID) (*model.TraceSpan, bool) {
	t, ok := q.watch(trace)
	if !ok {
		return nil, false
	}
	defer t.mu.Unlock()
	i := slices.IndexFunc(t.snap.Spans, func(s *model.Span) bool { return s.SpanID == span })
	if i < 0 {
		return nil, false
	}
	if t.index == nil {
		whole := q.assemble(t)
		t.index = make(map[model.SpanID]int, len(whole.Spans))
		for k := range whole.Spans {
			t.index[whole.Spans[k].SpanID] = k
		}
	}
	out := model.TraceSpan{SpanSummary: t.snap.Spans[i].SpanSummary}
	if k, ok := t.index[span]; ok {
		out = q.assemble(t).Spans[k]
	}
	out.SpanDetails = &t.snap.Spans[i].SpanDetails
	return &out, true
}
