package frompdata

import (
	"go.opentelemetry.io/collector/pdata/ptrace"

	"github.com/otelcol-spotlight/otelcol-spotlight/translate/model"
)

// traces translates td.
func (b *builder) traces(td ptrace.Traces) {
	left := td.SpanCount()
	b.batch.Spans = make([]*model.Span, 0, min(left, b.records))
	for i := range td.ResourceSpans().Len() {
		rs := td.ResourceSpans().At(i)
		resourceSet := false
		for j := range rs.ScopeSpans().Len() {
			ss := rs.ScopeSpans().At(j)
			n := ss.Spans().Len()
			if n == 0 {
				continue
			}
			if b.records == 0 {
				b.drop(DroppedLimit, left)
				return
			}
			if !resourceSet {
				b.setResource(rs.Resource(), rs.SchemaUrl())
				resourceSet = true
			}
			b.setScope(ss.Scope(), ss.SchemaUrl())
			b.spans(ss.Spans())
			left -= n
		}
	}
}

// spansChunk is how many spans share an allocation. Like the chunks of attributes it lives as long as any span in it.
const spansChunk = 16

// spans translates the spans of one scope.
func (b *builder) spans(spans ptrace.SpanSlice) {
	n := spans.Len()
	b.needed = 0
	for i := range n {
		b.needed += spans.At(i).Attributes().Len()
	}
	var chunk []model.Span
	for i := range n {
		if !b.take() {
			b.drop(DroppedLimit, n-i)
			return
		}
		if len(chunk) == 0 {
			chunk = make([]model.Span, min(spansChunk, n-i, b.records+1))
		}
		if b.span(spans.At(i), &chunk[0]) {
			b.batch.Spans = append(b.batch.Spans, &chunk[0])
			chunk = chunk[1:]
		}
	}
}

// span translates one span into s; it returns false, and s unchanged, when the span is to be dropped.
func (b *builder) span(span ptrace.Span, s *model.Span) bool {
	b.warn = 0
	attrs := b.record(span.Attributes())
	f := &b.facts
	sentry := b.fromSentry()
	op := opOf(f, span.Kind())
	kind := kindOf(span.Kind(), op, sentry)
	if kind == model.KindClient && len(b.own) > 0 && b.ownTraffic(f) {
		b.drop(DroppedOwnTraffic, 1)
		return false
	}

	s.TraceID = model.TraceID(span.TraceID())
	s.SpanID = model.SpanID(span.SpanID())
	s.ParentSpanID = model.SpanID(span.ParentSpanID())
	s.Op = op
	s.Kind = kind
	s.Service = b.source.service
	s.Origin = originOf(sentry)
	s.ReceivedTime = b.received()
	s.Resource = b.source.resource
	s.Scope = b.source.scope
	s.TraceState = b.valid(span.TraceState().AsRaw())
	s.Flags = span.Flags()
	s.DroppedAttributes = span.DroppedAttributesCount() + uint32(b.dropped) // #nosec G115 -- bounded by maxValues
	s.DroppedEvents = span.DroppedEventsCount()
	s.DroppedLinks = span.DroppedLinksCount()
	b.setTimes(s, span.StartTimestamp(), span.EndTimestamp())

	raw := b.text(span.Name())
	s.Name = cut(nameOf(f, raw, op, kind), maxName)
	if s.Name != raw {
		s.RawName = raw
	}
	s.Status = rawStatus(span.Status().Code())
	s.StatusMessage = cut(b.text(firstOf(span.Status().Message(), f.str(sentryStatusMessage))), maxMessage)
	s.Segment = segmentOf(f, span, kind)
	sent := f.value(sentryWarnings)
	if sentry {
		s.EventID, _ = model.ParseEventID(f.str(sentryEventID))
		s.Payload = payloadOf(f.value(sentryPayload))
	}
	failed := failedOf(f, kind)
	b.setIDs(s)

	// The facts are not needed any more; events and links read attributes of their own.
	s.Attributes = without(attrs, f, sentry)
	s.Links = b.links(span.Links(), s)
	s.Events = b.events(span.Events(), s)
	if s.Status == model.StatusUnset && (failed || b.threw) {
		s.Status, s.RawStatus = model.StatusError, model.StatusUnset
	}
	s.Warnings = b.takeWarnings(sent)
	return true
}
