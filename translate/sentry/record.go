package sentry

import (
	"encoding/hex"
	"unicode/utf8"

	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/otelcol-spotlight/otelcol-spotlight/translate/conventions"
	"github.com/otelcol-spotlight/otelcol-spotlight/translate/envelope"
	"github.com/otelcol-spotlight/otelcol-spotlight/translate/model"
)

// warn notes a warning for the record at hand.
func (c *call) warn(text string) {
	for _, w := range c.warnings {
		if w == text {
			return
		}
	}
	c.warnings = append(c.warnings, text)
}

// close writes what was noted for the record at hand: warnings, units and left-over fields.
func (c *call) close(attributes pcommon.Map) {
	if len(c.warnings) > 0 {
		list := attributes.PutEmptySlice(conventions.Warnings)
		list.EnsureCapacity(len(c.warnings))
		for _, w := range c.warnings {
			list.AppendEmpty().SetStr(w)
		}
		c.warnings = c.warnings[:0]
	}
	if !c.units.empty() {
		attributes.PutStr(conventions.AttributeUnits, c.units.take(c.r))
	}
	if !c.extra.empty() {
		attributes.PutStr(conventions.Extra, c.extra.take(c.r))
	}
}

// record makes the log record of an item: its event name, its payload as body, byte for byte, and what its header says.
func (c *call) record(it *envelope.Item, payload []byte, binary bool) plog.LogRecord {
	lr := c.logRecord(c.own())
	lr.SetEventName(eventName(it.Type))
	a := lr.Attributes()
	a.EnsureCapacity(10)
	if binary {
		lr.Body().SetEmptyBytes().FromRaw(payload)
	} else {
		setText(lr.Body(), payload)
	}
	c.putHeader(a, it)
	return lr
}

// putHeader writes what an item's header says.
func (c *call) putHeader(a pcommon.Map, it *envelope.Item) {
	a.PutStr(conventions.ItemType, validText(it.Type))
	if c.envelopeID != "" {
		a.PutStr(conventions.EnvelopeID, c.envelopeID)
	}
	for _, w := range it.Warnings {
		c.warn(w)
	}
	if !plainHeader(it.Header) {
		setText(a.PutEmpty(conventions.ItemHeader), it.Header)
	}
}

// plainHeader reports whether an item header is {"type":"..."[,"length":n]} and nothing else. Its form is looked at, not
// parsed: what does not have exactly this form is kept.
func plainHeader(h []byte) bool {
	const start = `{"type":"`
	if len(h) < len(start) || string(h[:len(start)]) != start {
		return false
	}
	rest := h[len(start):]
	i := 0
	for i < len(rest) && rest[i] != '"' {
		if rest[i] == '\\' {
			return false
		}
		i++
	}
	if i == len(rest) {
		return false
	}
	rest = rest[i+1:]
	const length = `,"length":`
	if len(rest) > len(length) && string(rest[:len(length)]) == length {
		rest = rest[len(length):]
		for len(rest) > 0 && isDigit(rest[0]) {
			rest = rest[1:]
		}
	}
	return string(rest) == "}"
}

// maxEventName bounds event names: an item type can be any text of any length. The whole type is an attribute.
const maxEventName = 128

func eventName(itemType string) string {
	return conventions.ItemPrefix + model.Cut(validText(itemType), maxEventName)
}

// setText sets dst to a text, or to bytes where it is not valid UTF-8.
func setText(dst pcommon.Value, text []byte) {
	if utf8.Valid(text) {
		dst.SetStr(string(text))
	} else {
		dst.SetEmptyBytes().FromRaw(text)
	}
}

// sent is the time of what has none of its own, such as a check-in or an attachment: when the SDK sent the envelope, on
// the clock of everything else it sends; else the time of arrival.
func (c *call) sent() pcommon.Timestamp {
	if c.header.sent != 0 {
		return c.header.sent
	}
	return c.now
}

// setTime sets the time of a log record, that of arrival when v holds none.
func (c *call) setTime(lr plog.LogRecord, v node) {
	ns, ok := v.time()
	if !ok {
		c.warn(model.WarnBadTime)
		lr.SetTimestamp(c.now)
		return
	}
	lr.SetTimestamp(pcommon.Timestamp(ns)) // #nosec G115 -- never negative
}

// setTrace links a log record to the trace and span that v, a trace context, names. A malformed id leaves it without.
func (c *call) setTrace(lr plog.LogRecord, trace, span node) {
	tid, state := traceID(trace)
	if state == idBad {
		c.warn(warnNoTrace)
	}
	if state != idOK {
		return
	}
	lr.SetTraceID(pcommon.TraceID(tid))
	if sid, state := spanID(span); state == idOK {
		lr.SetSpanID(pcommon.SpanID(sid))
	}
}

// joinEvent links the record of an attachment, a profile, a replay... to the event of its envelope.
func (c *call) joinEvent(lr plog.LogRecord) {
	a := lr.Attributes()
	if !c.event.id.IsZero() {
		if at, there := a.GetOrPutEmpty(conventions.EventID); !there {
			at.SetStr(c.event.id.String())
		}
	}
	if c.event.replay != "" {
		if at, there := a.GetOrPutEmpty(conventions.ReplayID); !there {
			at.SetStr(c.event.replay)
		}
	}
	if lr.TraceID().IsEmpty() {
		trace, span := c.event.trace, c.event.span
		if trace.IsZero() {
			trace = c.header.trace
		}
		lr.SetTraceID(pcommon.TraceID(trace))
		lr.SetSpanID(pcommon.SpanID(span))
	}
}

// put writes an attribute unless it is empty.
func put(a pcommon.Map, key, value string) {
	if value != "" {
		a.PutStr(key, value)
	}
}

// putInt writes a whole number, if v is one.
func (c *call) putInt(a pcommon.Map, key string, v node) {
	if n, ok := v.int(); ok {
		a.PutInt(key, n)
	}
}

// putNumber writes a number, if v is one, as an integer or a double as it was written.
func (c *call) putNumber(a pcommon.Map, key string, v node) {
	if v.kind() == kindNumber {
		c.r.setNumber(a.PutEmpty(key), v)
	}
}

// maxTitle bounds the title of an item, in bytes.
const maxTitle = 512

// title makes one line of the first of several texts that is not empty.
func title(texts ...string) string {
	for _, t := range texts {
		if t = firstLine(t); t != "" {
			return clip(t, maxTitle)
		}
	}
	return ""
}

// clip cuts a text to n bytes, and says so.
func clip(s string, n int) string {
	if len(s) <= n {
		return s
	}
	return model.Cut(s, n-len("…")) + "…"
}

func hexID(id [16]byte) string { return hex.EncodeToString(id[:]) }
