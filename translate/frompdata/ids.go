package frompdata

import (
	"crypto/sha256"
	"encoding/binary"
	"hash"

	"github.com/otelcol-spotlight/otelcol-spotlight/translate/model"
)

// Ids that nobody gave are made from the content of their record: the same record sent twice gets the same id, so that
// the store sees one record.

// digest collects the parts of a record that an id is made from.
type digest struct{ hash.Hash }

func newDigest(kind string) digest {
	d := digest{sha256.New()}
	d.text(kind)
	return d
}

func (d digest) number(n uint64) {
	var buf [8]byte
	binary.LittleEndian.PutUint64(buf[:], n)
	_, _ = d.Write(buf[:])
}

func (d digest) text(s string) {
	d.number(uint64(len(s)))
	_, _ = d.Write([]byte(s))
}

func (d digest) sum(id []byte) { copy(id, d.Sum(nil)) }

// setIDs gives s the ids it came without.
func (b *builder) setIDs(s *model.Span) {
	if s.TraceID.IsZero() {
		b.warn |= warnTraceID
		d := digestSpan("trace", s)
		d.sum(s.TraceID[:])
	}
	if s.SpanID.IsZero() {
		b.warn |= warnSpanID
		d := digestSpan("span", s)
		d.sum(s.SpanID[:])
	}
}

func digestSpan(kind string, s *model.Span) digest {
	d := newDigest(kind)
	_, _ = d.Write(s.SpanID[:])
	_, _ = d.Write(s.ParentSpanID[:])
	d.text(s.Service)
	d.text(s.Name)
	d.number(uint64(s.StartTime))  // #nosec G115 -- any bits will do
	d.number(uint64(s.DurationNS)) // #nosec G115 -- any bits will do
	return d
}

// exceptionID returns the event id of an OpenTelemetry exception. The source is part of it: an exception reported as a
// span event and as a log record is two reports, which the store joins (rule R20 of the scope merge).
func exceptionID(ev *model.EventRecord) (id model.EventID) {
	d := newDigest(string(ev.Source))
	_, _ = d.Write(ev.TraceID[:])
	_, _ = d.Write(ev.SpanID[:])
	d.number(uint64(ev.Time)) // #nosec G115 -- any bits will do
	d.text(ev.Exceptions[0].Type)
	d.text(ev.Exceptions[0].Value)
	if ev.TraceID.IsZero() {
		d.text(ev.Service)
	}
	d.sum(id[:])
	return id
}
