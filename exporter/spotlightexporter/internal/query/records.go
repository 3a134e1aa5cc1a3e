package query

import (
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

// lookup is attributes, packed or not.
type lookup interface {
	Get(key string) (model.Value, bool)
}

func (y *yielder) value(a lookup, key string) {
	if v, ok := a.Get(key); ok && !y.done {
		y.done = !y.yield(v)
	}
}

// first gives the value of the first of several attributes that is there.
func (y *yielder) first(a lookup, keys ...string) {
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
func (y *yielder) attributes(key string, own lookup, res *model.Resource) {
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
		y.text(l.Origin.String())
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
		y.text(it.Origin.String())
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
		y.text(sv.Origin.String())
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
		y.attributes(key, model.Attributes(nil), sv.Resource)
	}
}

func (r *serviceRecord) Is(flag string) bool { return flag == "finding" && len(r.sv.Findings) > 0 }
