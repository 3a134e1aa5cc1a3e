package query

import (
	"strings"

	"github.com/otelcol-spotlight/otelcol-spotlight/translate/model"
)

// minPrefix is how many hex digits of an id are enough to find it: as many as people copy, few enough to be unique.
const minPrefix = 8

// TraceID resolves an id, whether it is in the store or not, or a prefix of at least 8 hex digits of one that is; of
// several traces that match, the newest.
func (q *Query) TraceID(text string) (model.TraceID, bool) {
	text = strings.TrimSpace(text)
	if id, ok := model.ParseTraceID(text); ok {
		return id, !id.IsZero()
	}
	if hexDigits(text) < minPrefix {
		return model.TraceID{}, false
	}
	return q.store.FindTrace(text)
}

// EventID resolves an id, or a prefix of at least 8 hex digits; of several events that match, the newest. See TraceID.
func (q *Query) EventID(text string) (model.EventID, bool) {
	text = strings.TrimSpace(text)
	if id, ok := model.ParseEventID(text); ok {
		return id, !id.IsZero()
	}
	if hexDigits(text) < minPrefix {
		return model.EventID{}, false
	}
	return q.store.FindEvent(text)
}

// SpanID resolves a span id, or a prefix of at least 8 hex digits, in a trace.
func (q *Query) SpanID(trace model.TraceID, text string) (model.SpanID, bool) {
	text = strings.TrimSpace(text)
	if id, ok := model.ParseSpanID(text); ok {
		return id, !id.IsZero()
	}
	if hexDigits(text) < minPrefix {
		return model.SpanID{}, false
	}
	snap, ok := q.store.Trace(trace)
	if !ok {
		return model.SpanID{}, false
	}
	prefix := strings.ToLower(strings.ReplaceAll(text, "-", ""))
	for i := len(snap.Spans) - 1; i >= 0; i-- {
		if id := snap.Spans[i].SpanID; strings.HasPrefix(id.String(), prefix) {
			return id, true
		}
	}
	return model.SpanID{}, false
}

// hexDigits returns how many hex digits a text has, 0 when it has anything else than those and dashes.
func hexDigits(text string) (n int) {
	for _, c := range text {
		switch {
		case c >= '0' && c <= '9', c >= 'a' && c <= 'f', c >= 'A' && c <= 'F':
			n++
		case c != '-':
			return 0
		}
	}
	return n
}
