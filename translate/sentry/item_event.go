package sentry

import (
	"strings"

	"github.com/valyala/fastjson"
	"go.opentelemetry.io/collector/pdata/pcommon"

	"github.com/otelcol-spotlight/otelcol-spotlight/translate/conventions"
	"github.com/otelcol-spotlight/otelcol-spotlight/translate/envelope"
	"github.com/otelcol-spotlight/otelcol-spotlight/translate/model"
)

// eventItem makes the log record of an error or message. Its body is the payload as it came; the attributes are what
// lists, filters and other backends need without reading it.
func (c *call) eventItem(it *envelope.Item) bool {
	root := object(c.r.parse(it.Payload))
	if root == nil {
		return false
	}
	var f fields
	f.read(root)
	switch {
	case c.r.str(f.typ) == "transaction" && object(f.contexts) != nil: // old SDKs send them to /store/
		c.transaction(it, &f)
		return true
	case c.r.str(f.typ) == "feedback":
		return c.feedbackEvent(it)
	}
	g := c.groupOf(c.eventFacts(&f))
	lr := c.logRecord(g)
	a := lr.Attributes()
	a.EnsureCapacity(20)
	setText(lr.Body(), it.Payload)
	c.putHeader(a, it)

	exceptions := listOf(f.exception)
	if c.r.isError(exceptions) {
		lr.SetEventName(conventions.EventException)
		c.putException(a, thrown(exceptions), &f)
	} else {
		lr.SetEventName(conventions.EventMessage)
		put(a, conventions.ItemTitle, title(c.r.message(&f).Formatted))
	}
	id := c.claimEventID(f.eventID)
	a.PutStr(conventions.EventID, id.String())
	level, ok := c.r.levelOf(f.level)
	if !ok {
		level = model.LevelError
	}
	lr.SetSeverityNumber(severity(level))
	lr.SetSeverityText(string(level))
	if raw := c.r.text(f.level); raw != string(level) {
		put(a, conventions.Level, raw)
	}
	c.setTime(lr, f.timestamp)
	trace := field(f.contexts, "trace")
	c.setTrace(lr, field(trace, "trace_id"), field(trace, "span_id"))
	if c.event.trace.IsZero() {
		c.event.trace, c.event.span = model.TraceID(lr.TraceID()), model.SpanID(lr.SpanID())
	}
	c.putEventAttributes(a, &f)
	c.warnings = c.r.warnings(c.warnings)
	c.close(a)
	return true
}

// eventFacts reads what an event says of its process.
func (c *call) eventFacts(f *fields) *facts {
	r := c.r
	p := &facts{
		release: r.text(f.release), environment: r.text(f.environment), dist: r.text(f.dist),
		host: r.text(f.serverName), platform: r.str(f.platform),
	}
	p.setSDK(r, f.sdk)
	p.setContexts(r, f.contexts)
	eachTag(f.tags, func(k []byte, v *fastjson.Value) {
		switch string(k) {
		case conventions.ServiceName, "service":
			first(&p.serviceTag, r.text(v))
		}
	})
	if headers := field(f.request, "headers"); headers != nil {
		eachTag(headers, func(k []byte, v *fastjson.Value) {
			if strings.EqualFold(string(k), "user-agent") {
				p.userAgent = r.text(v)
			}
		})
	}
	return p
}

// putEventAttributes writes what events and transactions have in common.
func (c *call) putEventAttributes(a pcommon.Map, f *fields) {
	r := c.r
	put(a, conventions.Platform, r.str(f.platform))
	put(a, conventions.Logger, r.text(f.logger))
	put(a, conventions.SegmentName, r.text(f.transaction))
	put(a, conventions.SegmentSource, r.str(field(f.transactionInfo, "source")))
	c.setUser(a, f.user)
	if f.request != nil {
		put(a, conventions.HTTPMethod, strings.ToUpper(r.str(field(f.request, "method"))))
		put(a, conventions.URLFull, r.str(field(f.request, "url")))
	}
	replay := r.str(path(f.contexts, "replay", "replay_id"))
	eachTag(f.tags, func(k []byte, v *fastjson.Value) {
		if string(k) == "replayId" && replay == "" { // JavaScript before version 8
			replay = r.text(v)
		}
	})
	put(a, conventions.ReplayID, replay)
	first(&c.event.replay, replay)
	profile := field(f.contexts, "profile")
	put(a, conventions.ProfilerID, r.str(field(profile, "profiler_id")))
	put(a, conventions.ProfileID, r.str(field(profile, "profile_id")))
	put(a, conventions.SessionID, r.text(path(f.contexts, "session", "id")))
}

// putException writes the semantic conventions' attributes of the exception that was thrown.
func (c *call) putException(a pcommon.Map, exception *fastjson.Value, f *fields) {
	r := c.r
	var typ, value, stack, mechanism *fastjson.Value
	object(exception).Visit(func(k []byte, v *fastjson.Value) {
		switch string(k) {
		case "type":
			typ = v
		case "value":
			value = v
		case "stacktrace":
			stack = v
		case "mechanism":
			mechanism = v
		}
	})
	if isNull(mechanism) {
		mechanism = f.mechanism
	}
	if isNull(stack) {
		stack = f.stacktrace
	}
	put(a, conventions.ExceptionType, r.text(typ))
	put(a, conventions.ExceptionMessage, r.text(value))
	put(a, conventions.ExceptionStacktrace, r.stackText(r.text(typ), r.text(value), stack, r.str(f.platform)))
	put(a, conventions.MechanismType, r.str(field(mechanism, "type")))
	if handled := field(mechanism, "handled"); handled != nil {
		switch handled.Type() {
		case fastjson.TypeTrue:
			a.PutBool(conventions.Handled, true)
		case fastjson.TypeFalse:
			a.PutBool(conventions.Handled, false)
		}
	}
}

// eachTag calls f for every member of an object, or of a list of pairs.
func eachTag(tags *fastjson.Value, f func(k []byte, v *fastjson.Value)) {
	if tags == nil {
		return
	}
	switch tags.Type() {
	case fastjson.TypeObject:
		tags.GetObject().Visit(f)
	case fastjson.TypeArray:
		for _, pair := range tags.GetArray() {
			if pair.Type() == fastjson.TypeArray {
				if kv := pair.GetArray(); len(kv) >= 2 && kv[0].Type() == fastjson.TypeString {
					f(kv[0].GetStringBytes(), kv[1])
				}
				continue
			}
			// [{"key":"a","value":"b"}], as Sentry's API writes them
			if k, v := field(pair, "key"), field(pair, "value"); k != nil && v != nil && k.Type() == fastjson.TypeString {
				f(k.GetStringBytes(), v)
			}
		}
	}
}
