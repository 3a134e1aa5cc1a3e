package sentry

import (
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/otelcol-spotlight/otelcol-spotlight/translate/conventions"
	"github.com/otelcol-spotlight/otelcol-spotlight/translate/envelope"
	"github.com/otelcol-spotlight/otelcol-spotlight/translate/model"
)

// logItem translates a container of logs.
func (c *call) logItem(it *envelope.Item) bool {
	return c.container(it, c.r.parse(it.Payload), func(e node) bool {
		c.log(e)
		return true
	})
}

func (c *call) log(v node) {
	r := c.r
	var timestamp, trace, span, level, number, body, attributes node
	v.visit(func(k []byte, e node) {
		switch string(k) {
		case "timestamp":
			timestamp = e
		case "trace_id":
			trace = e
		case "span_id":
			span = e
		case "level":
			level = e
		case "severity_number":
			number = e
		case "body":
			body = e
		case "attributes":
			attributes = e
		default:
			c.extra.add(k, e)
		}
	})
	attrs := c.scratchMap()
	if o := attributes; o.isObject() {
		r.attributes(attrs, o, &c.units)
	} else {
		c.leftOver("attributes", attributes)
	}
	f := entryFacts(attrs)
	lr := c.logRecord(c.groupOf(&f))
	attrs.MoveTo(lr.Attributes())
	a := lr.Attributes()

	c.setTime(lr, timestamp)
	if _, ok := timestamp.time(); !ok {
		c.leftOver("timestamp", timestamp)
	}
	c.setLogLevel(lr, level, number)
	if !body.missing() {
		r.setValue(lr.Body(), body)
	}
	c.setTrace(lr, trace, span)
	if lr.TraceID().IsEmpty() {
		c.leftOver("trace_id", trace)
	}
	if lr.SpanID().IsEmpty() && !lr.TraceID().IsEmpty() {
		if parent, ok := a.Get(conventions.ParentSpanID); ok { // JavaScript sends the span only here
			if id, ok := model.ParseSpanID(parent.AsString()); ok {
				lr.SetSpanID(pcommon.SpanID(id))
			}
		}
	}
	c.close(a)
}

// entryFacts reads what the attributes of a log or a metric say of the process.
func entryFacts(attrs pcommon.Map) (f facts) {
	host := ""
	attrs.Range(func(k string, v pcommon.Value) bool {
		if v.Type() == pcommon.ValueTypeStr {
			if k == "server.address" { // JavaScript's name for server_name here; on a span it is the other side
				host = v.Str()
			}
			f.setAttribute(k, v.Str())
		}
		return true
	})
	if language(f.sdkName, "") == "nodejs" {
		first(&f.host, host)
	}
	return f
}

func (c *call) setLogLevel(lr plog.LogRecord, level, number node) {
	l, ok := level.level()
	n, numbered := number.int()
	switch {
	case numbered && n >= 1 && n <= 24:
		lr.SetSeverityNumber(plog.SeverityNumber(n)) // #nosec G115 -- checked
	case ok:
		lr.SetSeverityNumber(severity(l))
	default:
		lr.SetSeverityNumber(plog.SeverityNumberInfo)
	}
	lr.SetSeverityText(level.text())
}
