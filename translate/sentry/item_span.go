package sentry

import (
	"bytes"

	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/ptrace"

	"github.com/otelcol-spotlight/otelcol-spotlight/translate/conventions"
	"github.com/otelcol-spotlight/otelcol-spotlight/translate/envelope"
	"github.com/otelcol-spotlight/otelcol-spotlight/translate/model"
)

// spanItem translates a container of streamed spans ("span v2", which @sentry/* 11 sends for everything), or the one span
// of an older span item. The form of the payload decides, not the content type.
func (c *call) spanItem(it *envelope.Item) bool {
	root := c.r.parse(it.Payload)
	if !root.isObject() {
		return false
	}
	streamed := func(e node) bool {
		c.streamedSpan(e)
		return true
	}
	if !c.container(it, root, streamed) {
		c.oneSpan(it, root)
	}
	return true
}

// oneSpan translates a span item of one span.
func (c *call) oneSpan(it *envelope.Item, v node) {
	for _, w := range c.containerWarnings(it) {
		c.warn(w)
	}
	if !v.field("end_timestamp").missing() || v.field("attributes").isObject() {
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
func (c *call) streamedSpan(v node) {
	r := c.r
	var trace, id, parent, name, status, start, end, links, kind, segment, remote, attributes node
	v.visit(func(k []byte, e node) {
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
	if o := attributes; o.isObject() {
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

	if text := name.text(); text != "" {
		span.SetName(text)
	} else if op != "" {
		span.SetName(op)
	} else {
		span.SetName("span")
	}
	if sentryKind == "" {
		sentryKind = kind.str()
	}
	span.SetKind(kindOf(op, sentryKind))
	switch s := status.status(); s {
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
	if !remote.missing() {
		span.SetFlags(remoteFlags(remote.isTrue()))
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
func (c *call) plainSpan(span ptrace.Span, v node, within model.TraceID) {
	r := c.r
	var trace, id, parent, op, description, start, end, status, data, tags, origin, exclusive, measurements, links,
		segment, segmentID node
	v.visit(func(k []byte, e node) {
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
	if o := data; o.isObject() {
		a.EnsureCapacity(o.len() + tags.len() + measurements.len() + c.more)
		r.attributes(a, o, &c.units)
	} else {
		c.leftOver("data", data)
	}
	if tags.len() > manyKeys {
		c.leftOver("tags", tags)
	} else {
		eachTag(tags, func(k []byte, e node) { c.addMissing(a, "tags", k, e) })
	}
	c.measurements(a, measurements)
	opText := op.word()
	c.putField(a, conventions.Op, opText)
	c.putField(a, conventions.SpanOrigin, origin.word())
	c.putField(a, conventions.SegmentID, segmentID.word())
	putBool(a, conventions.IsSegment, segment)
	c.putNumber(a, conventions.ExclusiveTime, exclusive)
	if text := description.word(); text != "" {
		span.SetName(text)
	} else if text = description.text(); text != "" { // no text, but something
		span.SetName(text)
	} else if opText != "" {
		span.SetName(opText)
	} else {
		span.SetName("span")
	}
	span.SetKind(kindOf(opText, otelKind(a)))
	c.setStatus(span, status.status())
	c.setSpanIDs(span, trace, id, parent, within)
	c.setSpanTimes(span, start, end)
	c.links(span, links)
	c.close(a)
	c.more = max(0, a.Len()-data.len()-tags.len()-measurements.len())
}

// putField writes a field of a span that its data may have under the same name too. The field counts; another value in
// data is left over.
func (c *call) putField(a pcommon.Map, key, value string) {
	if value == "" {
		return
	}
	at, there := a.GetOrPutEmpty(key)
	if there && at.Type() == pcommon.ValueTypeStr && at.Str() == value {
		return
	}
	if there {
		c.extra.addText("data."+key, at.AsString())
	}
	at.SetStr(value)
}

// addMissing puts a tag among the attributes, as Sentry does when it turns old spans into new ones; where there is
// another value of that name, the tag is left over.
func (c *call) addMissing(a pcommon.Map, from string, key []byte, v node) {
	at, there := a.GetOrPutEmpty(c.r.keyText(key))
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
func (c *call) measurements(a pcommon.Map, v node) {
	if v.isObject() && v.len() <= manyKeys {
		v.visit(func(k []byte, m node) {
			value, unit := m.field("value"), m.field("unit")
			if value.missing() || bytes.HasPrefix(k, []byte("sentry.")) {
				c.extra.add(append([]byte("measurements."), k...), m)
				return
			}
			c.addMissing(a, "measurements", k, value)
			if !unit.isNull() {
				c.units.add(k, unit)
			}
		})
		return
	}
	c.leftOver("measurements", v)
}

func putBool(a pcommon.Map, key string, v node) {
	if v.missing() {
		return
	}
	switch v.kind() {
	case kindTrue:
		a.PutBool(key, true)
	case kindFalse:
		a.PutBool(key, false)
	}
}
