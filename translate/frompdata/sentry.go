package frompdata

import (
	"strings"
	"unsafe"

	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/otelcol-spotlight/otelcol-spotlight/translate/conventions"
	"github.com/otelcol-spotlight/otelcol-spotlight/translate/model"
)

// recordKind is what a log record of the Sentry receiver is.
type recordKind uint8

const (
	sentryIsLog recordKind = iota
	sentryIsEvent
	sentryIsItem
)

// sentryKind returns what the record whose facts are at hand is. The item type decides where it is known: a Sentry log
// may have any event name.
func (b *builder) sentryKind(eventName string) recordKind {
	switch itemType := b.facts.str(sentryItemType); itemType {
	case "event":
		return sentryIsEvent
	case "log", "otel_log":
		return sentryIsLog
	case "":
	default:
		return sentryIsItem
	}
	switch {
	case eventName == conventions.EventException, eventName == conventions.EventMessage:
		return sentryIsEvent
	case strings.HasPrefix(eventName, conventions.ItemPrefix):
		return sentryIsItem
	}
	return sentryIsLog
}

// sentryEvent makes an event record of a Sentry error or message. Title, culprit and issue stay as the SDK's own
// exception.* attributes say until somebody has decoded the payload.
func (b *builder) sentryEvent(r plog.LogRecord, attrs model.Attributes) {
	f := &b.facts
	src := &b.source
	rec := &model.EventRecord{
		EventSummary: model.EventSummary{
			Type:         model.EventError,
			TraceID:      model.TraceID(r.TraceID()),
			SpanID:       b.recordSpan(r),
			Service:      src.service,
			Origin:       model.OriginSentry,
			Platform:     firstOf(f.str(sentryPlatform), src.platform),
			Release:      firstOf(f.text(sentryRelease), src.release),
			Environment:  firstOf(f.text(environment), src.environment),
			Time:         b.recordTime(r),
			ReceivedTime: b.received(),
		},
		Source:   model.SourceSentry,
		Resource: src.resource,
		Scope:    src.scope,
		Payload:  b.bodyBytes(r.Body()),
	}
	kind, message := f.text(exceptionType), f.text(exceptionMessage)
	if r.EventName() == conventions.EventMessage {
		rec.Type = model.EventMessage
		kind, message = "", firstOf(f.text(sentryItemTitle), message)
	}
	rec.Level = levelOf(r.SeverityNumber(), firstOf(f.str(sentryLevel), r.SeverityText()), levelOfType(rec.Type))
	rec.Title = model.Cut(firstOf(kind, message, string(rec.Type)), maxName)
	if kind != "" {
		rec.Value = model.Cut(message, maxValue)
	}
	rec.Message = message
	if f.has(sentryHandled) {
		rec.Handled = new(f.isTrue(sentryHandled))
	}
	rec.EventID = b.eventID(rec)
	sent := f.value(sentryWarnings)
	rec.Attributes = without(attrs, f, true)
	rec.Warnings = b.takeWarnings(sent)
	b.batch.Events = append(b.batch.Events, rec)
}

// levelOfType is the level of an event that names none: SDKs leave it out where it is the usual one.
func levelOfType(t model.EventType) model.Level {
	if t == model.EventMessage {
		return model.LevelInfo
	}
	return model.LevelError
}

// eventID returns the id of a Sentry event, made from its content when it has none.
func (b *builder) eventID(rec *model.EventRecord) model.EventID {
	if id, ok := model.ParseEventID(b.facts.str(sentryEventID)); ok && !id.IsZero() {
		return id
	}
	b.warn |= warnEventID
	d := newDigest(string(model.SourceSentry))
	d.text(rec.Service)
	d.number(uint64(rec.Time)) // #nosec G115 -- any bits will do
	_, _ = d.Write(rec.Payload)
	var id model.EventID
	d.sum(id[:])
	return id
}

// sentryItem makes an item of any other Sentry record.
func (b *builder) sentryItem(r plog.LogRecord, attrs model.Attributes) {
	f := &b.facts
	payload := b.bodyBytes(r.Body())
	itemType := firstOf(f.str(sentryItemType), strings.TrimPrefix(r.EventName(), conventions.ItemPrefix), "unknown")
	item := &model.Item{
		ItemSummary: model.ItemSummary{
			Type:    model.Cut(b.text(itemType), maxService),
			Time:    b.recordTime(r),
			Service: b.source.service,
			Origin:  model.OriginSentry,
			TraceID: model.TraceID(r.TraceID()),
			SpanID:  b.recordSpan(r),
			Size:    len(payload),
		},
		Resource: b.source.resource,
		Scope:    b.source.scope,
		Payload:  payload,
	}
	item.EventID, _ = model.ParseEventID(f.str(sentryEventID))
	item.ContentType = model.Cut(f.str(sentryContentType), maxName)
	item.Title = model.Cut(firstOf(f.text(sentryItemTitle), item.Type), maxName)
	sent := f.value(sentryWarnings)
	item.Attributes = without(attrs, f, true)
	item.Warnings = b.takeWarnings(sent)
	b.batch.Items = append(b.batch.Items, item)
}

// payloadOf returns the bytes of the payload attribute, nil when there is none.
func payloadOf(v model.Value) []byte {
	switch v.Kind() {
	case model.KindString:
		return bytesOf(v.Str())
	case model.KindBytes:
		return v.Bytes()
	case model.KindNull:
		return nil
	}
	return v.AppendJSON(nil)
}

// bytesOf returns the bytes of s without copying them: a payload of Sentry is most of what its record holds. Records are
// only read once they are made, as is all text that they share with pdata.
func bytesOf(s string) []byte {
	if s == "" {
		return []byte{} // a payload that is empty is there all the same
	}
	return unsafe.Slice(unsafe.StringData(s), len(s)) // #nosec G103 -- nobody writes to a payload
}

// without returns attrs less what the record holds elsewhere: the payload, which is served on its own, and the warnings.
// It shares the memory of attrs.
func without(attrs model.Attributes, f *facts, sentry bool) model.Attributes {
	if !sentry || !f.has(sentryPayload) && !f.has(sentryWarnings) {
		return attrs
	}
	out := attrs[:0]
	for _, a := range attrs {
		if a.Key != conventions.Payload && a.Key != conventions.Warnings {
			out = append(out, a)
		}
	}
	clear(attrs[len(out):])
	return out
}
