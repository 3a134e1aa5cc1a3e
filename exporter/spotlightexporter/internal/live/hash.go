package live

import (
	"hash/maphash"
	"math"

	"github.com/otelcol-spotlight/otelcol-spotlight/translate/model"
)

// hasher hashes records by content, with a seed of its own: nobody outside can make two records collide.
type hasher struct{ h maphash.Hash }

func newHasher(seed maphash.Seed) *hasher {
	h := new(hasher)
	h.h.SetSeed(seed)
	return h
}

// sum returns the hash of what was written and starts anew.
func (h *hasher) sum() uint64 {
	n := h.h.Sum64()
	h.h.Reset()
	return n
}

func (h *hasher) num(n uint64) {
	var b [8]byte
	for i := range b {
		b[i] = byte(n >> (8 * i)) // #nosec G115 -- the low byte is meant
	}
	_, _ = h.h.Write(b[:])
}

func (h *hasher) float(f *float64) {
	if f == nil {
		h.num(1)
		return
	}
	h.num(math.Float64bits(*f))
}

func (h *hasher) text(s string) {
	h.num(uint64(len(s)))
	_, _ = h.h.WriteString(s)
}

func (h *hasher) bytes(b []byte) {
	h.num(uint64(len(b)))
	_, _ = h.h.Write(b)
}

func (h *hasher) value(v model.Value) {
	_ = h.h.WriteByte(byte(v.Kind()))
	switch v.Kind() {
	case model.KindBool, model.KindInt:
		h.num(uint64(v.Int())) // #nosec G115 -- any bits will do
		if v.Bool() {
			h.num(1)
		}
	case model.KindDouble:
		h.num(math.Float64bits(v.Double()))
	case model.KindString:
		h.text(v.Str())
	case model.KindNumber:
		h.text(v.Text())
	case model.KindBytes:
		h.bytes(v.Bytes())
	case model.KindList:
		h.num(uint64(len(v.List())))
		for _, e := range v.List() {
			h.value(e)
		}
	case model.KindMap:
		h.attributes(v.Map())
	}
}

func (h *hasher) attributes(a model.Attributes) {
	h.num(uint64(len(a)))
	for i := range a {
		h.text(a[i].Key)
		h.value(a[i].Value)
	}
}

func (h *hasher) resource(r *model.Resource) uint64 {
	h.text(r.SchemaURL)
	h.num(uint64(r.DroppedAttributes))
	h.attributes(r.Attributes)
	for i := range r.Entities {
		e := &r.Entities[i]
		h.text(e.Type)
		h.text(e.SchemaURL)
		for _, keys := range [2][]string{e.IDKeys, e.DescriptionKeys} {
			h.num(uint64(len(keys)))
			for _, k := range keys {
				h.text(k)
			}
		}
	}
	return h.sum()
}

func (h *hasher) scope(c *model.InstrumentationScope) uint64 {
	h.text(c.Name)
	h.text(c.Version)
	h.text(c.SchemaURL)
	h.num(uint64(c.DroppedAttributes))
	h.attributes(c.Attributes)
	return h.sum()
}

// The attribute by which Sentry SDKs number the logs of one instant, and OpenTelemetry's name for the same.
const (
	attrSequence    = "sentry.timestamp.sequence"
	attrSequenceOld = "sentry.timestamp_sequence"
)

// log returns the hash that equal log records share. numbered says that the record has a number of its own among those of
// its instant, so that two equal ones are one even in one batch.
func (h *hasher) log(l *model.Log) (hash uint64, numbered bool) {
	_, _ = h.h.Write(l.TraceID[:])
	_, _ = h.h.Write(l.SpanID[:])
	_, _ = h.h.Write(l.EventID[:])
	h.num(uint64(l.Time)) // #nosec G115 -- any bits will do
	h.num(uint64(l.SeverityNumber))
	h.text(l.Service)
	h.text(l.EventName)
	h.value(l.Body)
	for _, key := range [2]string{attrSequence, attrSequenceOld} {
		if v, ok := l.Attributes.Get(key); ok {
			numbered = true
			h.value(v)
		}
	}
	return h.sum(), numbered
}

// item returns the hash that copies of one item share.
func (h *hasher) item(i *model.Item) uint64 {
	h.text(i.Type)
	_, _ = h.h.Write(i.EventID[:])
	_, _ = h.h.Write(i.TraceID[:])
	h.text(i.Title)
	h.bytes(i.Payload)
	return h.sum()
}

// metric returns the hash that copies of one export share: times and values of all points.
func (h *hasher) metric(k *model.Metric, resource uint64) uint64 {
	h.num(resource)
	h.text(k.Name)
	h.text(string(k.Type))
	h.text(k.Service)
	h.num(uint64(len(k.Points)))
	for i := range k.Points {
		p := &k.Points[i]
		h.num(uint64(p.Time))      // #nosec G115 -- any bits will do
		h.num(uint64(p.StartTime)) // #nosec G115 -- any bits will do
		h.num(p.Count)
		h.float(p.Sum)
		if p.Value != nil {
			h.value(*p.Value)
		}
		_, _ = h.h.Write(p.TraceID[:])
		_, _ = h.h.Write(p.SpanID[:])
		h.attributes(p.Attributes)
	}
	return h.sum()
}
