package query

import (
	"github.com/otelcol-spotlight/otelcol-spotlight/translate/model"
)

// Events returns summaries of errors and messages, newest first.
func (q *Query) Events(f Filter) model.Page[model.EventSummary] {
	page := model.Page[model.EventSummary]{Seq: q.store.Seq(), Items: []model.EventSummary{}}
	ask := parse(f.Q, eventList, &page.Warnings)
	in := q.sessions(&f)
	limit := f.limit()
	for before := f.Before; ; {
		recs, next := q.store.Events(before, scanPage)
		for _, r := range recs {
			if !in.has(r.Rec.Session) || !matchEvent(r.Rec, &f) || r.Version <= f.Since || !ask.Empty() && !ask.Match(&eventRecord{q: q, rec: r.Rec}) {
				continue
			}
			if len(page.Items) == limit {
				page.Truncated = true
				return page
			}
			page.Items = append(page.Items, r.Rec.EventSummary)
			page.Next = r.Number
		}
		if before = next; next == 0 {
			page.Next = 0
			return page
		}
	}
}

// scanPage is how many records are taken from the store at a time.
const scanPage = 1024

func matchEvent(rec *model.EventRecord, f *Filter) bool {
	return (f.Service == "" || rec.Service == f.Service) && (f.Trace.IsZero() || rec.TraceID == f.Trace) && (f.Span.IsZero() || rec.SpanID == f.Span) &&
		(f.After == 0 || rec.Time > f.After) && levelAtLeast(rec.Level, f.Level) && (f.Type == "" || string(rec.Type) == f.Type)
}

// RawEvent returns the payload of an event or a transaction byte for byte. For an OpenTelemetry exception, which has
// none, ok is false.
func (q *Query) RawEvent(id model.EventID) (payload []byte, ok bool) {
	if rec, ok := q.store.Event(id); ok {
		return rec.Payload, rec.Payload != nil
	}
	if span, ok := q.store.Transaction(id); ok {
		return span.Payload, true
	}
	return nil, false
}
