package query

import "github.com/otelcol-spotlight/otelcol-spotlight/translate/model"

// Logs returns summaries of log records, newest first.
func (q *Query) Logs(f Filter) model.Page[model.LogSummary] {
	page := model.Page[model.LogSummary]{Seq: q.store.Seq(), Items: []model.LogSummary{}}
	ask := parse(f.Q, logList, &page.Warnings)
	in := q.sessions(&f)
	limit := f.limit()
	for before := f.Before; ; {
		logs := q.store.Logs(before, scanPage)
		for _, l := range logs {
			session := in.table.Of(l.ID)
			if l.ID <= f.Since || in.want > 0 && session < in.want {
				return page // the rest is older
			}
			if !in.has(session) || !matchLog(l, &f) || !ask.Empty() && !ask.Match(&logRecord{log: l, session: session}) {
				continue
			}
			if len(page.Items) == limit {
				page.Truncated, page.Next = true, page.Items[limit-1].ID
				return page
			}
			sum := l.LogSummary
			sum.Session, sum.Fields = session, fieldsOf(l.Attributes)
			page.Items = append(page.Items, sum)
		}
		if len(logs) < scanPage {
			return page
		}
		before = logs[len(logs)-1].ID
	}
}

func matchLog(l *model.Log, f *Filter) bool {
	return (f.Service == "" || l.Service == f.Service) && (f.Trace.IsZero() || l.TraceID == f.Trace) && (f.Span.IsZero() || l.SpanID == f.Span) &&
		(f.Event.IsZero() || l.EventID == f.Event) && (f.After == 0 || l.Time > f.After) && levelAtLeast(l.Level, f.Level)
}

// Log returns a log record.
func (q *Query) Log(id uint64) (*model.Log, bool) {
	l, ok := q.store.Log(id)
	if !ok {
		return nil, false
	}
	out := *l
	out.Session = q.store.SessionTable().Of(id)
	if out.Attributes == nil {
		out.Attributes = model.Attributes{}
	}
	return &out, true
}
