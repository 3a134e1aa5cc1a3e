package frompdata

import (
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/otelcol-spotlight/otelcol-spotlight/translate/conventions"
	"github.com/otelcol-spotlight/otelcol-spotlight/translate/model"
)

// logs translates ld.
func (b *builder) logs(ld plog.Logs) {
	left := ld.LogRecordCount()
	for i := range ld.ResourceLogs().Len() {
		rl := ld.ResourceLogs().At(i)
		resourceSet := false
		for j := range rl.ScopeLogs().Len() {
			sl := rl.ScopeLogs().At(j)
			n := sl.LogRecords().Len()
			if n == 0 {
				continue
			}
			if b.records == 0 {
				b.drop(DroppedLimit, left)
				return
			}
			if !resourceSet {
				b.setResource(rl.Resource(), rl.SchemaUrl())
				resourceSet = true
			}
			b.setScope(sl.Scope(), sl.SchemaUrl())
			b.logRecords(sl.LogRecords())
			left -= n
		}
	}
}

// logRecords translates the records of one scope.
func (b *builder) logRecords(records plog.LogRecordSlice) {
	n := records.Len()
	for i := 0; i < n; {
		if b.records == 0 {
			b.drop(DroppedLimit, n-i)
			return
		}
		trace, end, attrs := records.At(i).TraceID(), i, 0
		for end < n && end-i < run && records.At(end).TraceID() == trace {
			attrs += records.At(end).Attributes().Len()
			end++
		}
		b.share(attrs)
		for ; i < end && b.take(); i++ {
			b.logRecord(records.At(i))
		}
	}
}

// logRecord translates one record: a Sentry event or item where our receiver made it of one, else a log, which may be an
// exception too.
func (b *builder) logRecord(r plog.LogRecord) {
	b.warn = 0
	attrs := b.record(r.Attributes())
	sentry := b.fromSentry()
	if sentry {
		switch b.sentryKind(r.EventName()) {
		case sentryIsEvent:
			b.sentryEvent(r, attrs)
			return
		case sentryIsItem:
			b.sentryItem(r, attrs)
			return
		}
	}
	b.log(r, attrs, sentry)
}

// log makes a log of a record whose facts are at hand.
func (b *builder) log(r plog.LogRecord, attrs model.Attributes, sentry bool) {
	f := &b.facts
	l := &model.Log{
		ObservedTime:      optionalTime(r.ObservedTimestamp()),
		SeverityNumber:    int32(r.SeverityNumber()),
		SeverityText:      b.text(r.SeverityText()),
		EventName:         b.text(r.EventName()),
		Body:              b.value(r.Body()),
		Flags:             uint32(r.Flags()),
		DroppedAttributes: r.DroppedAttributesCount() + uint32(b.dropped), // #nosec G115 -- bounded by maxValues
		Resource:          b.source.resource,
		Scope:             b.source.scope,
	}
	l.Time = b.recordTime(r)
	l.TraceID = model.TraceID(r.TraceID())
	l.SpanID = b.recordSpan(r)
	l.Service = b.source.service
	l.Origin = originOf(sentry)
	l.Logger = b.loggerOf(sentry)
	exception := isException(f) || l.EventName == conventions.EventException
	otherwise := model.LevelInfo
	if exception {
		otherwise = model.LevelError
	}
	l.Level = levelOf(r.SeverityNumber(), firstOf(l.SeverityText, f.str(sentryLevel)), otherwise)
	l.Message = model.Cut(messageOf(l, f), maxMessage)
	var rec *model.EventRecord
	if exception {
		rec = b.logException(l)
	}
	sent := f.value(sentryWarnings)
	l.Attributes = without(attrs, f, sentry)
	if rec != nil {
		rec.Attributes = l.Attributes
	}
	l.Warnings = b.takeWarnings(sent)
	b.batch.Logs = append(b.batch.Logs, l)
}

// logException makes an event record of a log that describes an exception; both stay.
func (b *builder) logException(l *model.Log) *model.EventRecord {
	if !b.take() {
		b.drop(DroppedLimit, 1)
		return nil
	}
	rec := b.exception(model.SourceLog, l.Time)
	rec.Origin = l.Origin
	rec.TraceID, rec.SpanID = l.TraceID, l.SpanID
	rec.Level = l.Level
	if rec.Message == "" {
		rec.Message = l.Message
	}
	rec.EventID = exceptionID(rec)
	l.EventID = rec.EventID
	b.batch.Events = append(b.batch.Events, rec)
	return rec
}

// recordTime returns when a record happened. The time it was observed is the right answer where the source gave none
// (logs data model, field Timestamp).
func (b *builder) recordTime(r plog.LogRecord) model.Time {
	if r.Timestamp() == 0 && possible(r.ObservedTimestamp()) {
		return model.Time(r.ObservedTimestamp()) // #nosec G115 -- possible
	}
	if !possible(r.Timestamp()) && possible(r.ObservedTimestamp()) {
		b.warn |= warnTime
		return model.Time(r.ObservedTimestamp()) // #nosec G115 -- possible
	}
	return b.timeOf(r.Timestamp())
}

// recordSpan returns the span a record belongs to. Sentry's JavaScript SDK names it in an attribute.
func (b *builder) recordSpan(r plog.LogRecord) model.SpanID {
	id := model.SpanID(r.SpanID())
	if id.IsZero() {
		id, _ = model.ParseSpanID(b.facts.str(sentryParentSpan))
	}
	return id
}

// loggerOf returns the logger: what the record says, else the instrumentation scope, which logging bridges name by it.
func (b *builder) loggerOf(sentry bool) string {
	f := &b.facts
	if sentry {
		return firstOf(f.str(sentryLogger), f.str(loggerName))
	}
	return firstOf(f.str(loggerName), b.source.scope.Name)
}

// messageOf returns the line of a log in a list.
func messageOf(l *model.Log, f *facts) string {
	if m := l.Body.Map(); m != nil {
		for _, key := range [...]string{"message", "msg"} { // structured loggers
			if text := m.Str(key); text != "" {
				return text
			}
		}
	}
	if text := l.Body.Text(); text != "" {
		return text
	}
	kind, message := f.text(exceptionType), f.text(exceptionMessage)
	if kind != "" && message != "" {
		return kind + ": " + message
	}
	return firstOf(kind, message, l.EventName)
}

// bodyBytes returns the bytes of a body: a payload as it came, however a processor on the way changed its type.
func (b *builder) bodyBytes(v pcommon.Value) []byte {
	switch v.Type() {
	case pcommon.ValueTypeStr:
		return bytesOf(v.Str())
	case pcommon.ValueTypeBytes:
		return v.Bytes().AsRaw()
	case pcommon.ValueTypeEmpty:
		return nil
	}
	return b.value(v).AppendJSON(nil)
}
