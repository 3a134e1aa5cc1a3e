package sentry

import (
	"encoding/binary"
	"hash/fnv"

	"github.com/otelcol-spotlight/otelcol-spotlight/translate/envelope"
	"github.com/otelcol-spotlight/otelcol-spotlight/translate/model"
)

// idState says what was found where an id should be.
type idState uint8

const (
	idMissing idState = iota // no value, null or ""
	idBad                    // all zeros, or no hex digits of the right number
	idOK
)

func traceID(v node) (model.TraceID, idState) {
	text, state := idText(v)
	if state != idOK {
		return model.TraceID{}, state
	}
	id, ok := model.ParseTraceID(string(text))
	return id, goodIf(ok && !id.IsZero())
}

// traceID is traceID for an id that is nearly always that of the span before.
func (c *call) traceID(v node) (model.TraceID, idState) {
	if text := v.bytes(); len(text) > 0 && string(text) == c.lastTraceText {
		return c.lastTrace, idOK
	}
	id, state := traceID(v)
	if state == idOK {
		c.lastTrace, c.lastTraceText = id, v.word()
	}
	return id, state
}

func spanID(v node) (model.SpanID, idState) {
	text, state := idText(v)
	if state != idOK {
		return model.SpanID{}, state
	}
	id, ok := model.ParseSpanID(string(text))
	return id, goodIf(ok && !id.IsZero())
}

func eventID(v node) (model.EventID, idState) {
	text, state := idText(v)
	if state != idOK {
		return model.EventID{}, state
	}
	id, ok := model.ParseEventID(string(text))
	return id, goodIf(ok && !id.IsZero())
}

func idText(v node) ([]byte, idState) {
	if v.isNull() {
		return nil, idMissing
	}
	if v.kind() != kindString {
		return nil, idBad
	}
	text := v.bytes()
	if len(text) == 0 {
		return nil, idMissing
	}
	return text, idOK
}

func goodIf(ok bool) idState {
	if ok {
		return idOK
	}
	return idBad
}

// madeUp returns 16 bytes that stand for a missing id. They follow from the request alone (this package has no source
// of randomness): the time of arrival, the sender and the number of ids made up before. Two equal records that came
// without an id are still two records.
func (c *call) madeUp() (id [16]byte) {
	c.made++
	h := fnv.New128a()
	var buf [24]byte
	binary.LittleEndian.PutUint64(buf[0:], uint64(c.req.Received.UnixNano())) // #nosec G115 -- only its bits matter
	binary.LittleEndian.PutUint64(buf[8:], c.seed)
	binary.LittleEndian.PutUint64(buf[16:], c.made)
	h.Write(buf[:])
	h.Sum(id[:0])
	return id
}

func (c *call) newTraceID() model.TraceID { return c.madeUp() }
func (c *call) newEventID() model.EventID { return c.madeUp() }
func (c *call) newSpanID() model.SpanID {
	id := c.madeUp()
	return model.SpanID(id[:8])
}

// envelopeID identifies an envelope by what it holds, so that a copy (an SDK with both a DSN and Spotlight, another
// Collector) has the same one: headers, and of every payload its length and both ends.
func envelopeID(env envelope.Envelope) (id [16]byte) {
	const end = 128 // bytes at either end of a payload; ids and times of JSON payloads stand at the start
	h := fnv.New128a()
	var size [8]byte
	h.Write(env.Header)
	for i := range env.Items {
		p := env.Items[i].Payload
		h.Write(env.Items[i].Header)
		binary.LittleEndian.PutUint64(size[:], uint64(len(p)))
		h.Write(size[:])
		h.Write(p[:min(end, len(p))])
		h.Write(p[max(0, len(p)-end):])
	}
	h.Sum(id[:0])
	return id
}

// seedOf is a number that differs between envelopes that arrive at the same nanosecond, as far as their headers do.
func seedOf(parts ...[]byte) uint64 {
	h := fnv.New64a()
	for _, p := range parts {
		h.Write(p)
		h.Write([]byte{0})
	}
	return h.Sum64()
}
