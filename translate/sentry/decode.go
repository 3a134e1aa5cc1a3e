package sentry

import (
	"github.com/valyala/fastjson"

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
	root := object(r.parse(payload))
	if root == nil {
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
	r := d.r
	typ := r.str(f.typ)
	exceptions := listOf(f.exception)
	switch {
	case typ == "transaction":
		ev.Type = model.EventTransaction
		ev.Level = model.LevelInfo
	case r.isError(exceptions):
		ev.Type = model.EventError
	}
	ev.EventID, _ = eventID(f.eventID)
	if level, ok := r.levelOf(f.level); ok {
		ev.Level = level
	}
	if ns, ok := r.time(f.timestamp); ok {
		ev.Time = model.Time(ns)
	} else {
		d.warning(model.WarnBadTime)
	}
	trace := field(f.contexts, "trace")
	ev.TraceID, _ = traceID(field(trace, "trace_id"))
	ev.SpanID, _ = spanID(field(trace, "span_id"))
	ev.Platform = own(r.str(f.platform))
	ev.Release = own(r.text(f.release))
	ev.Environment = own(r.text(f.environment))
	ev.Transaction = r.text(f.transaction)

	ev.Exceptions = d.exceptions(exceptions, f)
	message := r.message(f)
	if message.Formatted == "" {
		message.Formatted = r.text(path(f.contexts, "feedback", "message"))
	}
	if message.Formatted != "" {
		ev.Message = &message
	}
	for _, v := range listOrOne(f.fingerprint) {
		if !isNull(v) {
			ev.Fingerprint = append(ev.Fingerprint, r.text(v))
		}
	}
	d.summary(ev, f)
}

// listOrOne returns the elements of a list, or a lone value as the only one.
func listOrOne(v *fastjson.Value) []*fastjson.Value {
	switch {
	case isNull(v):
		return nil
	case v.Type() == fastjson.TypeArray:
		return v.GetArray()
	}
	return []*fastjson.Value{v}
}

// details reads the rest of what the model has a field for.
func (d *decoder) details(ev *model.Event, f *fields) {
	r := d.r
	ev.ServerName = r.text(f.serverName)
	ev.Dist = r.text(f.dist)
	ev.Logger = r.text(f.logger)
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

func (d *decoder) sdk(v *fastjson.Value, platform string) *model.SDK {
	if object(v) == nil {
		return nil
	}
	name := d.r.text(field(v, "name"))
	return &model.SDK{Name: name, Version: d.r.text(field(v, "version")), Language: language(name, platform)}
}

// tags reads tags: a map or a list of pairs. Values are text; null is no value.
func (d *decoder) tags(v *fastjson.Value) model.Attributes {
	out := model.Attributes{}
	eachTag(v, func(k []byte, e *fastjson.Value) {
		if !isNull(e) {
			out = append(out, model.Attribute{Key: d.r.copy(k), Value: model.String(d.r.text(e))})
		}
	})
	return out.Sort()
}

// user reads the user: the known fields are text, whatever an SDK made of them (ids are often numbers).
func (d *decoder) user(v *fastjson.Value) model.Attributes {
	out := model.Attributes{}
	object(v).Visit(func(k []byte, e *fastjson.Value) {
		if isNull(e) {
			return
		}
		value := d.r.value(e)
		switch string(k) {
		case "id", "email", "username", "name", "ip_address", "segment":
			value = model.String(d.r.text(e))
		}
		out = append(out, model.Attribute{Key: d.r.copy(k), Value: value})
	})
	return out.Sort()
}

// contexts reads contexts: each an object by its name. One that is no object becomes {"value": ...}.
func (d *decoder) contexts(v *fastjson.Value) model.Attributes {
	out := model.Attributes{}
	object(v).Visit(func(k []byte, e *fastjson.Value) {
		if isNull(e) {
			return
		}
		value := d.r.value(e)
		if value.Kind() != model.KindMap {
			value = model.Map(model.Attributes{{Key: "value", Value: value}})
		}
		out = append(out, model.Attribute{Key: d.r.copy(k), Value: value})
	})
	return out.Sort()
}

// members reads any object; something else becomes {"value": ...}, so that it is not lost.
func (d *decoder) members(v *fastjson.Value) model.Attributes {
	if isNull(v) {
		return model.Attributes{}
	}
	if v.Type() != fastjson.TypeObject {
		return model.Attributes{{Key: "value", Value: d.r.value(v)}}
	}
	return d.r.value(v).Map()
}

// modules reads modules: name to version, or a list of pairs.
func (d *decoder) modules(v *fastjson.Value) model.Attributes {
	var out model.Attributes
	eachTag(v, func(k []byte, e *fastjson.Value) {
		out = append(out, model.Attribute{Key: d.r.copy(k), Value: model.String(d.r.text(e))})
	})
	return out.Sort()
}

func (d *decoder) debugImages(v *fastjson.Value) []model.DebugImage {
	var out []model.DebugImage
	for _, e := range listAt(v, "images") {
		if object(e) == nil {
			continue
		}
		var m model.DebugImage
		m.Other = d.rest(e, func(k []byte, e *fastjson.Value) bool {
			switch string(k) {
			case "type":
				m.Type = d.r.text(e)
			case "code_file":
				m.CodeFile = d.r.text(e)
			case "debug_id":
				m.DebugID = d.r.text(e)
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
func (d *decoder) rest(v *fastjson.Value, take func(k []byte, e *fastjson.Value) bool) model.Attributes {
	var out model.Attributes
	object(v).Visit(func(k []byte, e *fastjson.Value) {
		if !take(k, e) && !isNull(e) {
			out = append(out, model.Attribute{Key: d.r.copy(k), Value: d.r.value(e)})
		}
	})
	return out.Sort()
}

// other reads the keys that the model has no field for. The spans of a transaction are left out: they are in the trace.
func (d *decoder) other(ev *model.Event, root *fastjson.Object, f *fields) {
	root.Visit(func(k []byte, v *fastjson.Value) {
		switch string(k) {
		case "spans", "event_id", "timestamp", "platform", "level", "logger", "transaction", "server_name", "release", "dist",
			"environment", "tags", "extra", "modules", "fingerprint", "user", "request", "contexts", "breadcrumbs",
			"exception", "threads", "stacktrace", "logentry", "message":
			return
		}
		if _, old := oldKeys[string(k)]; old || isNull(v) {
			return
		}
		if string(k) == "debug_meta" {
			v = field(v, "sdk_info")
			if isNull(v) {
				return
			}
		}
		ev.Other = append(ev.Other, model.Attribute{Key: d.r.copy(k), Value: d.r.value(v)})
	})
	ev.Other.Sort()
}
