package sentry

import (
	"strconv"
	"strings"

	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/ptrace"

	"github.com/otelcol-spotlight/otelcol-spotlight/translate/conventions"
	"github.com/otelcol-spotlight/otelcol-spotlight/translate/envelope"
	"github.com/otelcol-spotlight/otelcol-spotlight/translate/model"
)

// transactionItem makes one span of a transaction and one of each span in it. The whole payload stays on the
// transaction's own span, so that nothing is lost; attributes carry what is needed without reading it.
func (c *call) transactionItem(it *envelope.Item) bool {
	payload := string(it.Payload)
	root := c.r.parseShared(payload)
	if !root.isObject() {
		return false
	}
	var f fields
	f.read(root)
	c.transaction(it, payload, &f)
	return true
}

// traceContext is the trace context of a transaction or an event: its own span.
type traceContext struct {
	traceID, spanID, parent, op, status, description, origin, data, links, exclusive, sampleRate node
}

func readTraceContext(v node) (t traceContext) {
	v.visit(func(k []byte, e node) {
		switch string(k) {
		case "trace_id":
			t.traceID = e
		case "span_id":
			t.spanID = e
		case "parent_span_id":
			t.parent = e
		case "op":
			t.op = e
		case "status":
			t.status = e
		case "description":
			t.description = e
		case "origin":
			t.origin = e
		case "data":
			t.data = e
		case "links":
			t.links = e
		case "exclusive_time":
			t.exclusive = e
		case "client_sample_rate":
			t.sampleRate = e
		}
	})
	return t
}

func (c *call) transaction(it *envelope.Item, payload string, f *fields) {
	r := c.r
	t := readTraceContext(f.contexts.field("trace"))
	g := c.groupOf(c.eventFacts(f))
	span := c.span(g)
	a := span.Attributes()
	a.EnsureCapacity(24 + t.data.len())

	r.attributes(a, t.data, &c.units)
	c.putHeader(a, it)
	a.PutStr(conventions.EventID, c.claimEventID(f.eventID).String())
	c.putEventAttributes(a, f)
	op := t.op.str()
	c.putField(a, conventions.Op, op)
	c.putField(a, conventions.SpanOrigin, t.origin.str())
	put(a, conventions.Description, t.description.text())
	a.PutBool(conventions.IsSegment, true)
	c.putNumber(a, conventions.ExclusiveTime, t.exclusive)
	if _, there := a.Get(conventions.SampleRate); !there {
		c.putNumber(a, conventions.SampleRate, t.sampleRate)
	}

	name := f.transaction.text()
	if name == "" {
		name = op
	}
	if name == "" {
		name = "transaction"
	}
	span.SetName(name)
	span.SetKind(kindOf(op, otelKind(a)))
	c.setStatus(span, t.status.status())
	traceID := c.setSpanIDs(span, t.traceID, t.spanID, t.parent, model.TraceID{})
	c.setSpanTimes(span, f.startTimestamp, f.timestamp)
	if _, there := a.Get(conventions.SampleRate); !there && c.header.rate > 0 && span.ParentSpanID().IsEmpty() {
		a.PutDouble(conventions.SampleRate, c.header.rate) // Python's and Go's SDK say it in the header only
	}
	c.links(span, t.links)
	c.event.trace, c.event.span = traceID, model.SpanID(span.SpanID())

	spans := listOf(f.spans)
	for _, v := range spans {
		if !v.isObject() && !v.isNull() {
			c.warn(warnBadSpans)
		}
	}
	if r.utf8 {
		a.PutStr(conventions.Payload, payload)
	} else {
		a.PutEmptyBytes(conventions.Payload).FromRaw(it.Payload)
	}
	c.warnings = r.warnings(c.warnings)
	c.close(a)
	g.spans.EnsureCapacity(g.spans.Len() + len(spans))
	for _, v := range spans {
		if v.isObject() {
			c.plainSpan(c.span(g), v, traceID)
		}
	}
}

// setSpanIDs writes a span's ids. A span without usable ids gets some of its own, since it would be invisible without;
// within is the trace id of the transaction around it, zero for a span on its own. What was malformed stays in the
// left-over fields.
func (c *call) setSpanIDs(span ptrace.Span, trace, id, parent node, within model.TraceID) model.TraceID {
	tid, state := c.traceID(trace)
	switch {
	case state == idOK:
	case state == idMissing && !within.IsZero():
		tid = within
	default:
		c.warn(model.WarnZeroTraceID)
		c.leftOver("trace_id", trace)
		if tid = within; tid.IsZero() {
			tid = c.newTraceID()
		}
	}
	sid, state := spanID(id)
	if state != idOK {
		c.warn(model.WarnZeroSpanID)
		c.leftOver("span_id", id)
		sid = c.newSpanID()
	}
	pid, state := spanID(parent)
	if state == idBad {
		c.leftOver("parent_span_id", parent)
		if text, _ := idText(parent); !allZeros(text) {
			c.warn(warnBadParent)
		}
	}
	span.SetTraceID(pcommon.TraceID(tid))
	span.SetSpanID(pcommon.SpanID(sid))
	span.SetParentSpanID(pcommon.SpanID(pid))
	return tid
}

func allZeros(text []byte) bool {
	for _, c := range text {
		if c != '0' {
			return false
		}
	}
	return true
}

// setSpanTimes writes start and end. A span that has no end is open; one that has no start starts when it ends, else when
// it arrived.
func (c *call) setSpanTimes(span ptrace.Span, start, end node) {
	startNS, startOK := start.time()
	endNS, endOK := end.time()
	if !endOK && !end.isNull() {
		c.warn(model.WarnBadTime)
		c.leftOver("timestamp", end)
	}
	if !startOK {
		c.warn(model.WarnBadTime)
		c.leftOver("start_timestamp", start)
		if startNS = endNS; !endOK {
			startNS = int64(c.now) // #nosec G115 -- a time of this century
		}
	}
	span.SetStartTimestamp(pcommon.Timestamp(startNS)) // #nosec G115 -- never negative
	if endOK {
		span.SetEndTimestamp(pcommon.Timestamp(endNS)) // #nosec G115 -- never negative
	}
}

// setStatus writes a span's status; its text is the message of an error, and an attribute when it is not ok.
func (c *call) setStatus(span ptrace.Span, status string) {
	code := statusCode(status)
	span.Status().SetCode(code)
	if code == ptrace.StatusCodeError {
		span.Status().SetMessage(status)
	}
	if status != "" && status != "ok" {
		span.Attributes().PutStr(conventions.Status, status)
	}
}

// leftOver keeps a field that could not be used.
func (c *call) leftOver(key string, v node) {
	if !v.isNull() {
		c.extra.add([]byte(key), v)
	}
}

// otelKind returns the span kind that an SDK on top of OpenTelemetry notes. It goes through the attributes once: nearly no
// span has one.
func otelKind(a pcommon.Map) (kind string) {
	for key, v := range a.All() {
		switch {
		case !strings.HasSuffix(key, "kind"):
		case key == conventions.Kind:
			return v.AsString()
		case key == "otel.kind":
			kind = v.AsString()
		}
	}
	return kind
}

// links writes a span's links: {trace_id, span_id, sampled, attributes}. A link without ids is left over.
func (c *call) links(span ptrace.Span, links node) {
	for i, v := range listOf(links) {
		var trace, id, sampled, attributes node
		strange := !v.isObject()
		v.visit(func(k []byte, e node) {
			switch string(k) {
			case "trace_id":
				trace = e
			case "span_id":
				id = e
			case "sampled":
				sampled = e
			case "attributes":
				attributes = e
			default:
				strange = true
			}
		})
		tid, traceState := traceID(trace)
		sid, spanState := spanID(id)
		if traceState != idOK || spanState != idOK || strange {
			c.leftOver("links["+strconv.Itoa(i)+"]", v)
		}
		if traceState != idOK || spanState != idOK {
			continue
		}
		link := span.Links().AppendEmpty()
		link.SetTraceID(pcommon.TraceID(tid))
		link.SetSpanID(pcommon.SpanID(sid))
		if !sampled.missing() && sampled.isTrue() {
			link.SetFlags(1) // W3C Trace Context: sampled
		}
		if o := attributes; o.isObject() {
			c.r.attributes(link.Attributes(), o, nil)
		}
	}
}
