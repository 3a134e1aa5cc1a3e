package sentry

import (
	"go.opentelemetry.io/collector/pdata/pcommon"

	"github.com/otelcol-spotlight/otelcol-spotlight/translate/envelope"
	"github.com/otelcol-spotlight/otelcol-spotlight/translate/model"
)

// header is what an envelope's header says.
type header struct {
	facts   facts // of the process: only the SDK, see type facts
	eventID model.EventID
	trace   model.TraceID // of the dynamic sampling context
	rate    float64       // its sample_rate: that of the service at the head of the trace; 0: none
	sentAt  string
	sent    pcommon.Timestamp // of sentAt, zero when it is none
	keep    bool              // it has more than an SDK and an id
}

// readHeader reads what is needed of the envelope's header; the text is kept as a whole (conventions.EnvelopeHeader).
func (c *call) readHeader(env envelope.Envelope) {
	c.seed = seedOf(env.Header, []byte(c.req.Project), []byte(c.req.Endpoint), []byte(c.req.PeerAddr))
	root := c.r.parse(env.Header)
	h := &c.header
	root.visit(func(k []byte, v node) {
		h.keep = true
		switch string(k) {
		case "event_id":
			h.eventID, _ = eventID(v)
		case "sent_at":
			h.sentAt = v.text()
			if ns, ok := v.time(); ok {
				h.sent = timestamp(ns)
			}
		case "sdk":
			h.facts.setSDK(v)
		case "trace":
			h.trace, _ = traceID(v.field("trace_id"))
			if rate, ok := parseFloat([]byte(v.field("sample_rate").text())); ok && rate > 0 && rate <= 1 {
				h.rate = rate
			}
		}
	})
	if !root.isObject() && len(env.Header) > 0 {
		h.keep = true
	}
	c.event.id = h.eventID
}

// claimEventID returns the id of an event, a transaction or another item that has one of its own. The header's id goes to
// the first such item, whatever its payload says; further ones keep the id of their payload. An item without any gets
// one made up.
func (c *call) claimEventID(payloadID node) model.EventID {
	if !c.event.taken && !c.header.eventID.IsZero() {
		c.event.taken = true
		return c.header.eventID
	}
	id, state := eventID(payloadID)
	switch {
	case state == idOK && id == c.event.id && c.event.taken:
		c.warn(warnSecondEvent)
		id = c.newEventID()
	case state == idBad:
		c.warn(warnBadEventID)
		id = c.newEventID()
	case state == idMissing:
		c.warn(model.WarnMadeUpEventID)
		id = c.newEventID()
	}
	if !c.event.taken {
		c.event.taken = true
		c.event.id = id
	}
	return id
}
