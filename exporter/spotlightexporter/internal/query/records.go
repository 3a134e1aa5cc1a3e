package query

import (
	"slices"
	"strings"

	"github.com/otelcol-spotlight/otelcol-spotlight/exporter/spotlightexporter/internal/live"
	"github.com/otelcol-spotlight/otelcol-spotlight/exporter/spotlightexporter/internal/query/search"
	"github.com/otelcol-spotlight/otelcol-spotlight/translate/model"
)

// What the records of each list can be asked for in the query language.
var (
	traceList = search.List{Name: "traces",
		Keys:  []string{"service", "op", "name", "kind", "origin", "status", "dur", "trace", "span", "event", "release", "env", "sdk", "session", "spans", "errors", "url", "root", "warning", "attr.", "tag."},
		Flags: []string{"error", "pinned", "orphan", "n+1", "slow", "open", "complete", "log", "event", "warning"}}
	issueList = search.List{Name: "issues",
		Keys:  []string{"service", "origin", "level", "type", "title", "value", "message", "culprit", "issue", "event", "trace", "release", "env", "session", "count", "platform", "attr.", "tag."},
		Flags: []string{"unhandled", "handled", "pinned", "error", "trace"}}
	eventList = search.List{Name: "events",
		Keys:  []string{"service", "origin", "level", "type", "title", "value", "message", "culprit", "issue", "event", "trace", "span", "release", "env", "sdk", "session", "platform", "url", "attr.", "tag."},
		Flags: []string{"unhandled", "handled", "error", "trace", "warning"}}
	logList = search.List{Name: "logs",
		Keys:  []string{"service", "origin", "level", "message", "logger", "trace", "span", "event", "session", "release", "env", "sdk", "attr.", "tag."},
		Flags: []string{"error", "trace", "warning"}}
	itemList = search.List{Name: "items",
		Keys:  []string{"service", "origin", "type", "title", "trace", "event", "session", "size", "release", "env", "sdk", "attr.", "tag."},
		Flags: []string{"trace", "event", "warning"}}
	metricList  = search.List{Name: "metrics", Keys: []string{"service", "name", "type", "unit", "attr.", "tag."}}
	serviceList = search.List{Name: "services",
		Keys:  []string{"service", "origin", "sdk", "release", "env", "pid", "session", "platform", "attr.", "tag."},
		Flags: []string{"finding"}}
)

// parse reads a query; what of it was not understood is added to warnings.
func parse(text string, list search.List, warnings *[]string) search.Query {
	if text == "" {
		return search.Query{}
	}
	ask := search.Parse(text, list)
	*warnings = append(*warnings, ask.Warnings...)
	return ask
}

// yielder gives values to a search one by one, until that has seen enough.
type yielder struct {
	yield func(model.Value) bool
	done  bool
}

func (y *yielder) text(s string) {
	if !y.done && s != "" {
		y.done = !y.yield(model.String(s))
	}
}

func (y *yielder) num(n int64) {
	if !y.done {
		y.done = !y.yield(model.Int(n))
	}
}

func (y *yielder) value(a model.Attributes, key string) {
	if v, ok := a.Get(key); ok && !y.done {
		y.done = !y.yield(v)
	}
}

// first gives the value of the first of several attributes that is there.
func (y *yielder) first(a model.Attributes, keys ...string) {
	for _, k := range keys {
		if _, ok := a.Get(k); ok {
			y.value(a, k)
			return
		}
	}
}

// source gives what a process says of itself.
func (y *yielder) source(key string, res *model.Resource) {
	if res == nil {
		return
	}
	switch key {
	case "release":
		y.first(res.Attributes, "sentry.release", "service.version")
	case "env":
		y.first(res.Attributes, "deployment.environment.name", "deployment.environment")
	case "sdk":
		y.first(res.Attributes, "telemetry.sdk.name")
	}
}

// attributes gives what attr.K and tag.K ask for of a record's own attributes and of its resource's.
func (y *yielder) attributes(key string, own model.Attributes, res *model.Resource) {
	name, ok := strings.CutPrefix(key, "attr.")
	if tag, isTag := strings.CutPrefix(key, "tag."); isTag {
		y.value(own, "sentry.tag."+tag)
		name, ok = tag, true
	}
	if !ok {
		return
	}
	y.value(own, name)
	if res != nil {
		y.value(res.Attributes, name)
	}
}

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
		y.text(string(r.sum.Status))
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
		y.text(string(s.Kind))
	case "origin":
		y.text(string(s.Origin))
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

// eventRecord is an event. Its payload is read only when a term asks for what is nowhere else.
type eventRecord struct {
	q    *Query
	rec  *model.EventRecord
	read *model.Event
}

func (r *eventRecord) event() *model.Event {
	if r.read == nil {
		ev := decodeRecord(r.rec)
		r.read = &ev
	}
	return r.read
}

func (r *eventRecord) Texts(yield func(string) bool) {
	rec := r.rec
	for _, t := range [...]string{rec.Title, rec.Value, rec.Culprit, rec.Service, rec.Message, rec.EventID.String()} {
		if !yield(t) {
			return
		}
	}
}

func (r *eventRecord) Values(key string, yield func(model.Value) bool) {
	y := &yielder{yield: yield}
	rec := r.rec
	switch key {
	case "service":
		y.text(rec.Service)
	case "origin":
		y.text(string(rec.Origin))
	case "level":
		y.text(string(rec.Level))
	case "type":
		y.text(rec.Title)
		y.text(string(rec.Type))
	case "title":
		y.text(rec.Title)
	case "value", "message":
		y.text(rec.Value)
		y.text(rec.Message)
	case "culprit":
		y.text(rec.Culprit)
	case "issue":
		y.text(rec.IssueID)
	case "event":
		y.text(rec.EventID.String())
	case "trace":
		y.text(rec.TraceID.String())
	case "span":
		y.text(rec.SpanID.String())
	case "release":
		y.text(rec.Release)
	case "env":
		y.text(rec.Environment)
	case "session":
		y.num(int64(rec.Session))
	case "platform":
		y.text(rec.Platform)
	case "sdk":
		y.source(key, rec.Resource)
	case "url":
		if req := r.event().Request; req != nil {
			y.text(req.URL)
		}
	default:
		if tag, ok := strings.CutPrefix(key, "tag."); ok && rec.Payload != nil {
			y.value(r.event().Tags, tag)
		}
		y.attributes(key, rec.Attributes, rec.Resource)
	}
}

func (r *eventRecord) Is(flag string) bool {
	switch flag {
	case "unhandled":
		return r.rec.Handled != nil && !*r.rec.Handled
	case "handled":
		return r.rec.Handled != nil && *r.rec.Handled
	case "error":
		return r.rec.Type == model.EventError
	case "trace":
		return !r.rec.TraceID.IsZero()
	case "warning":
		return len(r.rec.Warnings) > 0
	}
	return false
}

// issueRecord is an issue with its newest events: a term about events holds when it holds for any of them.
type issueRecord struct {
	q    *Query
	snap *live.IssueSnapshot
	read map[*model.EventRecord]*eventRecord
}

func (r *issueRecord) events(each func(*eventRecord) bool) {
	if r.read == nil {
		r.read = map[*model.EventRecord]*eventRecord{}
	}
	for _, rec := range r.snap.Events {
		ev := r.read[rec]
		if ev == nil {
			ev = &eventRecord{q: r.q, rec: rec}
			r.read[rec] = ev
		}
		if !each(ev) {
			return
		}
	}
}

func (r *issueRecord) Texts(yield func(string) bool) {
	stop := false
	once := func(t string) bool {
		stop = stop || !yield(t)
		return !stop
	}
	for _, t := range [...]string{r.snap.Title, r.snap.Value, r.snap.Culprit, r.snap.IssueID} {
		if !once(t) {
			return
		}
	}
	r.events(func(ev *eventRecord) bool {
		ev.Texts(once)
		return !stop
	})
}

func (r *issueRecord) Values(key string, yield func(model.Value) bool) {
	y := &yielder{yield: yield}
	switch key {
	case "count":
		y.num(int64(r.snap.Count))
		return
	case "level":
		y.text(string(r.snap.Level))
		return
	case "issue":
		y.text(r.snap.IssueID)
		return
	case "session":
		y.num(int64(r.snap.Session))
		return
	case "service":
		for _, s := range r.snap.Services {
			y.text(s)
		}
		return
	case "title", "type":
		y.text(r.snap.Title)
		y.text(string(r.snap.Type))
		return
	}
	stop := false
	r.events(func(ev *eventRecord) bool {
		ev.Values(key, func(v model.Value) bool {
			stop = stop || !yield(v)
			return !stop
		})
		return !stop
	})
}

func (r *issueRecord) Is(flag string) bool {
	switch flag {
	case "unhandled":
		return r.snap.Unhandled
	case "handled":
		return !r.snap.Unhandled
	case "pinned":
		return r.snap.Pinned
	case "error":
		return r.snap.Type == model.EventError
	case "trace":
		return !r.snap.LastTrace.IsZero()
	}
	return false
}

type logRecord struct {
	log     *model.Log
	session int
}

func (r *logRecord) Texts(yield func(string) bool) {
	if !yield(r.log.Message) || !yield(r.log.Logger) || !yield(r.log.Service) {
		return
	}
	for _, a := range r.log.Attributes {
		if a.Value.Kind() == model.KindString && !yield(a.Value.Str()) {
			return
		}
	}
}

func (r *logRecord) Values(key string, yield func(model.Value) bool) {
	y := &yielder{yield: yield}
	l := r.log
	switch key {
	case "service":
		y.text(l.Service)
	case "origin":
		y.text(string(l.Origin))
	case "level":
		y.text(string(l.Level))
	case "message":
		y.text(l.Message)
	case "logger":
		y.text(l.Logger)
	case "trace":
		y.text(l.TraceID.String())
	case "span":
		y.text(l.SpanID.String())
	case "event":
		y.text(l.EventID.String())
	case "session":
		y.num(int64(r.session))
	case "release":
		y.first(l.Attributes, "sentry.release")
		y.source(key, l.Resource)
	case "env":
		y.first(l.Attributes, "sentry.environment")
		y.source(key, l.Resource)
	case "sdk":
		y.source(key, l.Resource)
	default:
		y.attributes(key, l.Attributes, l.Resource)
	}
}

func (r *logRecord) Is(flag string) bool {
	switch flag {
	case "error":
		return levelAtLeast(r.log.Level, model.LevelError)
	case "trace":
		return !r.log.TraceID.IsZero()
	case "warning":
		return len(r.log.Warnings) > 0
	}
	return false
}

type itemRecord struct {
	item    *model.Item
	session int
}

func (r *itemRecord) Texts(yield func(string) bool) {
	_ = yield(r.item.Title) && yield(r.item.Type) && yield(r.item.Service)
}

func (r *itemRecord) Values(key string, yield func(model.Value) bool) {
	y := &yielder{yield: yield}
	it := r.item
	switch key {
	case "service":
		y.text(it.Service)
	case "origin":
		y.text(string(it.Origin))
	case "type":
		y.text(it.Type)
	case "title":
		y.text(it.Title)
	case "trace":
		y.text(it.TraceID.String())
	case "event":
		y.text(it.EventID.String())
	case "session":
		y.num(int64(r.session))
	case "size":
		y.num(int64(it.Size))
	case "release", "env", "sdk":
		y.source(key, it.Resource)
	default:
		y.attributes(key, it.Attributes, it.Resource)
	}
}

func (r *itemRecord) Is(flag string) bool {
	switch flag {
	case "trace":
		return !r.item.TraceID.IsZero()
	case "event":
		return !r.item.EventID.IsZero()
	case "warning":
		return len(r.item.Warnings) > 0
	}
	return false
}

type metricRecord struct {
	snap *live.MetricSnapshot
	sum  *model.MetricSummary
}

func (r *metricRecord) Texts(yield func(string) bool) {
	if !yield(r.sum.Name) || !yield(r.sum.Service) {
		return
	}
	for _, x := range r.snap.Exports {
		if !yield(x.Description) {
			return
		}
	}
}

func (r *metricRecord) Values(key string, yield func(model.Value) bool) {
	y := &yielder{yield: yield}
	switch key {
	case "service":
		y.text(r.sum.Service)
	case "name":
		y.text(r.sum.Name)
	case "type":
		y.text(string(r.sum.Type))
	case "unit":
		y.text(r.sum.Unit)
	default:
		for _, x := range r.snap.Exports {
			for i := range x.Points {
				y.attributes(key, x.Points[i].Attributes, x.Resource)
			}
		}
	}
}

func (r *metricRecord) Is(string) bool { return false }

type serviceRecord struct{ sv *model.Service }

func (r *serviceRecord) Texts(yield func(string) bool) {
	sv := r.sv
	_ = yield(sv.Service) && yield(sv.SDK.Name) && yield(sv.Host) && yield(sv.Command) && yield(sv.Runtime) && yield(sv.Instance)
}

func (r *serviceRecord) Values(key string, yield func(model.Value) bool) {
	y := &yielder{yield: yield}
	sv := r.sv
	switch key {
	case "service":
		y.text(sv.Service)
	case "origin":
		y.text(string(sv.Origin))
	case "sdk":
		y.text(sv.SDK.Name)
	case "release":
		y.text(sv.Release)
		y.text(sv.Version)
	case "env":
		y.text(sv.Environment)
	case "pid":
		y.num(sv.PID)
	case "session":
		y.num(int64(sv.Session))
	case "platform":
		y.text(sv.SDK.Language)
	default:
		y.attributes(key, nil, sv.Resource)
	}
}

func (r *serviceRecord) Is(flag string) bool { return flag == "finding" && len(r.sv.Findings) > 0 }
