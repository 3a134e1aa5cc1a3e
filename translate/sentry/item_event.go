package sentry

import (
	"strings"

	"go.opentelemetry.io/collector/pdata/pcommon"

	"github.com/otelcol-spotlight/otelcol-spotlight/translate/conventions"
	"github.com/otelcol-spotlight/otelcol-spotlight/translate/envelope"
	"github.com/otelcol-spotlight/otelcol-spotlight/translate/model"
)

// eventItem makes the log record of an error or message. Its body is the payload as it came; the attributes are what
// lists, filters and other backends need without reading it.
func (c *call) eventItem(it *envelope.Item) bool {
	root := c.r.parse(it.Payload)
	if !root.isObject() {
		return false
	}
	var f fields
	f.read(root)
	switch {
	case f.typ.str() == "transaction" && f.contexts.isObject(): // old SDKs send them to /store/
		c.transaction(it, string(it.Payload), &f)
		return true
	case f.typ.str() == "feedback":
		return c.feedbackEvent(it)
	}
	g := c.groupOf(c.eventFacts(&f))
	lr := c.logRecord(g)
	a := lr.Attributes()
	a.EnsureCapacity(20)
	setText(lr.Body(), it.Payload)
	c.putHeader(a, it)

	exceptions := listOf(f.exception)
	if isError(exceptions) {
		lr.SetEventName(conventions.EventException)
		c.putException(a, thrown(exceptions), &f)
		for _, e := range exceptions { // see handled: one that was not is enough
			if e.field("mechanism").field("handled").kind() == kindFalse {
				a.PutBool(conventions.Handled, false)
			}
		}
	} else {
		lr.SetEventName(conventions.EventMessage)
		put(a, conventions.ItemTitle, title(f.readMessage().Formatted))
	}
	id := c.claimEventID(f.eventID)
	a.PutStr(conventions.EventID, id.String())
	level, ok := f.level.level()
	if !ok {
		level = model.LevelError
	}
	lr.SetSeverityNumber(severity(level))
	lr.SetSeverityText(string(level))
	if raw := f.level.text(); raw != string(level) {
		put(a, conventions.Level, raw)
	}
	c.setTime(lr, f.timestamp)
	trace := f.contexts.field("trace")
	c.setTrace(lr, trace.field("trace_id"), trace.field("span_id"))
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
	p := &facts{
		release: f.release.text(), environment: f.environment.text(), dist: f.dist.text(),
		host: f.serverName.text(), platform: f.platform.str(),
	}
	p.setSDK(f.sdk)
	p.setContexts(f.contexts)
	eachTag(f.tags, func(k []byte, v node) {
		switch string(k) {
		case conventions.ServiceName, "service":
			first(&p.serviceTag, v.text())
		}
	})
	if headers := f.request.field("headers"); !headers.missing() {
		eachTag(headers, func(k []byte, v node) {
			if strings.EqualFold(string(k), "user-agent") {
				p.userAgent = v.text()
			}
		})
	}
	return p
}

// putEventAttributes writes what events and transactions have in common.
func (c *call) putEventAttributes(a pcommon.Map, f *fields) {
	put(a, conventions.Platform, f.platform.str())
	put(a, conventions.Logger, f.logger.text())
	put(a, conventions.SegmentName, f.transaction.text())
	put(a, conventions.SegmentSource, f.transactionInfo.field("source").str())
	c.setUser(a, f.user)
	if !f.request.missing() {
		put(a, conventions.HTTPMethod, strings.ToUpper(f.request.field("method").str()))
		put(a, conventions.URLFull, f.request.field("url").str())
	}
	replay := f.contexts.path("replay", "replay_id").str()
	eachTag(f.tags, func(k []byte, v node) {
		if string(k) == "replayId" && replay == "" { // JavaScript before version 8
			replay = v.text()
		}
	})
	put(a, conventions.ReplayID, replay)
	first(&c.event.replay, replay)
	profile := f.contexts.field("profile")
	put(a, conventions.ProfilerID, profile.field("profiler_id").str())
	put(a, conventions.ProfileID, profile.field("profile_id").str())
}

// putException writes the semantic conventions' attributes of the exception that was thrown.
func (c *call) putException(a pcommon.Map, exception node, f *fields) {
	r := c.r
	var typ, value, stack, mechanism node
	exception.visit(func(k []byte, v node) {
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
	if mechanism.isNull() {
		mechanism = f.mechanism
	}
	if stack.isNull() {
		stack = f.stacktrace
	}
	put(a, conventions.ExceptionType, typ.text())
	put(a, conventions.ExceptionMessage, value.text())
	put(a, conventions.ExceptionStacktrace, stackText(r, typ.text(), value.text(), stack, f.platform.str()))
	put(a, conventions.MechanismType, mechanism.field("type").str())
	if handled := mechanism.field("handled"); !handled.missing() {
		switch handled.kind() {
		case kindTrue:
			a.PutBool(conventions.Handled, true)
		case kindFalse:
			a.PutBool(conventions.Handled, false)
		}
	}
}

// eachTag calls f for every member of an object, or of a list of pairs: ["a","b"], or {"key":"a","value":"b"}.
func eachTag(tags node, f func(k []byte, v node)) {
	tags.visit(f)
	for pair := range tags.elements() {
		k, v := pair.field("key"), pair.field("value")
		if kv := pair.list(); len(kv) >= 2 {
			k, v = kv[0], kv[1]
		}
		if k.kind() == kindString && !v.missing() {
			f(k.r.key(k.token()), v)
		}
	}
}
