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

// run is how many spans or logs may share their memory: neighbours of one trace. The store lets go of a trace as a whole,
// so that what is shared is let go together; sharing between traces would keep what the store believes to be gone.
const run = 16

// spans translates the spans of one scope.
func (b *builder) spans(spans ptrace.SpanSlice) {
	n := spans.Len()
	for i := 0; i < n; {
		if b.records == 0 {
			b.drop(DroppedLimit, n-i)
			return
		}
		trace, end := spans.At(i).TraceID(), i
		for end < n && end-i < min(run, b.records) && spans.At(end).TraceID() == trace {
			end++
		}
		shared, made := make([]model.Span, end-i), 0
		for ; i < end && b.take(); i++ { // exceptions of the spans before may have taken the room
			if s := &shared[made]; b.span(spans.At(i), s) {
				b.batch.Spans = append(b.batch.Spans, s)
				made++
			}
		}
		packs := b.packer.Take()
		for i := range shared[:made] {
			s := &shared[i]
			s.Name, s.RawName = packs.Text(), packs.Text()
			s.Attributes = packs.Attributes()
		}
	}
}

// span translates one span into s and leaves what spans packs in b.packer: its names and attributes. It returns false, and
// both unchanged, when the span is to be dropped.
func (b *builder) span(span ptrace.Span, s *model.Span) bool {
	b.warn = 0
	var attrs loose
	b.spanRecord(span.Attributes(), &attrs)
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

	raw := b.valid(span.Name())
	s.Name = model.Cut(nameOf(f, raw, op, kind), maxName)
	if s.Name != raw {
		s.RawName = raw
	}
	s.Status = rawStatus(span.Status().Code())
	s.StatusMessage = model.Cut(b.text(firstOf(span.Status().Message(), f.str(sentryStatusMessage))), maxMessage)
	s.Segment = segmentOf(f, span, kind)
	sent := f.value(sentryWarnings)
	if sentry {
		s.EventID, _ = model.ParseEventID(f.str(sentryEventID))
		s.Payload = payloadOf(f.value(sentryPayload))
	}
	failed := failedOf(f, kind)
	b.setIDs(s)

	// The facts are not needed any more; events and links read attributes of their own.
	b.packer.Text(s.Name)
	b.packer.Text(s.RawName)
	b.pack(&attrs, sentry)
	s.Links = b.links(span.Links(), s)
	s.Events = b.events(span.Events(), s)
	if s.Status == model.StatusUnset && (failed || b.threw) {
		s.Status, s.RawStatus = model.StatusError, model.StatusUnset
	}
	s.Warnings = b.takeWarnings(sent)
	return true
}
