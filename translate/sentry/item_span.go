package sentry

import (
	"bytes"

	"github.com/valyala/fastjson"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/ptrace"

	"github.com/otelcol-spotlight/otelcol-spotlight/translate/conventions"
	"github.com/otelcol-spotlight/otelcol-spotlight/translate/envelope"
	"github.com/otelcol-spotlight/otelcol-spotlight/translate/model"
)

// spanItem translates a container of streamed spans ("span v2", which @sentry/* 11 sends for everything), or the one span
// of an older span item. The form of the payload decides, not the content type.
func (c *call) spanItem(it *envelope.Item) bool {
	v := c.r.parse(it.Payload)
	root := object(v)
	if root == nil {
		return false
	}
	entries := field(v, "items")
	if entries == nil || entries.Type() != fastjson.TypeArray {
		c.oneSpan(it, v)
		return true
	}
	shared := c.containerWarnings(it)
	for _, e := range entries.GetArray() {
		if object(e) == nil {
			c.badEntry(it, e)
			continue
		}
		c.warnings = append(c.warnings[:0], shared...)
		c.streamedSpan(e)
	}
	c.warnings = c.warnings[:0]
	return true
}

// containerWarnings returns what is to be said on every record of a container.
func (c *call) containerWarnings(it *envelope.Item) []string {
	return c.r.warnings(append([]string(nil), it.Warnings...))
}

// oneSpan translates a span item of one span.
func (c *call) oneSpan(it *envelope.Item, v *fastjson.Value) {
	for _, w := range c.containerWarnings(it) {
		c.warn(w)
	}
	if field(v, "end_timestamp") != nil || object(field(v, "attributes")) != nil {
		c.streamedSpan(v)
		return
	}
	span := c.span(c.own())
	c.plainSpan(span, v, model.TraceID{})
	c.segmentFrom(span)
}

// segmentFrom teaches the envelope's own group what a span's attributes say of the process.
func (c *call) segmentFrom(span ptrace.Span) {
	var f facts
	span.Attributes().Range(func(k string, v pcommon.Value) bool {
		if v.Type() == pcommon.ValueTypeStr {
			f.setAttribute(k, v.Str())
		}
		return true
	})
	c.own().facts.inherit(&f)
}

// streamedSpan translates one span of a container.
func (c *call) streamedSpan(v *fastjson.Value) {
	r := c.r
	var trace, id, parent, name, status, start, end, links, kind, segment, remote, attributes *fastjson.Value
	object(v).Visit(func(k []byte, e *fastjson.Value) {
		switch string(k) {
		case "trace_id":
			trace = e
		case "span_id":
			id = e
		case "parent_span_id":
			parent = e
		case "name":
			name = e
		case "status":
			status = e
		case "start_timestamp":
			start = e
		case "end_timestamp":
			end = e
		case "links":
			links = e
		case "kind":
			kind = e
		case "is_segment":
			segment = e
		case "is_remote":
			remote = e
		case "attributes":
			attributes = e
		default:
			c.extra.add(k, e)
		}
	})

	// The attributes tell which resource the span belongs to, so they are read before the span is made.
	attrs := c.scratchMap()
	if o := object(attributes); o != nil {
		r.attributes(attrs, o, &c.units)
	} else {
		c.leftOver("attributes", attributes)
	}
	var f facts
	var op, sentryKind, message string
	attrs.Range(func(k string, v pcommon.Value) bool {
		if v.Type() != pcommon.ValueTypeStr {
			return true
		}
		switch k {
		case conventions.Op:
			op = v.Str()
		case conventions.Kind:
			sentryKind = v.Str()
		case conventions.StatusMessage:
			message = v.Str()
		default:
			f.setAttribute(k, v.Str())
		}
		return true
	})
	span := c.span(c.groupOf(&f))
	attrs.MoveTo(span.Attributes())

	if text := r.text(name); text != "" {
		span.SetName(text)
	} else if op != "" {
		span.SetName(op)
	} else {
		span.SetName("span")
	}
	if sentryKind == "" {
		sentryKind = r.str(kind)
	}
	span.SetKind(kindOf(op, sentryKind))
	switch s := r.statusOf(status); s {
	case "error":
		span.Status().SetCode(ptrace.StatusCodeError)
		span.Status().SetMessage(message)
	default:
		c.setStatus(span, s)
	}
	c.setSpanIDs(span, trace, id, parent, model.TraceID{})
	c.setSpanTimes(span, start, end)
	c.links(span, links)
	a := span.Attributes()
	putBool(a, conventions.IsSegment, segment)
	if remote != nil {
		span.SetFlags(remoteFlags(remote.Type() == fastjson.TypeTrue))
	}
	c.close(a)
}

// remoteFlags are the bits of OTLP Span.flags that say whether the parent is in another process.
func remoteFlags(remote bool) uint32 {
	const hasIsRemote, isRemote = 0x100, 0x200
	if remote {
		return hasIsRemote | isRemote
	}
	return hasIsRemote
}

// plainSpan translates a span of a transaction, or a span item of the first version: plain values, op and description.
func (c *call) plainSpan(span ptrace.Span, v *fastjson.Value, within model.TraceID) {
	r := c.r
	var trace, id, parent, op, description, start, end, status, data, tags, origin, exclusive, measurements, links,
		segment, segmentID *fastjson.Value
	object(v).Visit(func(k []byte, e *fastjson.Value) {
		switch string(k) {
		case "trace_id":
			trace = e
		case "span_id":
			id = e
		case "parent_span_id":
			parent = e
		case "op":
			op = e
		case "description":
			description = e
		case "start_timestamp":
			start = e
		case "timestamp":
			end = e
		case "status":
			status = e
		case "data":
			data = e
		case "tags":
			tags = e
		case "origin":
			origin = e
		case "exclusive_time":
			exclusive = e
		case "measurements":
			measurements = e
		case "links":
			links = e
		case "is_segment":
			segment = e
		case "segment_id":
			segmentID = e
		default:
			c.extra.add(k, e)
		}
	})
	a := span.Attributes()
	if o := object(data); o != nil {
		a.EnsureCapacity(o.Len() + 6)
		r.attributes(a, o, &c.units)
	} else {
		c.leftOver("data", data)
	}
	eachTag(tags, func(k []byte, e *fastjson.Value) { c.addMissing(a, "tags", k, e) })
	c.measurements(a, measurements)
	opText := r.str(op)
	put(a, conventions.Op, opText)
	put(a, conventions.SpanOrigin, r.str(origin))
	put(a, conventions.SegmentID, r.str(segmentID))
	putBool(a, conventions.IsSegment, segment)
	c.putNumber(a, conventions.ExclusiveTime, exclusive)
	if text := r.text(description); text != "" {
		span.SetName(text)
	} else if opText != "" {
		span.SetName(opText)
	} else {
		span.SetName("span")
	}
	span.SetKind(kindOf(opText, otelKind(a)))
	c.setStatus(span, r.statusOf(status))
	c.setSpanIDs(span, trace, id, parent, within)
	c.setSpanTimes(span, start, end)
	c.links(span, links)
	c.close(a)
}

// addMissing puts a tag among the attributes, as Sentry does when it turns old spans into new ones; where there is
// another value of that name, the tag is left over.
func (c *call) addMissing(a pcommon.Map, from string, key []byte, v *fastjson.Value) {
	at, there := a.GetOrPutEmpty(c.r.copy(key))
	if !there {
		c.r.setValue(at, v)
		return
	}
	was := pcommon.NewValueEmpty()
	c.r.setValue(was, v)
	if !was.Equal(at) {
		c.extra.add(append([]byte(from+"."), key...), v)
	}
}

// measurements puts {name: {value, unit}} among the attributes.
func (c *call) measurements(a pcommon.Map, v *fastjson.Value) {
	if o := object(v); o != nil {
		o.Visit(func(k []byte, m *fastjson.Value) {
			value, unit := field(m, "value"), field(m, "unit")
			if value == nil || bytes.HasPrefix(k, []byte("sentry.")) {
				c.extra.add(append([]byte("measurements."), k...), m)
				return
			}
			c.addMissing(a, "measurements", k, value)
			if !isNull(unit) {
				c.units.add(k, unit)
			}
		})
		return
	}
	c.leftOver("measurements", v)
}

func putBool(a pcommon.Map, key string, v *fastjson.Value) {
	if v == nil {
		return
	}
	switch v.Type() {
	case fastjson.TypeTrue:
		a.PutBool(key, true)
	case fastjson.TypeFalse:
		a.PutBool(key, false)
	}
}
