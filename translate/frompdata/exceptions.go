package frompdata

import (
	"go.opentelemetry.io/collector/pdata/ptrace"

	"github.com/otelcol-spotlight/otelcol-spotlight/translate/conventions"
	"github.com/otelcol-spotlight/otelcol-spotlight/translate/model"
	"github.com/otelcol-spotlight/otelcol-spotlight/translate/stacktrace"
)

// links translates the links of a span.
func (b *builder) links(links ptrace.SpanLinkSlice, s *model.Span) []model.SpanLink {
	n := b.fit(links.Len(), new(maxElements))
	if n < links.Len() {
		s.DroppedLinks += uint32(links.Len() - n) // #nosec G115 -- bounded by the size of a request
	}
	if n == 0 {
		return nil
	}
	out := make([]model.SpanLink, n)
	for i := range out {
		link := links.At(i)
		out[i] = model.SpanLink{
			TraceID:    model.TraceID(link.TraceID()),
			SpanID:     model.SpanID(link.SpanID()),
			TraceState: b.valid(link.TraceState().AsRaw()),
			Flags:      link.Flags(),
			Attributes: b.attributes(link.Attributes()),
		}
		out[i].DroppedAttributes = link.DroppedAttributesCount() + uint32(b.dropped) // #nosec G115 -- bounded by maxValues
	}
	return out
}

// events translates the events of a span; those that are exceptions become event records too. It sets b.threw when one
// was.
func (b *builder) events(events ptrace.SpanEventSlice, s *model.Span) []model.SpanEvent {
	b.threw = false
	n := b.fit(events.Len(), new(maxElements))
	if n < events.Len() {
		s.DroppedEvents += uint32(events.Len() - n) // #nosec G115 -- bounded by the size of a request
	}
	if n == 0 {
		return nil
	}
	out := make([]model.SpanEvent, n)
	for i := range out {
		event := events.At(i)
		ev := &out[i]
		ev.Name = b.text(event.Name())
		ev.Attributes = b.record(event.Attributes())
		ev.DroppedAttributes = event.DroppedAttributesCount() + uint32(b.dropped) // #nosec G115 -- bounded by maxValues
		if possible(event.Timestamp()) {
			ev.Time = model.Time(event.Timestamp()) // #nosec G115 -- possible
		} else {
			ev.Time = s.StartTime
			b.warn |= warnTime
		}
		if ev.Name == conventions.EventException && isException(&b.facts) {
			b.threw = true
			if b.take() {
				b.spanException(ev, s)
			} else {
				b.drop(DroppedLimit, 1)
			}
		}
	}
	return out
}

// spanException makes an event record of the exception event whose facts are at hand.
func (b *builder) spanException(ev *model.SpanEvent, s *model.Span) {
	rec := b.exception(model.SourceSpanEvent, ev.Time)
	rec.TraceID, rec.SpanID = s.TraceID, s.SpanID
	rec.Origin = s.Origin
	rec.Level = model.LevelError // a span event has no severity
	rec.Attributes = ev.Attributes
	rec.EventID = exceptionID(rec)
	b.batch.Events = append(b.batch.Events, rec)
}

// isException reports whether the facts at hand describe an exception. Type or message must be there by the
// specification; a stack trace alone says enough.
func isException(f *facts) bool {
	return f.has(exceptionType) || f.has(exceptionMessage) || f.has(exceptionStack)
}

// exception begins the event record of the OpenTelemetry exception whose facts are at hand: all but ids, level and
// attributes.
func (b *builder) exception(source model.EventSource, at model.Time) *model.EventRecord {
	f := &b.facts
	src := &b.source
	rec := &model.EventRecord{
		EventSummary: model.EventSummary{
			Type:         model.EventError,
			Service:      src.service,
			Origin:       model.OriginOTel,
			Platform:     src.platform,
			Release:      src.release,
			Environment:  src.environment,
			Time:         at,
			ReceivedTime: b.received(),
		},
		Source:     source,
		Resource:   src.resource,
		Scope:      src.scope,
		Exceptions: stacktrace.Parse(f.str(exceptionStack), src.language, f.text(exceptionType), f.text(exceptionMessage)),
	}
	thrown := &rec.Exceptions[0]
	if len(thrown.Frames) == 0 {
		thrown.Frames = codeFrame(f)
	}
	rec.Title = model.Cut(firstOf(thrown.Type, thrown.Value, "exception"), maxName)
	rec.Value = model.Cut(thrown.Value, maxValue)
	rec.Message = thrown.Value
	return rec
}

// codeFrame returns the frame that the code.* attributes describe: all there is of a place when an exception was logged
// without its stack trace.
func codeFrame(f *facts) []model.Frame {
	file, function := f.str(codeFile), f.str(codeFunction)
	if file == "" && function == "" {
		return []model.Frame{}
	}
	line, _ := f.number(codeLine)
	column, _ := f.number(codeColumn)
	return []model.Frame{{Function: function, Filename: file, AbsPath: file, Line: position(line), Column: position(column)}}
}

// position returns a line or column, 0 for what cannot be one.
func position(n int64) int {
	if n < 0 || n > 1<<31 {
		return 0
	}
	return int(n)
}
