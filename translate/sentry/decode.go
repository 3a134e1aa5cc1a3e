package sentry

import (
	"github.com/otelcol-spotlight/otelcol-spotlight/translate/model"
)

// DecodeEvent reads the payload of an error, a message, a feedback, a replay event or a transaction. It never fails: what
// cannot be read is left out, and a warning says so. Of a transaction it gives what is not in its spans: request, user,
// tags, contexts, breadcrumbs.
//
// Whatever shape the SDK chose, the event has one: the thrown exception first and its causes after it, frames newest
// first, breadcrumbs oldest first, tags and user ids as text, numbers as they were written. What only the rest of a
// pipeline knows stays empty: service, issue, session, resource.
//
// The strings of an event share allocations of a few KiB. Who keeps single strings for long clones them; those of the
// EventSummary are clones already.
func DecodeEvent(payload []byte) (model.Event, []string) {
	return decode(payload, true)
}

// DecodeForIssue reads the part of an event that its title and its cluster key are made of: the summary, exceptions with
// frames (without source context and variables), message and fingerprint. It is what ingest can afford for every error.
func DecodeForIssue(payload []byte) (model.Event, []string) {
	return decode(payload, false)
}

// decoder reads one event.
type decoder struct {
	r    *reader
	full bool
	warn []string
}

func decode(payload []byte, full bool) (model.Event, []string) {
	r := getReader()
	defer r.release()
	d := decoder{r: r, full: full}
	ev := model.Event{
		EventSummary: model.EventSummary{Origin: model.OriginSentry, Type: model.EventMessage, Level: model.LevelError},
		Source:       model.SourceSentry,
		Exceptions:   []model.Exception{}, Breadcrumbs: []model.Breadcrumb{},
		Provenance: map[string]model.Provenance{},
	}
	root := r.parse(payload)
	if !root.isObject() {
		ev.Title = untitled
		return ev, []string{model.WarnUnparsable}
	}
	d.warn = r.warnings(nil)
	var f fields
	f.read(root)
	d.event(&ev, &f)
	if full {
		d.details(&ev, &f)
		d.other(&ev, root, &f)
	}
	return ev, d.warn
}

func (d *decoder) warning(text string) {
	for _, w := range d.warn {
		if w == text {
			return
		}
	}
	d.warn = append(d.warn, text)
}

// event reads what DecodeForIssue gives.
func (d *decoder) event(ev *model.Event, f *fields) {
	typ := f.typ.str()
	exceptions := listOf(f.exception)
	switch {
	case typ == "transaction":
		ev.Type = model.EventTransaction
		ev.Level = model.LevelInfo
	case isError(exceptions):
		ev.Type = model.EventError
	}
	ev.EventID, _ = eventID(f.eventID)
	if level, ok := f.level.level(); ok {
		ev.Level = level
	}
	if ns, ok := f.timestamp.time(); ok {
		ev.Time = model.Time(ns)
	} else {
		d.warning(model.WarnBadTime)
	}
	trace := f.contexts.field("trace")
	ev.TraceID, _ = traceID(trace.field("trace_id"))
	ev.SpanID, _ = spanID(trace.field("span_id"))
	ev.Platform = own(f.platform.str())
	ev.Release = own(f.release.text())
	ev.Environment = own(f.environment.text())
	ev.Transaction = f.transaction.text()

	ev.Exceptions = d.exceptions(exceptions, f)
	message := f.readMessage()
	if message.Formatted == "" {
		message.Formatted = f.contexts.path("feedback", "message").text()
	}
	if message.Formatted != "" {
		ev.Message = &message
	}
	for _, v := range listOrOne(f.fingerprint) {
		if !v.isNull() {
			ev.Fingerprint = append(ev.Fingerprint, v.text())
		}
	}
	d.summary(ev, f)
}

// listOrOne returns the elements of a list, or a lone value as the only one.
func listOrOne(v node) []node {
	switch {
	case v.isNull():
		return nil
	case v.kind() == kindArray:
		return v.list()
	}
	return []node{v}
}

// details reads the rest of what the model has a field for.
func (d *decoder) details(ev *model.Event, f *fields) {
	ev.ServerName = f.serverName.text()
	ev.Dist = f.dist.text()
	ev.Logger = f.logger.text()
	ev.SDK = d.sdk(f.sdk, ev.Platform)
	ev.Threads = d.threads(f)
	ev.Breadcrumbs = d.breadcrumbs(f.breadcrumbs)
	ev.Tags = d.tags(f.tags)
	ev.User = d.user(f.user)
	ev.Request = d.request(f.request)
	ev.Contexts = d.contexts(f.contexts)
	ev.Extra = d.members(f.extra)
	ev.Modules = d.modules(f.modules)
	ev.DebugImages = d.debugImages(f.debugMeta)
}

func (d *decoder) sdk(v node, platform string) *model.SDK {
	if !v.isObject() {
		return nil
	}
	name := v.field("name").text()
	return &model.SDK{Name: name, Version: v.field("version").text(), Language: language(name, platform)}
}

// tags reads tags: a map or a list of pairs. Values are text; null is no value.
func (d *decoder) tags(v node) model.Attributes {
	out := model.Attributes{}
	eachTag(v, func(k []byte, e node) {
		if !e.isNull() {
			out = append(out, model.Attribute{Key: d.r.copy(k), Value: model.String(e.text())})
		}
	})
	return out.Sort()
}

// user reads the user: the known fields are text, whatever an SDK made of them (ids are often numbers).
func (d *decoder) user(v node) model.Attributes {
	out := model.Attributes{}
	v.visit(func(k []byte, e node) {
		if e.isNull() {
			return
		}
		value := e.value()
		switch string(k) {
		case "id", "email", "username", "name", "ip_address", "segment":
			value = model.String(e.text())
		}
		out = append(out, model.Attribute{Key: d.r.copy(k), Value: value})
	})
	return out.Sort()
}

// contexts reads contexts: each an object by its name. One that is no object becomes {"value": ...}.
func (d *decoder) contexts(v node) model.Attributes {
	out := model.Attributes{}
	v.visit(func(k []byte, e node) {
		if e.isNull() {
			return
		}
		value := e.value()
		if value.Kind() != model.KindMap {
			value = model.Map(model.Attributes{{Key: "value", Value: value}})
		}
		out = append(out, model.Attribute{Key: d.r.copy(k), Value: value})
	})
	return out.Sort()
}

// members reads any object; something else becomes {"value": ...}, so that it is not lost.
func (d *decoder) members(v node) model.Attributes {
	if v.isNull() {
		return model.Attributes{}
	}
	if v.kind() != kindObject {
		return model.Attributes{{Key: "value", Value: v.value()}}
	}
	return v.value().Map()
}

// modules reads modules: name to version, or a list of pairs.
func (d *decoder) modules(v node) model.Attributes {
	var out model.Attributes
	eachTag(v, func(k []byte, e node) {
		out = append(out, model.Attribute{Key: d.r.copy(k), Value: model.String(e.text())})
	})
	return out.Sort()
}

func (d *decoder) debugImages(v node) []model.DebugImage {
	var out []model.DebugImage
	for _, e := range listAt(v, "images") {
		if !e.isObject() {
			continue
		}
		var m model.DebugImage
		m.Other = d.rest(e, func(k []byte, e node) bool {
			switch string(k) {
			case "type":
				m.Type = e.text()
			case "code_file":
				m.CodeFile = e.text()
			case "debug_id":
				m.DebugID = e.text()
			default:
				return false
			}
			return true
		})
		out = append(out, m)
	}
	return out
}

// rest visits an object and returns what take did not want.
func (d *decoder) rest(v node, take func(k []byte, e node) bool) model.Attributes {
	var out model.Attributes
	v.visit(func(k []byte, e node) {
		if !take(k, e) && !e.isNull() {
			out = append(out, model.Attribute{Key: d.r.copy(k), Value: e.value()})
		}
	})
	return out.Sort()
}

// other reads the keys that the model has no field for. The spans of a transaction are left out: they are in the trace.
func (d *decoder) other(ev *model.Event, root node, f *fields) {
	root.visit(func(k []byte, v node) {
		switch string(k) {
		case "spans", "event_id", "timestamp", "platform", "level", "logger", "transaction", "server_name", "release", "dist",
			"environment", "tags", "extra", "modules", "fingerprint", "user", "request", "contexts", "breadcrumbs",
			"exception", "threads", "stacktrace", "logentry", "message":
			return
		}
		if _, old := oldKeys[string(k)]; old || v.isNull() {
			return
		}
		if string(k) == "debug_meta" {
			v = v.field("sdk_info")
			if v.isNull() {
				return
			}
		}
		ev.Other = append(ev.Other, model.Attribute{Key: d.r.copy(k), Value: v.value()})
	})
	ev.Other.Sort()
}
