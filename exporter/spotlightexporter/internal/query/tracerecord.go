package query

import (
	"slices"

	"github.com/otelcol-spotlight/otelcol-spotlight/exporter/spotlightexporter/internal/live"
	"github.com/otelcol-spotlight/otelcol-spotlight/translate/model"
)

// statusCodes are the attributes in which semantic conventions, old and new, keep the status of a call.
var statusCodes = []string{"http.response.status_code", "http.status_code", "rpc.grpc.status_code"}

// traceRecord is a trace with all its spans: a term holds when it holds for any of them.
type traceRecord struct {
	q    *Query
	snap *live.TraceSnapshot
	sum  *model.TraceSummary
	tree *model.Trace
}

func (r *traceRecord) Texts(yield func(string) bool) {
	for _, t := range [...]string{r.sum.RootName, r.sum.RootService, r.sum.URL, r.sum.TraceID.String()} {
		if !yield(t) {
			return
		}
	}
	for _, s := range r.snap.Spans {
		if !yield(s.Name) || !yield(s.Service) || !yield(s.Op) || !yield(s.StatusMessage) {
			return
		}
	}
	for _, ev := range r.snap.Events {
		if !yield(ev.Title) || !yield(ev.Value) {
			return
		}
	}
}

func (r *traceRecord) Values(key string, yield func(model.Value) bool) {
	y := &yielder{yield: yield}
	switch key {
	case "dur":
		y.num(r.sum.DurationNS)
	case "trace":
		y.text(r.sum.TraceID.String())
	case "session":
		y.num(int64(r.sum.Session))
	case "spans":
		y.num(int64(r.sum.SpanCount))
	case "errors":
		y.num(int64(r.sum.ErrorCount))
	case "url":
		y.text(r.sum.URL)
	case "root":
		y.text(r.sum.RootName)
	case "warning":
		for _, w := range r.sum.Warnings {
			y.text(w)
		}
	case "event":
		for _, ev := range r.snap.Events {
			y.text(ev.EventID.String())
		}
	case "status":
		y.text(r.sum.Status.String())
	}
	for _, s := range r.snap.Spans {
		if y.done {
			return
		}
		spanValues(y, key, s)
	}
}

func spanValues(y *yielder, key string, s *model.Span) {
	switch key {
	case "service":
		y.text(s.Service)
	case "op":
		y.text(s.Op)
	case "name":
		y.text(s.Name)
	case "kind":
		y.text(s.Kind.String())
	case "origin":
		y.text(s.Origin.String())
	case "status":
		y.first(s.Attributes, statusCodes...)
	case "span":
		y.text(s.SpanID.String())
	case "event":
		y.text(s.EventID.String())
	case "warning":
		for _, w := range s.Warnings {
			y.text(w)
		}
	case "release":
		y.first(s.Attributes, "sentry.release")
		y.source(key, s.Resource)
	case "env":
		y.first(s.Attributes, "sentry.environment")
		y.source(key, s.Resource)
	case "sdk":
		y.source(key, s.Resource)
	default:
		y.attributes(key, s.Attributes, s.Resource)
	}
}

// slow is when a trace counts as slow: one second is the limit for a flow of thought to stay uninterrupted (Nielsen).
const slow = int64(1_000_000_000)

func (r *traceRecord) Is(flag string) bool {
	switch flag {
	case "error":
		return r.sum.ErrorCount > 0 || r.sum.Status == model.StatusError
	case "pinned":
		return r.sum.Pinned
	case "open":
		return r.sum.Open
	case "complete":
		return r.sum.Complete
	case "slow":
		return r.sum.DurationNS >= slow
	case "log":
		return r.sum.LogCount > 0
	case "event":
		return len(r.snap.Events) > 0
	case "warning":
		return len(r.sum.Warnings) > 0
	case "orphan", "n+1":
		if r.tree == nil {
			r.tree, _ = r.q.Trace(r.snap.TraceID, false)
		}
		return r.tree != nil && slices.ContainsFunc(r.tree.Spans, func(s model.TraceSpan) bool {
			return flag == "orphan" && s.Orphan || flag == "n+1" && s.NPlusOne > 0
		})
	}
	return false
}
