package sentry

import (
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/collector/pdata/ptrace"

	"github.com/otelcol-spotlight/otelcol-spotlight/translate/conventions"
	"github.com/otelcol-spotlight/otelcol-spotlight/translate/envelope"
	"github.com/otelcol-spotlight/otelcol-spotlight/translate/model"
)

// otelSpanItem takes an item that is one span in OTLP's JSON encoding (obsolete).
func (c *call) otelSpanItem(it *envelope.Item) bool {
	if !c.plainJSON(it) {
		return false
	}
	td, err := (&ptrace.JSONUnmarshaler{}).UnmarshalTraces(
		wrap(`{"resourceSpans":[{"scopeSpans":[{"spans":[`, it.Payload, `]}]}]}`))
	if err != nil || td.SpanCount() != 1 {
		return false
	}
	span := c.span(c.own())
	td.ResourceSpans().At(0).ScopeSpans().At(0).Spans().At(0).MoveTo(span)
	c.putHeader(span.Attributes(), it)
	if span.TraceID().IsEmpty() {
		c.warn(model.WarnZeroTraceID)
		span.SetTraceID(pcommon.TraceID(c.newTraceID()))
	}
	if span.SpanID().IsEmpty() {
		c.warn(model.WarnZeroSpanID)
		span.SetSpanID(pcommon.SpanID(c.newSpanID()))
	}
	c.close(span.Attributes())
	return true
}

// otelLogItem takes an item that is one log record in OTLP's JSON encoding (obsolete).
func (c *call) otelLogItem(it *envelope.Item) bool {
	if !c.plainJSON(it) {
		return false
	}
	ld, err := (&plog.JSONUnmarshaler{}).UnmarshalLogs(
		wrap(`{"resourceLogs":[{"scopeLogs":[{"logRecords":[`, it.Payload, `]}]}]}`))
	if err != nil || ld.LogRecordCount() != 1 {
		return false
	}
	lr := c.logRecord(c.own())
	ld.ResourceLogs().At(0).ScopeLogs().At(0).LogRecords().At(0).MoveTo(lr)
	if lr.ObservedTimestamp() == 0 {
		lr.SetObservedTimestamp(c.now)
	}
	a := lr.Attributes()
	for _, w := range it.Warnings {
		c.warn(w)
	}
	if _, there := a.Get(conventions.ItemType); !there {
		a.PutStr(conventions.ItemType, it.Type)
	}
	c.close(a)
	return true
}

// plainJSON reports whether a payload is an object that OTLP's own parser can be given: it does not bound how deep it
// descends.
func (c *call) plainJSON(it *envelope.Item) bool {
	return c.r.parse(it.Payload).isObject() && !c.r.deep
}

func wrap(before string, payload []byte, after string) []byte {
	b := make([]byte, 0, len(before)+len(payload)+len(after))
	return append(append(append(b, before...), payload...), after...)
}
